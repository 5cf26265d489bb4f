"""The third way: build the CLI and the GitHub plugin from published, pinned Go modules.

Each build is a folder beside this file with go.mod and go.sum. The result depends only on the
folder's files, those of the module that both builds share, and the platform: a finished build is
used even if Go is no longer installed.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.engine import cache
from sandbox.engine.errors import UnavailableError
from sandbox.engine.folder import VALUE_STRENGTH
from sandbox.engine.long_command import run_long_command
from sandbox.preloaded import FAST

CLI_VERSION = "3.256.0"
_OLDEST_GO = (1, 26)
_HERE = Path(__file__).parent
_SECONDS_FOR_A_TOOLCHAIN = 120.0
_SECONDS_FOR_A_BUILD = 3600.0
#: Flags of every build; the linker's flags follow the last one. The tag leaves out gRPC to Google's
#: storage (cloud.google.com/go/storage), which Pulumi asks over HTTP: it would bring Envoy's
#: protocols into the CLI, 12 MB that are initialised at each start.
FLAGS = ("-mod=readonly", "-buildvcs=false", "-trimpath", "-tags=disable_grpc_modules", "-ldflags")


@dataclass(frozen=True)
class GoBuild:
    """The build of one binary: the folder with its pinned modules, its package and its name."""

    binary: str
    folder: Path
    package: str
    linker_flags: str
    usually: str
    shared: Path | None = None
    """A module that its go.mod has from outside of the folder."""

    @property
    def entry_name(self) -> str:
        """Return the name of the cache entry: a hash of everything that the result depends on."""
        digest = hashlib.sha256()
        for folder in filter(None, (self.folder, self.shared)):
            for file in sorted(file for file in folder.rglob("*") if file.is_file()):
                name = file.relative_to(folder).as_posix()
                digest.update(f"{name}\0{file.stat().st_size}\0".encode())
                digest.update(file.read_bytes())
        parts = (*FLAGS, self.package, self.linker_flags, platform.system(), platform.machine())
        for part in parts:
            digest.update(f"{part}\0".encode())
        return f"{self.binary}-{digest.hexdigest()[:16]}"

    def finished(self) -> Path | None:
        """Return the binary if it was built before."""
        folder = cache.entry(self.entry_name)
        return folder / self.binary if folder else None

    def commands(self, go: str, folder: Path) -> Iterator[Sequence[str | Path]]:
        """Return the commands that fill the folder, in order."""
        yield go, "build", *FLAGS, self.linker_flags, "-o", folder / self.binary, self.package

    def make(self, report: Callable[[str], None]) -> Path:
        """Return the binary; build it first if it does not exist."""
        go = _go(self.folder)

        def build(folder: Path) -> None:
            for command in self.commands(go, folder):
                run_long_command(
                    command,
                    what=f"building {self.binary} from Go modules (usually {self.usually}, once)",
                    deadline=_SECONDS_FOR_A_BUILD,
                    report=report,
                    # Use neither a C compiler nor the user's Go workspace.
                    environment={**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"},
                    folder=self.folder,
                )

        return cache.make_entry(self.entry_name, build, report) / self.binary


class _Cli(GoBuild):
    """The CLI, and beside it the program that rates values for it and the sandbox's launcher."""

    def commands(self, go: str, folder: Path) -> Iterator[Sequence[str | Path]]:
        """Return the commands that fill the folder, in order."""
        yield from super().commands(go, folder)
        for source, name in (("strength", VALUE_STRENGTH), ("launcher", FAST)):
            yield go, "build", "-C", source, *FLAGS, "-s -w", "-o", folder / name, "."


class _Plugin(GoBuild):
    """A plugin, and its schema in a file beside it.

    The schema is computed by a program of its own: in the plugin it took 70 ms of CPU time and
    30 MB at each start, two thirds and two fifths of all.
    """

    def commands(self, go: str, folder: Path) -> Iterator[Sequence[str | Path]]:
        """Return the commands that fill the folder, in order."""
        yield go, "run", *FLAGS, self.linker_flags, "./schema", folder / "schema.json"
        yield from super().commands(go, folder)


CLI = _Cli(
    binary="pulumi",
    folder=_HERE / "cli",
    package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    linker_flags="-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version="
    f"v{CLI_VERSION}",
    usually="4 minutes on two cores",
    shared=_HERE / "jsonschema",
)
GITHUB_PLUGIN = _Plugin(
    binary="pulumi-resource-github",
    folder=_HERE / "github_plugin",
    package=".",
    linker_flags="-s -w",
    usually="1.5 minutes on two cores",
    shared=_HERE / "jsonschema",
)


def _go(folder: Path) -> str:
    """Return the `go` command if it is new enough for the module in `folder`."""
    oldest = ".".join(map(str, _OLDEST_GO))
    go = shutil.which("go")
    if go is None:
        raise UnavailableError(f"go is not on PATH (>= {oldest} is needed)")
    try:
        # Run in the module's folder: unless GOTOOLCHAIN=local, an older go downloads the right one.
        answer = subprocess.run(  # noqa: S603 - found on the user's own PATH
            [go, "env", "GOVERSION"],
            cwd=folder,
            env={**os.environ, "GOWORK": "off"},
            capture_output=True,
            text=True,
            timeout=_SECONDS_FOR_A_TOOLCHAIN,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"{go} cannot be run: {error}") from error
    found = re.match(r"go(\d+)\.(\d+)", answer.stdout)
    if answer.returncode or not found:
        output = (answer.stderr or answer.stdout).strip()
        raise UnavailableError(f"{go} is not usable (>= {oldest} is needed): {output}")
    if (int(found[1]), int(found[2])) < _OLDEST_GO:
        raise UnavailableError(f"{go} is {answer.stdout.strip()}, >= {oldest} is needed")
    return go
