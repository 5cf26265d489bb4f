"""The scripts of the CI jobs. What the standard words, is worded like that.

Scripts hold no `${{ }}`: values come by environment, so that no branch name or input can become
code. A tool runs once. The shell of its step keeps what the standard's words hide, its output and
pytest's exit code; the step after it puts them into the run's summary. Findings are indented there:
in an indented block no file's name and no message is Markdown.
"""

from typing import Final

INSTALL: Final = """
[ ! -f requirements.txt ] || pip install -r requirements.txt
"""

#: Keep a tool's output for the report. The runner takes a shell of one's own with `{0}` for the
#: script (docs.github.com: workflow syntax, custom shell).
KEEP_OUTPUT: Final = 'bash -eo pipefail -c "bash -e {{0}} 2>&1 | tee $RUNNER_TEMP/{tool}.txt"'

#: The same for pytest, whose exit code `|| true` hides: the shell's function notes it first. pytest
#: is the one beside the lock file's packages where there is one, and finds modules of the folder
#: that it runs in, as `python -m pytest` does.
KEEP_EXIT_CODE: Final = (
    'bash -eo pipefail -c "export PATH=$RUNNER_TEMP/venv/bin:$PATH PYTHONPATH=.:$PYTHONPATH; '
    "pytest() (set +e; command pytest $@; code=$?; echo $code > $RUNNER_TEMP/pytest-exit-code; "
    'exit $code); export -f pytest; bash -e {0} 2>&1 | tee $RUNNER_TEMP/pytest.txt"'
)

FLAKE8: Final = """
pip install flake8
flake8 . || true  # Continue even if flake8 finds issues
"""

FLAKE8_BLOCKING: Final = """
pip install flake8
flake8 .
"""

BANDIT: Final = """
pip install bandit
bandit -r . || true  # Continue even if bandit finds security issues
"""

# Tests are made of `assert`, which Bandit reports each time it sees one.
BANDIT_BLOCKING: Final = """
pip install bandit
bandit -r . --exclude './tests/*'
"""

PYTEST: Final = """
pytest tests/ --cov=. --cov-report=xml --cov-report=html || true  # Continue even if tests fail
"""

# pytest ends with 5 where it found no test: that is told, and stops as little as no folder does.
PYTEST_BLOCKING: Final = """
pytest tests/ --cov=. --cov-report=xml --cov-report=html || [ $? = 5 ]
"""

FIND_TESTS: Final = """
if [ -d tests ]; then echo "present=true" >> "$GITHUB_OUTPUT"; fi
"""


def _report(title: str, finding: str, broken: str, shown: str = "") -> str:
    """Count findings in the tool's output; that the tool gave up, or did not run, is one as well.

    Args:
        title: the tool's name.
        finding: what one line of each finding has, as a regular expression of Perl's.
        broken: what the output has where the tool gave up, as an extended one.
        shown: grep's option for the lines around a finding's.
    """
    return f"""
log="$RUNNER_TEMP/{title.lower()}.txt" finding='{finding}' broken='{broken}'
count=$(grep -csP "$finding" "$log" || true) text="did not run, see the log"
if ! grep -qsE "$broken" "$log" && {{ [ "$STATUS" = success ] || [ "${{count:-0}}" != 0 ]; }}; then text="$count findings"; fi
{{ echo "### {title} on $(python --version)${{PWD#"$GITHUB_WORKSPACE"}}: $text"; grep -sm 20{shown} -P "$finding" "$log" | sed 's/^/    /' || true; }} >> "$GITHUB_STEP_SUMMARY"
if [ "$text" != "0 findings" ]; then echo "::warning title={title}::$text"; fi
"""


REPORT_FLAKE8: Final = _report(
    "Flake8",
    "^.+:\\d+:.* \\[?[A-Z]+\\d+\\b",
    "^Traceback|critical error|^flake8: error",
)

# Bandit has five lines for a finding. Those in tests/ are its complaints about `assert`. A file that
# it cannot read is one as well: nobody has looked at it.
REPORT_BANDIT: Final = _report(
    "Bandit",
    "^   Location: \\./(?!tests/)|^\\t\\./.+ \\(.+\\)$",
    "^Traceback|^bandit: error",
    " -B 4",
)

# What pytest's exit codes stand for: docs.pytest.org, "Exit codes"; the last is where it has none.
REPORT_PYTEST: Final = """
words=("passed" "failed, or cover too little" "were not collected, or interrupted" "met an error in pytest" \\
  "did not start: wrong options, or conftest.py fails" "none in tests/" "gave too many warnings" "did not run, see the log")
code=$(cat "$RUNNER_TEMP/pytest-exit-code" || echo 7); text=${words[$code]:-ended with code $code, see the log}
[ -d tests ] || [ "$STATUS" != success ] || text="none, there is no folder tests/"
shown='^(FAILED|ERROR|FAIL|INTERNALERROR|ImportError|E  )|(passed|failed|error|no tests ran).* in [0-9.]+s'
{ echo "### Tests on $(python --version)${PWD#"$GITHUB_WORKSPACE"}: $text"; { grep -asE "$shown" "$RUNNER_TEMP/pytest.txt" | tail -n 20; grep -som1 'line-rate="[0-9.]*"' coverage.xml; } | sed 's/^/    /' || true; } >> "$GITHUB_STEP_SUMMARY"
case $text in passed | none,*) ;; *) echo "::warning title=Tests::$text" ;; esac
"""
