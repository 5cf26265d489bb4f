# Copy $SANDBOX_CHECKS, or $SANDBOX_BARE for other jobs, to a folder below $RUNNER_TEMP.
set -euo pipefail

# docs: "cache: pip" looks for requirements.txt, and fails without one.
if [ "$CACHE" = pip ] && [ ! -f requirements.txt ] && [ ! -f pyproject.toml ]; then
  echo "::error::No file in $PWD matched to [**/requirements.txt or **/pyproject.toml]," \
    "make sure you have checked out the target repository"
  exit 1
fi

case $GITHUB_JOB in
  python-lint | python-security | python-tests) template=$SANDBOX_CHECKS ;;
  *) template=$SANDBOX_BARE ;;
esac
home="$RUNNER_TEMP/python"
cp -a "$template" "$home"
echo "$home/bin" >> "$GITHUB_PATH"
version=$("$home/bin/python" -ISV)
version=${version#Python }
echo "python-version=$version" >> "$GITHUB_OUTPUT"
echo "asked for Python $WANTED, this is $version"
