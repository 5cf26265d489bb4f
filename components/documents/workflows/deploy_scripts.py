"""The scripts of the deployment jobs. Commands of the standard keep the standard's wording.

Scripts hold no `${{ }}`: values come by environment, so that no branch name or input can become
code. Errors say what to do, as annotations of the run.
Deliberately absent: a limit on the package's size. Lambda refuses a package that is too large
before it changes anything, and its message names the limit.
"""

from typing import Final

BUILD_ZIP: Final = """
zip -r lambda-package.zip . -x "*.git*" "*.md" "tests/*"
"""

WARN_OF_REQUIREMENTS: Final = """
if grep -qs '^[[:space:]]*[^#[:space:]]' requirements.txt || [ -f uv.lock ] || [ -f poetry.lock ]; then echo "::warning title=No dependencies::the package has none of what the project requires"; fi
"""

BUILD_WHEEL: Final = """
pip wheel --no-deps --wheel-dir dist .
"""

# The queries keep the function's environment variables, which AWS's responses contain, out of the
# log. Lambda refuses an update while another one runs; a failed earlier update must not stop this
# one. The hash makes sure that the version has the code of this run.
DEPLOY_LAMBDA: Final = """
aws lambda wait function-updated --function-name "$LAMBDA_FUNCTION" || true
sha=$(aws lambda update-function-code --function-name "$LAMBDA_FUNCTION" --zip-file fileb://lambda-package.zip --query CodeSha256 --output text)
aws lambda wait function-updated --function-name "$LAMBDA_FUNCTION"
version=$(aws lambda publish-version --function-name "$LAMBDA_FUNCTION" --code-sha256 "$sha" --query Version --output text)
echo "### $LAMBDA_FUNCTION: version $version in $AWS_REGION" >> "$GITHUB_STEP_SUMMARY"
"""

MOVE_ALIAS: Final = """\
alias=(--function-name "$LAMBDA_FUNCTION" --name "$LAMBDA_ALIAS")
change=create-alias
if aws lambda list-aliases --function-name "$LAMBDA_FUNCTION" \\
  --query 'Aliases[].[Name]' --output text | grep -qxF -- "$LAMBDA_ALIAS"; then
  change=update-alias
fi
aws lambda "$change" "${alias[@]}" --function-version "$version" --query AliasArn --output text
echo "### $LAMBDA_FUNCTION: $LAMBDA_ALIAS is version $version" >> "$GITHUB_STEP_SUMMARY"
"""

DEPLOY_NOTHING: Final = """
identity=$(aws sts get-caller-identity --query Arn --output text)
echo "### Nothing deployed: the declaration has no deploy section" >> "$GITHUB_STEP_SUMMARY"
echo "A deployment would act as $identity." >> "$GITHUB_STEP_SUMMARY"
"""

UPLOAD_TO_S3: Final = """
aws s3 cp --only-show-errors lambda-package.zip "$LOCATION"
"""

UPLOAD_WHEELS_TO_S3: Final = """
aws s3 cp --only-show-errors --recursive dist "$LOCATION"
"""
