"""The scripts of the CI jobs. Commands of the standard keep the standard's wording.

Scripts hold no `${{ }}`: values come by environment, so that no branch name or input can become
code. A tool runs once. The shell of its step keeps the output and pytest's exit code, which the
standard's commands hide; the step after it puts them into the run's summary. Findings are indented
there, so that GitHub does not read file names and messages as Markdown.
"""

from typing import Final

INSTALL: Final = """
[ ! -f requirements.txt ] || pip install -r requirements.txt
"""

#: Keep a tool's output for the report. The runner accepts a custom shell with `{0}` for the script
#: (docs.github.com: workflow syntax, custom shell).
KEEP_OUTPUT: Final = 'bash -eo pipefail -c "bash -e {{0}} 2>&1 | tee $RUNNER_TEMP/{tool}.txt"'

#: The same for pytest, whose exit code `|| true` hides: a shell function writes it to a file first.
#: With a lock file, pytest is the one of the lock file's environment. It finds modules of the
#: current folder, as `python -m pytest` does.
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

# Tests consist of `assert`, and Bandit reports every `assert`.
BANDIT_BLOCKING: Final = """
pip install bandit
bandit -r . --exclude './tests/*'
"""

PYTEST: Final = """
pytest tests/ --cov=. --cov-report=xml --cov-report=html || true  # Continue even if tests fail
"""

# pytest ends with 5 if it found no test: the step reports that and passes, as without a folder.
PYTEST_BLOCKING: Final = """
pytest tests/ --cov=. --cov-report=xml --cov-report=html || [ $? = 5 ]
"""

FIND_TESTS: Final = """
if [ -d tests ]; then echo "present=true" >> "$GITHUB_OUTPUT"; fi
"""


def _report(title: str, finding: str, broken: str, shown: str = "") -> str:
    """Report the number of findings in the tool's output, or that the tool failed or did not run.

    Args:
        title: the tool's name.
        finding: Perl regular expression for one line of each finding.
        broken: extended regular expression for the output of a tool that failed.
        shown: grep's option for the lines around a finding.
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

# Bandit prints five lines for a finding. Findings in tests/ are about `assert`. A file that Bandit
# cannot read counts as a finding, as it was not checked.
REPORT_BANDIT: Final = _report(
    "Bandit",
    "^   Location: \\./(?!tests/)|^\\t\\./.+ \\(.+\\)$",
    "^Traceback|^bandit: error",
    " -B 4",
)

# The meaning of pytest's exit codes (docs.pytest.org, "Exit codes"); the last is for no exit code.
REPORT_PYTEST: Final = """
words=("passed" "failed, or cover too little" "were not collected, or interrupted" "met an error in pytest" \\
  "did not start: wrong options, or conftest.py fails" "none in tests/" "gave too many warnings" "did not run, see the log")
code=$(cat "$RUNNER_TEMP/pytest-exit-code" || echo 7); text=${words[$code]:-ended with code $code, see the log}
[ -d tests ] || [ "$STATUS" != success ] || text="none, there is no folder tests/"
shown='^(FAILED|ERROR|FAIL|INTERNALERROR|ImportError|E  )|(passed|failed|error|no tests ran).* in [0-9.]+s'
{ echo "### Tests on $(python --version)${PWD#"$GITHUB_WORKSPACE"}: $text"; { grep -asE "$shown" "$RUNNER_TEMP/pytest.txt" | tail -n 20; grep -som1 'line-rate="[0-9.]*"' coverage.xml; } | sed 's/^/    /' || true; } >> "$GITHUB_STEP_SUMMARY"
case $text in passed | none,*) ;; *) echo "::warning title=Tests::$text" ;; esac
"""
