"""The scripts of the workflow steps. What the standard words, is worded like that.

Scripts hold no `${{ }}`: values come by environment, so that no branch name or input can become
code. The first three pairs belong together: the standard's step runs the tool, for the log; the
step after it makes what was found visible, as nothing of it stops the run.
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

REPORT_FLAKE8: Final = """
found="$RUNNER_TEMP/flake8.txt"
flake8 . --exit-zero > "$found"
count=$(grep -cE '^.+:[0-9]+:[0-9]+: ' "$found" || true)
echo "### Flake8 on Python $PYTHON: $count findings" >> "$GITHUB_STEP_SUMMARY"
if [ "$count" != 0 ]; then
  {
    echo '```'
    head -n 20 "$found"
    echo '```'
  } >> "$GITHUB_STEP_SUMMARY"
  echo "::warning title=Flake8 on Python $PYTHON::$count findings, see the summary"
fi
"""

BANDIT: Final = """
pip install bandit
bandit -r . || true  # Continue even if bandit finds security issues
"""

REPORT_BANDIT: Final = """
found="$RUNNER_TEMP/bandit.txt"
line='{severity}: {relpath}:{line}: {test_id} {msg}'
bandit -r . --quiet --exit-zero --format custom --msg-template "$line" > "$found"
count=$(grep -cE '^(HIGH|MEDIUM|LOW): ' "$found" || true)
high=$(grep -c '^HIGH: ' "$found" || true)
text="$count findings, $high of high severity"
echo "### Bandit on Python $PYTHON: $text" >> "$GITHUB_STEP_SUMMARY"
if [ "$count" != 0 ]; then
  {
    echo '```'
    for severity in HIGH MEDIUM LOW; do
      grep "^$severity: " "$found" || true
    done | head -n 20
    echo '```'
  } >> "$GITHUB_STEP_SUMMARY"
  echo "::warning title=Bandit on Python $PYTHON::$text, see the summary"
fi
"""

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
pip install "${wanted[@]}"
"""

PYTEST: Final = """
pytest tests/ --cov=. --cov-report=xml --cov-report=html || true  # Continue even if tests fail
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
coverage = Path("coverage.xml")
if coverage.exists():
    rate = float(ElementTree.parse(coverage).getroot().get("line-rate", 0))
    text += f", {rate:.0%} of lines covered"
title = f"Tests on Python {environ['PYTHON']}"
with open(environ["GITHUB_STEP_SUMMARY"], "a") as summary:
    print(f"### {title}: {text}", file=summary)
    if failed:
        print("```", *failed[:20], "```", sep="\\n", file=summary)
if failed or not results.exists():
    print(f"::warning title={title}::{text}")
"""

COMPARE_WITH_TESTED: Final = """
commit=$(git rev-parse HEAD)
if [ "$commit" != "$TESTED" ]; then
  echo "::warning title=Not the tested commit::deploying $commit, tested was $TESTED"
fi
"""

BUILD_PACKAGE: Final = """
zip -r lambda-package.zip . -x "*.git*" "*.md" "tests/*"
"""

# The queries keep the function's environment variables, which the answers repeat, out of the log.
DEPLOY_LAMBDA: Final = """
aws lambda update-function-code --function-name "$LAMBDA_FUNCTION" \\
  --zip-file fileb://lambda-package.zip --query CodeSha256 --output text
aws lambda wait function-updated --function-name "$LAMBDA_FUNCTION"
version=$(aws lambda publish-version --function-name "$LAMBDA_FUNCTION" \\
  --query Version --output text)
echo "### $LAMBDA_FUNCTION: version $version in $AWS_REGION" >> "$GITHUB_STEP_SUMMARY"
"""

DEPLOY_NOTHING: Final = """
identity=$(aws sts get-caller-identity --query Arn --output text)
echo "### Nothing deployed: the declaration has no deploy section" >> "$GITHUB_STEP_SUMMARY"
echo "A deployment would act as $identity." >> "$GITHUB_STEP_SUMMARY"
"""

EXPORT_URL: Final = """
echo "location=$ARTIFACT_URL" >> "$GITHUB_OUTPUT"
echo "### Package: $ARTIFACT_URL" >> "$GITHUB_STEP_SUMMARY"
"""

# The commit is the one that was checked out: the event's may be another.
UPLOAD_TO_S3: Final = """
location="$TARGET/$(git rev-parse HEAD)/$ARTIFACT_NAME.zip"
aws s3 cp --only-show-errors lambda-package.zip "$location"
echo "location=$location" >> "$GITHUB_OUTPUT"
echo "### Package: $location" >> "$GITHUB_STEP_SUMMARY"
"""
