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
# Hard links, where the disk allows; what a job writes is a file of its own.
cp -al "$template" "$home" 2> "$RUNNER_TEMP/copy.txt" || {
  rm -rf "$home"
  cp -a "$template" "$home"
}
# Scripts name the interpreter of the template; sed makes new files in the place of the links.
grep -lI "^#!$template/" "$home"/bin/* | xargs sed -i "1s|$template|$home|"
echo "$home/bin" >> "$GITHUB_PATH"
version=$("$home/bin/python" -c 'import platform; print(platform.python_version())')
echo "python-version=$version" >> "$GITHUB_OUTPUT"
echo "asked for Python $WANTED, this is $version"
