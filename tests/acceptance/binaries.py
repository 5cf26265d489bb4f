"""OpenTofu, the GitHub provider and its compiled tests: built once from Go modules, then cached.

The modules are pinned and used as published. OpenTofu replaces the Terraform CLI, which the
provider's tests start.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.engine.go_build import FLAGS, GoBuild

_TOOLS = Path(__file__).parent / "tools"
_PROVIDER = "github.com/integrations/terraform-provider-github/v6"


class _Tests(GoBuild):
    """The compiled tests of a package, and Go's own reader of their output."""

    def commands(self, go: str, folder: Path) -> Iterator[Sequence[str | Path]]:
        """Return the commands that fill the folder, in their order."""
        binary, reader = folder / self.binary, folder / "test2json"
        yield go, "test", "-c", *FLAGS, self.linker_flags, "-o", binary, self.package
        yield go, "build", "-o", reader, "cmd/test2json"


_OPENTOFU = GoBuild(
    binary="tofu",
    folder=_TOOLS / "opentofu",
    package="github.com/opentofu/opentofu/cmd/tofu",
    linker_flags="-s -w",
    usually="5 minutes on two cores",
)
_PROVIDER_TESTS = _Tests(
    binary="provider.test",
    folder=_TOOLS / "provider",
    package=f"{_PROVIDER}/github",
    linker_flags="-s -w",
    usually="2 minutes on two cores",
)
_PLUGIN = GoBuild(
    binary="terraform-provider-github",
    folder=_TOOLS / "provider",
    package=_PROVIDER,
    linker_flags="-s -w",
    usually="2 minutes on two cores",
)


@dataclass(frozen=True)
class Binaries:
    """The programs that a run needs."""

    tofu: Path
    provider_tests: Path

    @property
    def test2json(self) -> Path:
        """Turns the tests' output into one JSON document per event."""
        return self.provider_tests.with_name("test2json")


def ensure_binaries(report: Callable[[str], None]) -> Binaries:
    """Find the programs or build them; a finished build needs no Go.

    Raises:
        UnavailableError: there is no Go, or a build fails.
    """
    tofu, tests = (build.finished() or build.make(report) for build in (_OPENTOFU, _PROVIDER_TESTS))
    return Binaries(tofu, tests)


def ensure_opentofu(report: Callable[[str], None]) -> tuple[Path, Path]:
    """Find or build OpenTofu and the provider as its plugin.

    Raises:
        UnavailableError: as `ensure_binaries`.
    """
    tofu, plugin = (build.finished() or build.make(report) for build in (_OPENTOFU, _PLUGIN))
    return tofu, plugin
