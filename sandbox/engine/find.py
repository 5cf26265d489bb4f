"""Get an engine in the first way that works, and say which way it was.

For the CLI the ways are the user's own CLI, the official download, and a build from Go modules; for
the GitHub plugin the last two. An existing result is preferred to a new download or build.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sandbox.engine import folder, go_build, official
from sandbox.engine.errors import EngineError, UnavailableError

_REMEDY = """\
Install one of these, then run again:
  - the Pulumi CLI 3.256 or newer, with network for its GitHub plugin:
    https://www.pulumi.com/docs/install/
  - Go 1.26 or newer, which builds everything once in about six minutes: https://go.dev/dl/"""


@dataclass(frozen=True)
class Engine:
    """A folder to put first on PATH, and a sentence about the origin of its content."""

    folder: Path
    origin: str


@dataclass(frozen=True)
class _Way:
    """One way to get a binary.

    `find` returns an existing binary or None, or raises the reason why this way does not work.
    """

    name: str
    find: Callable[[], Path | None]
    brings_language_host: bool = True


def ensure_engine(report: Callable[[str], None]) -> Engine:
    """Return the engine of this checkout; make missing parts first.

    Args:
        report: gets lines about the progress of long steps.

    Raises:
        EngineError: no way works.
    """
    cli, cli_way = _first(
        "the Pulumi CLI",
        _Way("pulumi on PATH", official.cli_on_path),
        _Way("official release", official.installed_cli),
        _Way("build from Go modules", go_build.CLI.finished, brings_language_host=False),
        _Way("official release", lambda: official.install_cli(report)),
        _Way(
            "build from Go modules",
            lambda: go_build.CLI.make(report),
            brings_language_host=False,
        ),
    )
    plugin, plugin_way = _first(
        "the GitHub plugin",
        _Way("official release", official.installed_github_plugin),
        _Way("build from Go modules", go_build.GITHUB_PLUGIN.finished),
        _Way("official release", lambda: official.install_github_plugin(cli, report)),
        _Way("build from Go modules", lambda: go_build.GITHUB_PLUGIN.make(report)),
    )
    own_folder = folder.engine_folder()
    built = not cli_way.brings_language_host
    folder.fill(
        own_folder,
        cli=cli,
        github_plugin=plugin,
        own_language_host=built,
        beside=[cli.with_name(name) for name in folder.BESIDE] if built else (),
    )
    return Engine(
        own_folder,
        f"Pulumi CLI: {cli_way.name} ({cli}); GitHub plugin: {plugin_way.name} ({plugin}).",
    )


def _first(wanted: str, *ways: _Way) -> tuple[Path, _Way]:
    reasons: list[str] = []
    for way in ways:
        try:
            binary = way.find()
        except UnavailableError as reason:
            reasons.append(f"  - {way.name}: {reason}".replace("\n", "\n      "))
        else:
            if binary is not None:
                return binary, way
    raise EngineError("\n".join([f"There is no way to {wanted} here:", *reasons, _REMEDY]))
