"""The scripts of the CI jobs. What the standard words, is worded like that.

Scripts hold no `${{ }}`: values come by environment, so that no branch name or input can become
code. The standard's step runs the tool, for the log; the step after it makes what was found
visible, in the summary and as the job's output, since nothing of it need stop the run.
"""

from typing import Final

INSTALL: Final = """
if [ -f requirements.txt ]; then
  pip install -r requirements.txt
else
  echo "no requirements.txt: nothing to install"
fi
"""

FLAKE8: Final = """
pip install flake8
flake8 . || true  # Continue even if flake8 finds issues
"""

FLAKE8_BLOCKING: Final = """
pip install flake8
flake8 .
"""


def _or_did_not_run(tool: str, command: str) -> str:
    """The command that looks for findings; that the tool is missing or broken is one as well."""
    text = "did not run, see the log"
    return f"""
if ! {command} > "$found.all"; then
  echo "### {tool} on $WHERE: {text}" >> "$GITHUB_STEP_SUMMARY"
  echo "$OUTPUT={tool} on $WHERE: {text}" >> "$GITHUB_OUTPUT"
  echo "::warning title={tool} on $WHERE::{text}"
  exit 0
fi
"""


# The worst are what Python itself would stumble over: syntax errors and undefined names.
REPORT_FLAKE8: Final = (
    """
found="$RUNNER_TEMP/flake8.txt\""""
    + _or_did_not_run("Flake8", "flake8 . --exit-zero")
    + """\
grep -E '^.+:[0-9]+:[0-9]+: ' "$found.all" > "$found" || true
count=$(wc -l < "$found")
echo "### Flake8 on $WHERE: $count findings" >> "$GITHUB_STEP_SUMMARY"
if [ "$count" != 0 ]; then
  worst=$(grep -m 1 -E ': (E9|F82|F63|F7)' "$found" || head -n 1 "$found")
  {
    echo "Worst: \\`$worst\\`"
    echo '```'
    head -n 20 "$found"
    echo '```'
  } >> "$GITHUB_STEP_SUMMARY"
  text="$count findings, worst $worst"
  echo "$OUTPUT=Flake8 on $WHERE: $text" >> "$GITHUB_OUTPUT"
  echo "::warning title=Flake8 on $WHERE::${text//%/%25}"
fi
"""
)

BANDIT: Final = """
pip install bandit
bandit -r . || true  # Continue even if bandit finds security issues
"""

# Tests are made of `assert`, which Bandit reports each time it sees one.
BANDIT_BLOCKING: Final = """
pip install bandit
bandit -r . --exclude ./tests
"""

REPORT_BANDIT: Final = (
    """
found="$RUNNER_TEMP/bandit.txt"
line='{severity}: {relpath}:{line}: {test_id} {msg}'"""
    + _or_did_not_run(
        "Bandit",
        "bandit -r . --exclude ./tests --quiet --exit-zero \\\n"
        '  --format custom --msg-template "$line"',
    )
    + """\
for severity in HIGH MEDIUM LOW; do
  grep "^$severity: " "$found.all" || true
done > "$found"
count=$(wc -l < "$found")
echo "### Bandit on $WHERE: $count findings" >> "$GITHUB_STEP_SUMMARY"
if [ "$count" != 0 ]; then
  worst=$(head -n 1 "$found")
  {
    echo "Worst: \\`$worst\\`"
    echo '```'
    head -n 20 "$found"
    echo '```'
  } >> "$GITHUB_STEP_SUMMARY"
  text="$count findings, worst $worst"
  echo "$OUTPUT=Bandit on $WHERE: $text" >> "$GITHUB_OUTPUT"
  echo "::warning title=Bandit on $WHERE::${text//%/%25}"
fi
"""
)

FIND_TESTS: Final = """
if [ -d tests ]; then
  echo "present=true" >> "$GITHUB_OUTPUT"
else
  echo "present=false" >> "$GITHUB_OUTPUT"
  echo "### Tests: none, there is no folder tests/" >> "$GITHUB_STEP_SUMMARY"
fi
"""

# One call, so that pytest and its plugin fit each other and what the repository pins.
INSTALL_TEST_REQUIREMENTS: Final = """
wanted=(pytest pytest-cov)
for file in requirements.txt requirements-test.txt requirements-dev.txt; do
  if [ -f "$file" ]; then
    wanted+=(-r "$file")
  fi
done
named() {  # the names test, tests and dev in a table of pyproject.toml
  sed -n "/^\\[$1\\]/,/^\\[/s/^\\(tests\\{0,1\\}\\|dev\\)[[:space:]]*=.*/\\1/p" pyproject.toml
}
if [ -f pyproject.toml ] && grep -q '^\\[project\\]' pyproject.toml; then
  extras=$(named 'project\\.optional-dependencies' | paste -sd, -)
  wanted+=(-e ".${extras:+[$extras]}")
fi
if [ -f pyproject.toml ]; then
  for group in $(named dependency-groups); do
    wanted+=(--group "$group")
  done
fi
pip install "${wanted[@]}"
"""

PYTEST: Final = """
pytest tests/ --cov=. --cov-report=xml --cov-report=html || true  # Continue even if tests fail
"""

PYTEST_BLOCKING: Final = """
pytest tests/ --cov=. --cov-report=xml --cov-report=html
"""

REPORT_PYTEST: Final = """
from os import environ
from pathlib import Path
from xml.etree import ElementTree

results = Path(environ["RUNNER_TEMP"], "pytest.xml")
failed = []
if results.exists():
    cases = ElementTree.parse(results).findall(".//testcase")
    failed = [
        f"{case.get('classname')}::{case.get('name')}".removeprefix("::")
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]
    text = f"{len(failed)} of {len(cases)} failed"
else:
    text = "pytest did not run, see the log"
if failed:
    text += f", first {failed[0]}"
coverage = Path("coverage.xml")
if coverage.exists():
    rate = float(ElementTree.parse(coverage).getroot().get("line-rate", 0))
    text += f", {rate:.0%} of lines covered"
title = f"Tests on {environ['WHERE']}"
with open(environ["GITHUB_STEP_SUMMARY"], "a") as summary:
    print(f"### {title}: {text}", file=summary)
    if failed:
        print("```", *failed[:20], "```", sep="\\n", file=summary)
if failed or not results.exists():
    text = " ".join(text.split())
    with open(environ["GITHUB_OUTPUT"], "a") as output:
        print(f"{environ['OUTPUT']}={title}: {text}", file=output)
    print(f"::warning title={title}::{text.replace('%', '%25')}")
"""
