"""Find a Chromium on PATH, or install the pinned one below the user's cache folder, without root.

The package is made for AWS Lambda: browser, libraries and fonts are brotli archives, which Node
unpacks. npm checks the hashes of the lock file. The folder's name is the lock file's hash, so that
versions never share files.
"""

import os
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
#: Archives of the package; each is unpacked into the folder beside the browser.
_ARCHIVES: Final = ("al2023.tar", "fonts.tar", "swiftshader.tar")
_UNPACK: Final = (
    "const { createReadStream, createWriteStream } = require('fs');"
    "const [, from, to] = process.argv;"
    "createReadStream(from).pipe(require('zlib').createBrotliDecompress())"
    ".pipe(createWriteStream(to));"
)
_FONTS: Final = (
    "<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/cache</cachedir></fontconfig>"
)


def browser() -> tuple[str, dict[str, str]]:
    """Return the program, and the environment variables that it needs."""
    for name in _NAMES:
        if found := shutil.which(name):
            return found, {}
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "slipway"
    lock = sha256((_HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = caches / f"chromium-{lock}"
    if not folder.is_dir():
        caches.mkdir(parents=True, exist_ok=True)
        _install(folder)
    return str(folder / "chromium"), {
        "LD_LIBRARY_PATH": f"{folder}/lib:{folder}",
        "FONTCONFIG_FILE": f"{folder}/fonts.conf",
    }


def _install(folder: Path) -> None:
    """Install into a temporary folder, then rename it: two processes may do so at the same time."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        partial = Path(scratch) / "whole"
        partial.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_HERE / name, scratch)
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
        subprocess.run(["npm", "ci", *quiet], cwd=scratch, check=True)
        packed = Path(scratch) / "node_modules/@sparticuz/chromium/bin"
        _decompress(packed / "chromium.br", partial / "chromium")
        (partial / "chromium").chmod(0o755)
        for name in _ARCHIVES:
            _decompress(packed / f"{name}.br", Path(scratch) / name)
            unpack = ("tar", "--no-same-owner", "-xf", str(Path(scratch) / name))
            subprocess.run(unpack, cwd=partial, check=True)
        (partial / "fonts.conf").write_text(_FONTS.format(folder=folder), encoding="utf-8")
        try:
            partial.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise


def _decompress(source: Path, target: Path) -> None:
    subprocess.run(["node", "-e", _UNPACK, str(source), str(target)], check=True)
