"""A headless Chromium: what is on PATH, else Debian's, unpacked below the user's cache folder.

Debian's packages are fetched and checked by apt itself and unpacked without installing anything.
Their version is the distribution's current one: it keeps no older ones that could be pinned.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

_NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_PACKAGE: Final = "chromium-headless-shell"


def dump(page: Path, fragment: str = "", width: int = 1200) -> tuple[str, str]:
    """The page's DOM after its scripts ran, and what the browser logged; no host is reachable."""
    command, environment = _browser()
    done = subprocess.run(
        [
            *command,
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--enable-logging=stderr",
            f"--window-size={width},900",
            "--dump-dom",
            f"{page.as_uri()}{fragment}",
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout, done.stderr


def _browser() -> tuple[list[str], dict[str, str]]:
    for name in _NAMES:
        if found := shutil.which(name):
            return [found, "--headless"], dict(os.environ)
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "slipway/chromium"
    root = folder / "root"
    if not root.is_dir():
        _unpack(folder, root)
    libraries = root / "usr/lib/x86_64-linux-gnu"
    paths = f"{libraries}:{libraries}/pulseaudio"
    program = root / "usr/lib/chromium/chromium-headless-shell"
    return [str(program)], {**os.environ, "LD_LIBRARY_PATH": paths}


def _unpack(folder: Path, root: Path) -> None:
    """Fetch what this machine lacks, and put it into place when all of it is there."""
    archives, partial = folder / "archives", folder / f"partial-{os.getpid()}"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    options = ["-qq", "-y", "-o", f"Dir::Cache::archives={archives}", "--no-install-recommends"]
    subprocess.run(["apt-get", "-qq", "update"], check=True)
    subprocess.run(["apt-get", "install", "--download-only", *options, _PACKAGE], check=True)
    for archive in archives.glob("*.deb"):
        subprocess.run(["dpkg", "-x", archive, partial], check=True)
    partial.rename(root)
    shutil.rmtree(archives)
