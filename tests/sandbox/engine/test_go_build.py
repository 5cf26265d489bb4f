import dataclasses
import platform
import re
import shutil
from pathlib import Path

import pytest

from sandbox.engine import go_build, official
from sandbox.engine.errors import UnavailableError
from sandbox.engine.go_build import CLI, GITHUB_PLUGIN, GoBuild
from tests.sandbox.engine.conftest import Machine

LINE = re.compile(r"\S+ \S+ h1:[A-Za-z0-9+/]{43}=")


def test_reported_versions_are_the_pinned_ones() -> None:
    """The versions that CLI and plugin report are those of their pinned modules."""
    modules = (CLI.folder / "go.mod").read_text()
    for module in ("pkg", "sdk"):
        pinned = f"github.com/pulumi/pulumi/{module}/v3 v{go_build.CLI_VERSION}"
        assert pinned in modules
    assert CLI.linker_flags.endswith(f"version.Version=v{go_build.CLI_VERSION}")
    provider = (GITHUB_PLUGIN.folder / "provider/provider.go").read_text()
    assert f'const version = "{official.GITHUB_VERSION}"' in provider


RATING = dataclasses.replace(CLI, binary="rating", folder=CLI.folder / "strength")


@pytest.mark.parametrize("build", [CLI, RATING, GITHUB_PLUGIN], ids=lambda build: build.binary)
def test_every_module_is_pinned_by_its_content(build: GoBuild) -> None:
    """go.sum has a hash in every line, for every module of go.mod that is not replaced."""
    sums = (build.folder / "go.sum").read_text().splitlines()
    assert [line for line in sums if not LINE.fullmatch(line)] == []
    modules = (build.folder / "go.mod").read_text()
    required = re.findall(r"^\s(\S+ v\S+)(?: // indirect)?$", modules, flags=re.MULTILINE)
    replaced = set(re.findall(r"(\S+) => ", modules))
    hashed = {line.split(" h1:")[0].removesuffix("/go.mod") for line in sums}
    assert {name for name in required if name.split()[0] not in replaced} <= hashed
    assert f"go {go_build._OLDEST_GO[0]}.{go_build._OLDEST_GO[1]}" in modules


@pytest.mark.parametrize("file", ["go.mod", "go.sum", "main.go", "schema/main.go"])
def test_the_name_follows_the_files(tmp_path: Path, file: str) -> None:
    """A changed input file changes the name of the cache entry."""
    copy = dataclasses.replace(GITHUB_PLUGIN, folder=tmp_path / "copy")
    shutil.copytree(GITHUB_PLUGIN.folder, copy.folder)
    assert copy.entry_name == GITHUB_PLUGIN.entry_name
    changed = copy.folder / file
    changed.write_text(changed.read_text().swapcase())
    assert copy.entry_name != GITHUB_PLUGIN.entry_name


@pytest.mark.parametrize("build", [CLI, GITHUB_PLUGIN], ids=lambda build: build.binary)
def test_the_name_follows_the_module_that_both_builds_share(tmp_path: Path, build: GoBuild) -> None:
    """go.mod names the module, and a change of it changes the name of the cache entry."""
    assert build.shared
    assert f"=> ../{build.shared.name}\n" in (build.folder / "go.mod").read_text()
    copy = dataclasses.replace(build, shared=tmp_path / "shared")
    shutil.copytree(build.shared, tmp_path / "shared")
    assert copy.entry_name == build.entry_name
    changed = tmp_path / "shared/jsonschema.go"
    changed.write_text(changed.read_text() + "\n")
    assert copy.entry_name != build.entry_name


def test_the_name_follows_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other flags or another platform change the name of the cache entry."""
    names = {
        CLI.entry_name,
        dataclasses.replace(CLI, linker_flags="-s").entry_name,
        dataclasses.replace(CLI, package=".").entry_name,
    }
    monkeypatch.setattr(platform, "machine", lambda: "another")
    names.add(CLI.entry_name)
    monkeypatch.setattr(go_build, "FLAGS", ("-race", *go_build.FLAGS))
    assert len({*names, CLI.entry_name}) == 5


def test_go_is_asked_in_the_modules_folder(machine: Machine) -> None:
    """Go runs in the module's folder, where an older Go downloads the version of go.mod."""
    machine.go(env="test -f go.mod && echo go1.26.0")
    assert GITHUB_PLUGIN.make(lambda _: None).read_text().endswith("built .\n")


def test_the_plugin_has_its_schema_beside_it(machine: Machine) -> None:
    """The schema is computed once, by the build: at each start it would cost more than the rest."""
    machine.go()
    plugin = GITHUB_PLUGIN.make(lambda _: None)
    assert plugin.with_name("schema.json").read_text() == "of ./schema\n"


def test_the_cli_has_its_programs_beside_it(machine: Machine) -> None:
    """The CLI asks one for the strength of values, and the other starts the sandbox's programs."""
    machine.go()
    cli = CLI.make(lambda _: None)
    for name in ("pulumi-value-strength", "slipway-launcher"):
        assert cli.with_name(name).read_text().endswith("built .\n")


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        ("echo go1.25.11", "go1.25.11, >= 1.26 is needed"),
        (
            "echo 'go.mod requires go >= 1.26 (running go 1.22; GOTOOLCHAIN=local)' >&2; exit 1",
            "running go 1.22; GOTOOLCHAIN=local",
        ),
        ("echo devel", "not usable"),
    ],
    ids=["older", "older and local", "strange"],
)
def test_an_old_go_is_not_used(machine: Machine, env: str, reason: str) -> None:
    """A too old Go is refused before the build, which would fail after minutes."""
    machine.go(env=env)
    with pytest.raises(UnavailableError, match=reason):
        CLI.make(lambda _: None)
    assert machine.builds == []
