"""The scripts of the deployment jobs. What the standard words, is worded like that.

Scripts hold no `${{ }}`: values come by environment, so that no branch name or input can become
code. Errors say what to do, as annotations of the run.
"""

from typing import Final

# A finding quotes the repository's own files; a line break in it would be a command to GitHub.
REPEAT_FINDINGS: Final = """
jq -r '.[].outputs // {} | to_entries[] | select(.key | startswith("findings_"))
  | select(.value != "") | "::warning title=Deployed nevertheless::"
  + (.value | gsub("%"; "%25") | gsub("[\\r\\n]"; " "))' <<< "$NEEDS"
"""

COMPARE_WITH_TESTED: Final = """
commit=$(git rev-parse HEAD)
if [ "$commit" != "$TESTED" ]; then
  echo "::warning title=Not the tested commit::deploying $commit, tested was $TESTED"
fi
"""

# The token is not an argument: those of a process are there for all to read.
_ASK_GITHUB: Final = """
api() {
  curl -fsS --retry 3 -H @- "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/$1" \\
    <<< "Authorization: Bearer $GH_TOKEN"
}
"""

# A run is listed and told of by a name that tags and forks' branches can have as well. By its full
# name the branch is itself; `identical` and `behind` are the commits that it holds.
CHECK_TESTED: Final = f"""{_ASK_GITHUB}\
tip=$(api "git/ref/heads/$BRANCH" | jq -r .object.sha)
case $(api "compare/$tip...$TESTED" | jq -r .status) in
  identical) ;;
  behind)
    echo "::warning title=Not the newest commit::tested was $TESTED, $BRANCH is at $tip by now"
    ;;
  *)
    echo "::error title=Not on the branch::$TESTED is no commit of $BRANCH: nothing is deployed"
    exit 1
    ;;
esac
"""

# The runs of this workflow have the commit at the end of their names.
CHECK_ORDER: Final = f"""{_ASK_GITHUB}\
runs=$(api "actions/workflows/$WORKFLOW/runs?status=success&per_page=1")
last=$(jq -r '.workflow_runs[].display_title' <<< "$runs" | grep -oE '[0-9a-f]{{40}}$' || true)
case ${{last:+$(api "compare/$last...$TESTED" | jq -r .status)}} in
  identical | ahead | diverged) ;;
  *)
    if [ -z "$last" ]; then exit 0; fi
    echo "::warning title=Older than what is deployed::$TESTED comes before $last"
    if [ "$GITHUB_RUN_ATTEMPT" = 1 ]; then
      echo "::error title=Not deployed::if the older commit is meant, run this run again by hand"
      exit 1
    fi
    ;;
esac
"""

FIND_PRODUCER: Final = f"""{_ASK_GITHUB}\
tip=$(api "git/ref/heads/$BRANCH" | jq -r .object.sha)
runs=$(api "actions/workflows/$WORKFLOW/runs?branch=$BRANCH&event=push&status=success")
while read -r id commit; do
  case $(api "compare/$tip...$commit" | jq -r .status) in
    identical | behind) run=$id && break ;;
  esac
done < <(jq -r '.workflow_runs[] | select(.head_repository.id == .repository.id)
  | "\\(.id) \\(.head_sha)"' <<< "$runs")
if [ -z "${{run:-}}" ]; then
  echo "::error title=No artifact::no push to $BRANCH has run $WORKFLOW with success: push first"
  exit 1
fi
echo "run=$run" >> "$GITHUB_OUTPUT"
"""

BUILD_ZIP: Final = """
zip -r lambda-package.zip . -x "*.git*" "*.md" "tests/*"
"""

# The runner is not the Lambda: wheels are chosen for the function's own platform and version.
VENDOR_DEPENDENCIES: Final = """
if [ ! -f requirements.txt ]; then
  echo "::error title=Nothing to vendor::there is no requirements.txt beside the function's code"
  exit 1
fi
vendored=$(mktemp -d)
pip install --requirement requirements.txt --target "$vendored" --only-binary=:all: \\
  --implementation cp --python-version "$PYTHON" --platform "manylinux2014_$MACHINE"
package="$PWD/lambda-package.zip"
cd "$vendored"
zip -qr "$package" . -x "*/__pycache__/*" "bin/*"
"""

# AWS: Lambda quotas, deployment package, in bytes.
CHECK_SIZE: Final = """
zipped=$(stat -c %s lambda-package.zip)
unzipped=$(unzip -Zt lambda-package.zip | cut -d ' ' -f 3)
echo "### Package: $zipped bytes, $unzipped unzipped" >> "$GITHUB_STEP_SUMMARY"
if [ "$zipped" -gt 52428800 ] || [ "$unzipped" -gt 262144000 ]; then
  echo "::error title=Package too large::$zipped bytes, $unzipped unzipped. Lambda takes" \\
    "52428800 and 262144000: leave out what the function does not need, or use an image"
  exit 1
fi
"""

BUILD_WHEEL: Final = """
pip wheel --no-deps --wheel-dir dist .
"""

# The queries keep the function's environment variables, which the answers repeat, out of the log.
# Lambda refuses an update while another is under way; one that failed is no reason to wait.
DEPLOY_LAMBDA: Final = """
aws lambda wait function-updated --function-name "$LAMBDA_FUNCTION" || true
aws lambda update-function-code --function-name "$LAMBDA_FUNCTION" \\
  --zip-file fileb://lambda-package.zip --query CodeSha256 --output text
aws lambda wait function-updated --function-name "$LAMBDA_FUNCTION"
version=$(aws lambda publish-version --function-name "$LAMBDA_FUNCTION" \\
  --query Version --output text)
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

UPLOAD_WHEELS_TO_S3: Final = """
location="$TARGET/$(git rev-parse HEAD)/$ARTIFACT_NAME/"
aws s3 cp --only-show-errors --recursive dist "$location"
echo "location=$location" >> "$GITHUB_OUTPUT"
echo "### Package: $location" >> "$GITHUB_STEP_SUMMARY"
"""
