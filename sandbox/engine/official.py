"""The first two ways: Pulumi's official binaries, found on this machine or downloaded.

A download fails within seconds if the download host does not answer. Downloads go into the cache,
never into the user's own Pulumi folder.
"""

import functools
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from sandbox.engine import cache
from sandbox.engine.errors import UnavailableError
from sandbox.engine.folder import is_engine_folder
from sandbox.engine.long_command import run_long_command

GITHUB_VERSION = "6.15.0"
OLDEST_CLI = (3, 256)
DOWNLOADS = "https://get.pulumi.com/install.sh"
_SECONDS_FOR_AN_ANSWER = 4.0
_SECONDS_FOR_A_VERSION = 20.0
_SECONDS_FOR_A_DOWNLOAD = 300.0
_INSTALL = "import sys; from pulumi.automation import PulumiCommand as P; P.install(sys.argv[1])"


def cli_on_path() -> Path:
    """Return the `pulumi` on PATH if it is new enough and has a Python language host."""
    oldest = ".".join(map(str, OLDEST_CLI))
    search_path = os.pathsep.join(map(str, _foreign_folders()))
    found = shutil.which("pulumi", path=search_path)
    if found is None:
        raise UnavailableError(f"pulumi is not on PATH (>= {oldest} is needed)")
    number = _version_of(found)
    if number < OLDEST_CLI:
        raise UnavailableError(f"{found} is {number[0]}.{number[1]}, >= {oldest} is needed")
    beside = Path(found).resolve().with_name("pulumi-language-python")
    if not beside.exists() and not shutil.which("pulumi-language-python", path=search_path):
        raise UnavailableError(f"{found} comes without pulumi-language-python")
    return Path(found)


def installed_cli() -> Path | None:
    """Return the CLI of an earlier `install_cli`."""
    folder = cache.entry(_cli_entry())
    return folder / "bin" / "pulumi" if folder else None


def install_cli(report: Callable[[str], None]) -> Path:
    """Install the official CLI of the SDK's version with the SDK's own installer."""
    _require_downloads()

    def install(folder: Path) -> None:
        run_long_command(
            [sys.executable, "-c", _INSTALL, folder],
            what="installing the official Pulumi CLI",
            deadline=_SECONDS_FOR_A_DOWNLOAD,
            report=report,
        )

    return cache.make_entry(_cli_entry(), install, report) / "bin" / "pulumi"


def installed_github_plugin() -> Path | None:
    """Return the GitHub plugin from the user's own Pulumi folder or from an earlier install."""
    user = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    for folder in (user, cache.entry(_plugin_entry())):
        binary = _plugin_in(folder) if folder else None
        # A link there was made by the sandbox and points to its own plugin.
        if binary and binary.exists() and not binary.is_symlink():
            return binary
    return None


def install_github_plugin(cli: Path, report: Callable[[str], None]) -> Path:
    """Install the official GitHub plugin with the CLI's own installer."""
    _require_downloads()

    def install(folder: Path) -> None:
        run_long_command(
            [cli, "plugin", "install", "resource", "github", GITHUB_VERSION],
            what=f"installing the official GitHub plugin {GITHUB_VERSION}",
            deadline=_SECONDS_FOR_A_DOWNLOAD,
            report=report,
            environment={
                **os.environ,
                "PULUMI_HOME": str(folder),
                "PULUMI_SKIP_UPDATE_CHECK": "true",
            },
        )

    return _plugin_in(cache.make_entry(_plugin_entry(), install, report))


def _cli_entry() -> str:
    return f"official-pulumi-{version('pulumi')}"


def _plugin_entry() -> str:
    return f"official-github-{GITHUB_VERSION}"


def _plugin_in(pulumi_home: Path) -> Path:
    return pulumi_home / "plugins" / f"resource-github-v{GITHUB_VERSION}" / "pulumi-resource-github"


def _foreign_folders() -> Iterator[Path]:
    """Yield the folders on PATH, except those that this package made."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if folder and not is_engine_folder(Path(folder)):
            yield Path(folder)


def _version_of(cli: str) -> tuple[int, int]:
    try:
        answer = subprocess.run(  # noqa: S603 - found on the user's own PATH
            [cli, "version"],
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            capture_output=True,
            text=True,
            timeout=_SECONDS_FOR_A_VERSION,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise UnavailableError(f"{cli} cannot be run: {error}") from error
    number = re.match(r"v?(\d+)\.(\d+)\.", answer)
    if not number:
        raise UnavailableError(f"{cli} does not say its version, but {answer.strip()!r}")
    return int(number[1]), int(number[2])


def _require_downloads() -> None:
    if failure := _downloads_failure():
        raise UnavailableError(f"{DOWNLOADS} cannot be reached: {failure}")


@functools.cache
def _downloads_failure() -> str:
    """Return why the download host does not answer. The name look-up may outlast the timeout."""
    failure = ["no answer"]

    def ask() -> None:
        request = urllib.request.Request(DOWNLOADS, method="HEAD")
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS_FOR_AN_ANSWER):  # noqa: S310 - a constant
                failure[0] = ""
        except OSError as error:
            failure[0] = str(getattr(error, "reason", error))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_SECONDS_FOR_AN_ANSWER + 1)
    return failure[0]
