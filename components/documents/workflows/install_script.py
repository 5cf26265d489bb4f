"""Install the packages that a project declares for its tests, in any of the usual forms.

uv or Poetry installs its own lock file, into a separate environment. Without a lock file, pip
installs requirements files, the dependencies, extras and dependency groups of pyproject.toml
(packaging.python.org: PEP 621, PEP 735), and the project itself if it can be built.
Deliberately absent: lock files of other tools; declare steps for them in `ci.tests.before`.
"""

from typing import Final

# Each group is taken once, so groups that include each other end. The project's own name and names
# with another source for uv are no requirements: an index may have a foreign package of that name.
_READ_PYPROJECT: Final = """\
import os, re
try: import tomllib
except ImportError: from pip._vendor import tomli as tomllib  # Python 3.10
file = tomllib.load(open("pyproject.toml", "rb")) if os.path.exists("pyproject.toml") else {}
name = lambda text: re.sub("[-_.]+", "-", re.split(r"[^\\w.-]", text)[0]).lower()
project, groups = file.get("project", {}), {name(key): group for key, group in file.get("dependency-groups", {}).items()}
extra = lambda key: project.get("optional-dependencies", {}).get(key, []) + groups.pop(key, [])
local = {name(key) for key in (project.get("name", ""), *file.get("tool", {}).get("uv", {}).get("sources", {}))}
declared = project.get("dependencies", []) + extra("test") + extra("tests") + extra("dev")
for one in declared:
    if isinstance(one, dict): declared += groups.pop(name(one["include-group"]), [])
    elif name(one) not in local: print(one)
"""

_NOT_INSTALLED: Final = 'echo "::warning title=Not installed::the project, or extras of it, cannot be installed: see the log"'

# The lock file's environment uses the matrix's Python, not `.python-version`. An installation fails
# for extras that exclude each other, and for a project that cannot be built.
# pip refuses hashes beside requirements without them, so a file with hashes gets its own call, and
# its packages stay. All others share a call, so that pytest, its plugin and all pins fit together.
INSTALL_TESTS: Final = f"""
wanted=(pytest pytest-cov)
if [ -f uv.lock ] || [ -f poetry.lock ]; then
  lock=(poetry install) bare=--no-root fixed=yes
  if [ -f uv.lock ]; then lock=(uv sync --active --locked --python "$RUNNER_TEMP/venv") bare=--no-install-project; fi
  pip install "${{lock[0]}}" && python -m venv "$RUNNER_TEMP/venv" && . "$RUNNER_TEMP/venv/bin/activate"
  "${{lock[@]}}" --all-extras --all-groups || {{ {_NOT_INSTALLED}; "${{lock[@]}}" || "${{lock[@]}}" --all-extras --all-groups "$bare"; }}
else
  for file in requirements{{,{{-,_,/}}{{test,tests,dev}}}}.txt {{test,dev}}-requirements.txt; do
    if grep -qs -- --hash= "$file"; then pip install -r "$file"; fixed=yes; elif [ -f "$file" ]; then wanted+=(-r "$file"); fi
  done
  wanted+=(-r "$RUNNER_TEMP/declared.txt"); python - > "$RUNNER_TEMP/declared.txt" <<'END'
{_READ_PYPROJECT}END
fi
pip install ${{fixed:+-c <(pip freeze --exclude-editable)}} "${{wanted[@]}}"
if [ -z "${{lock[*]}}" ] && {{ [ -f setup.py ] || grep -qsE '^\\[(project|build-system)\\]' pyproject.toml; }}; then
  pip install -e ".[test,tests,dev]" || {_NOT_INSTALLED}
fi
"""
