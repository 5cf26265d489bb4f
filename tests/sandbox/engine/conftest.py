"""A machine without pulumi, Go and network, and with empty caches."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.engine import official

PULUMI = """\
case "$1" in
version) echo "{version}" ;;
plugin) {plugin} ;;
esac
"""
PLUGIN_INSTALL = """\
test "$*" = "plugin install resource github 6.15.0" || exit 9
folder="$PULUMI_HOME/plugins/resource-github-v6.15.0"
mkdir -p "$folder" && echo official > "$folder/pulumi-resource-github"
"""
GO = """\
case "$1" in
env) {env} ;;
run)
  while [ "$#" -gt 2 ]; do shift; done
  echo "of $1" > "$2" ;;
build)
  while [ "$1" != -o ]; do shift; done
  echo "$3" >> "{log}"
  printf '#!/bin/sh\\necho v3.256.0 # built %s\\n' "$3" > "$2"
  chmod +x "$2" ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """The folders of the machine, with methods to put programs on its PATH."""

    folder: Path

    @property
    def bin(self) -> Path:
        """The only folder on PATH."""
        return self.folder / "bin"

    @property
    def builds(self) -> list[str]:
        """The packages that `go build` was called for."""
        log = self.folder / "builds"
        return log.read_text().split() if log.exists() else []

    def command(self, name: str, script: str) -> Path:
        """Put a shell script on PATH; it finds the system's own commands itself."""
        path = self.bin / name
        path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        path.chmod(0o755)
        return path

    def pulumi(self, version: str = "v3.256.0", plugin: str = PLUGIN_INSTALL) -> Path:
        """Put a CLI with its language host on PATH."""
        self.command("pulumi-language-python", "")
        return self.command("pulumi", PULUMI.format(version=version, plugin=plugin))

    def go(self, env: str = "echo go1.26.8") -> Path:
        """Put Go on PATH."""
        return self.command("go", GO.format(env=env, log=self.folder / "builds"))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine that is separate from the real one."""
    made = Machine(tmp_path)
    made.bin.mkdir()
    for name in [name for name in os.environ if name.startswith("PULUMI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(made.bin))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SLIPWAY_SANDBOX_HOME", str(tmp_path / "sandbox"))
    monkeypatch.setattr(official, "_downloads_failure", lambda: "no network")
    return made


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the download host answer, and replace the SDK's installer by the given Python code."""

    def connect(installer: str) -> None:
        monkeypatch.setattr(official, "_downloads_failure", lambda: "")
        monkeypatch.setattr(official, "_INSTALL", installer)

    return connect
