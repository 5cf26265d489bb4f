"""The shell scripts of the workflow steps. What the standard words, is worded like that.

Scripts read nothing from `${{ }}`: values come by environment, so that no branch name or input
can become code.
"""

from typing import Final

INSTALL: Final = """\
if [ -f requirements.txt ]; then
  pip install -r requirements.txt
else
  echo "no requirements.txt: nothing to install"
fi
"""

FLAKE8: Final = """\
pip install flake8
flake8 . || true  # Continue even if flake8 finds issues
"""

FLAKE8_SUMMARY: Final = """\
findings=$(flake8 . --exit-zero --quiet --count 2>/dev/null | tail -n 1)
{
  echo "### Flake8: ${findings:-0} files with findings"
  echo '```'
  flake8 . --exit-zero | head -n 20
  echo '```'
} >> "$GITHUB_STEP_SUMMARY"
"""

BANDIT: Final = """\
pip install bandit
bandit -r . || true  # Continue even if bandit finds security issues
"""

BANDIT_SUMMARY: Final = """\
{
  echo "### Bandit"
  echo '```'
  bandit -r . --quiet --exit-zero --format txt | tail -n 40
  echo '```'
} >> "$GITHUB_STEP_SUMMARY"
"""

FIND_TESTS: Final = """\
if [ -d tests ]; then
  echo "present=true" >> "$GITHUB_OUTPUT"
else
  echo "present=false" >> "$GITHUB_OUTPUT"
  echo "### Tests: none, there is no folder tests/" >> "$GITHUB_STEP_SUMMARY"
fi
"""

INSTALL_TESTS: Final = """\
pip install pytest pytest-cov
for file in requirements.txt requirements-test.txt requirements-dev.txt; do
  if [ -f "$file" ]; then
    pip install -r "$file"
  fi
done
"""

PYTEST: Final = """\
pytest tests/ --cov=. --cov-report=xml --cov-report=html || true  # Continue even if tests fail
"""

COVERAGE_SUMMARY: Final = """\
{
  echo "### Tests"
  echo '```'
  coverage report 2>&1 | tail -n 20
  pytest tests/ --last-failed --last-failed-no-failures none --quiet --no-header --no-cov 2>&1 \\
    | tail -n 20
  echo '```'
} >> "$GITHUB_STEP_SUMMARY"
"""

BUILD_PACKAGE: Final = """\
zip -r lambda-package.zip . -x "*.git*" "*.md" "tests/*"
"""

DEPLOY_LAMBDA: Final = """\
aws lambda update-function-code --function-name "$FUNCTION" --zip-file fileb://lambda-package.zip \\
  --no-cli-pager > /dev/null
aws lambda wait function-updated-v2 --function-name "$FUNCTION"
version=$(aws lambda publish-version --function-name "$FUNCTION" --query Version --output text)
echo "### $FUNCTION: version $version in $AWS_REGION" >> "$GITHUB_STEP_SUMMARY"
"""

UPLOAD_S3: Final = """\
location="s3://$BUCKET/$PREFIX/$COMMIT/lambda-package-$TARGET.zip"
aws s3 cp --only-show-errors lambda-package.zip "$location"
echo "location=$location" >> "$GITHUB_OUTPUT"
"""

EXPORT: Final = """\
location="${S3_LOCATION:-$ARTIFACT_URL}"
echo "location=$location" >> "$GITHUB_OUTPUT"
echo "### Package: $location" >> "$GITHUB_STEP_SUMMARY"
"""

NOTHING_TO_DEPLOY: Final = """\
echo "### Nothing deployed: the declaration has no deploy section" >> "$GITHUB_STEP_SUMMARY"
"""
