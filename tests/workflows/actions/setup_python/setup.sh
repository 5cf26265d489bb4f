# Make an environment below $RUNNER_TEMP; $SANDBOX_PIP is a folder with pip alone.
set -euo pipefail

# docs: "cache: pip" looks for requirements.txt, and fails without one.
if [ "$CACHE" = pip ] && [ ! -f requirements.txt ] && [ ! -f pyproject.toml ]; then
  echo "::error::No file in $PWD matched to [**/requirements.txt or **/pyproject.toml]," \
    "make sure you have checked out the target repository"
  exit 1
fi

home="$RUNNER_TEMP/python"
"$SANDBOX_PYTHON" -m venv --without-pip "$home"
site=$("$home/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$SANDBOX_PIP" > "$site/pip.pth"
printf '#!/bin/sh\nexec "%s/bin/python" -m pip "$@"\n' "$home" > "$home/bin/pip"
chmod +x "$home/bin/pip"
echo "$home/bin" >> "$GITHUB_PATH"
version=$("$home/bin/python" -c 'import platform; print(platform.python_version())')
echo "python-version=$version" >> "$GITHUB_OUTPUT"
echo "asked for Python $WANTED, this is $version"
