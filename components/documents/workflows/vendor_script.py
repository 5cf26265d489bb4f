"""Put a function's dependencies into its package, in the form that Lambda loads.

The runner differs from Lambda: wheels are chosen for the function's own Python, architecture and C
library, and pip accepts exactly the given platforms. A source package is first built on the runner
and used if the result is pure Python: pip has then checked the source's hash, so the wheel's own
hash is added to the requirements. A warning names each package whose version on the runner is
not in the zip because it has no wheel for Lambda.
"""

from typing import Final

from components.model.pipeline import BuiltPackage

#: glibc's minor version by runtime (docs.aws.amazon.com: Lambda runtimes): Amazon Linux 2 to Python
#: 3.11, Amazon Linux 2023 from 3.12 on.
_AL2: Final = 26
_AL2023: Final = 34
_FIRST_ON_AL2023: Final = 12

VENDOR_DEPENDENCIES: Final = """
package="$PWD/lambda-package.zip" vendored=$(mktemp -d) wheels=$(mktemp -d)
requirements=requirements.txt
if [ ! -f requirements.txt ] && [ -f uv.lock ]; then
  pip install uv
  requirements="$wheels/uv.txt"
  uv export --locked --no-dev --no-emit-project --output-file "$requirements"
elif [ ! -f requirements.txt ] && [ -f poetry.lock ]; then
  pip install poetry poetry-plugin-export
  requirements="$wheels/poetry.txt"
  poetry export --output "$requirements"
elif [ ! -f requirements.txt ]; then
  echo "::error title=Nothing to vendor::there is no requirements.txt beside the function's code"
  exit 1
fi
mkdir "$wheels/runner" "$wheels/pure"
pip wheel --requirement "$requirements" --wheel-dir "$wheels/runner" > "$wheels/log" 2>&1 ||
  echo "::warning title=Not built::a source package cannot be built on this runner, so passed-over versions are not listed"
cat "$wheels/log"
if [ "$(uname -m)" != "$MACHINE" ] && grep -q '^Ignoring .*platform_machine' "$wheels/log"; then
  echo "::warning title=Left out::requirements for $MACHINE only are not in the package: use a $MACHINE runner"
fi
find "$wheels/runner" -name '*-none-any.whl' -exec cp {} "$wheels/pure" ';'
python - "$requirements" "$wheels"/pure/*.whl > "$wheels/requirements.txt" <<'END'
import hashlib, pathlib, re, sys
text = pathlib.Path(sys.argv[1]).read_text()
for wheel in map(pathlib.Path, sys.argv[2:]):
    if wheel.exists():
        name, version = wheel.name.split("-")[:2]
        spelled = re.sub("[-_.]+", "[-_.]+", name) + r"\\s*==\\s*" + re.escape(version) + r"\\b"
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        text = re.sub(rf"(?im)^({spelled}.*?)(?=\\s+(?:\\\\|--hash))", rf"\\1 --hash=sha256:{digest}", text)
if "--hash=" in text: print(text)
END
if [ -s "$wheels/requirements.txt" ]; then requirements="$wheels/requirements.txt"; fi
platforms=()
for minor in $(seq "$GLIBC_MINOR" -1 17); do platforms+=(--platform "manylinux_2_${minor}_$MACHINE"); done
pip install --requirement "$requirements" --target "$vendored" --find-links "$wheels/pure" \\
  --only-binary=:all: --implementation cp --python-version "$PYTHON" \\
  "${platforms[@]}" --platform "manylinux2014_$MACHINE"
find "$wheels/runner" -name '*.whl' | while read -r wheel; do
  IFS=- read -r name version _ <<< "${wheel##*/}"
  if [ -z "$(find "$vendored" -maxdepth 1 -iname "$name-$version.dist-info")" ]; then
    echo "::warning title=Passed over::$name $version has no wheel for this Lambda, an older version is in the package"
  fi
done
cd "$vendored"
zip -qr "$package" . -x "*/__pycache__/*" "bin/*"
"""


def platform(package: BuiltPackage, version: str) -> dict[str, str]:
    """Environment variables of the script for a package and its Lambda's version of Python."""
    newer = int(version.split(".")[1]) >= _FIRST_ON_AL2023
    return {
        "PYTHON": version,
        "MACHINE": "aarch64" if package.architecture == "arm64" else "x86_64",
        "GLIBC_MINOR": str(_AL2023 if newer else _AL2),
    }
