import os
from pathlib import Path

import pytest

from sandbox.environment import sandbox_environment
from sandbox.home import Record

RECORD = Record(pid=1, world="w", github_port=1234, aws_port=5678)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sandbox home for this test only."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SLIPWAY_SANDBOX_HOME", str(folder))
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    """An engine folder as `slipway engine` makes it: its plugin is a link into a cache."""
    folder = tmp_path / "engine"
    folder.mkdir()
    (tmp_path / "cached").touch()
    (folder / "pulumi").touch()
    (folder / "pulumi-resource-github").symlink_to(tmp_path / "cached")
    return folder


def plugins(home: Path) -> dict[str, Path]:
    """The entries that `pulumi plugin ls` reads, with their targets."""
    found = (home / "pulumi/plugins").glob("*/*")
    return {str(link.relative_to(home / "pulumi/plugins")): link.resolve() for link in found}


def test_both_plugins_are_installed_in_the_sdks_versions(home: Path, engine: Path) -> None:
    """The engine finds both plugins installed, so it neither downloads nor warns."""
    for _ in range(2):
        sandbox_environment(RECORD, engine)
        assert plugins(home) == {
            "resource-github-v6.15.0/pulumi-resource-github": engine.parent / "cached",
            "resource-aws-v7.51.1/pulumi-resource-aws": home / "aws/pulumi-resource-aws",
        }


@pytest.mark.usefixtures("home")
def test_a_new_engine_replaces_the_link(home: Path, engine: Path) -> None:
    """The link points to the plugin that was found last."""
    sandbox_environment(RECORD, engine)
    newer = engine.parent / "newer/cached"
    newer.parent.mkdir()
    newer.touch()
    (engine / "pulumi-resource-github").unlink()
    (engine / "pulumi-resource-github").symlink_to(newer)
    sandbox_environment(RECORD, engine)
    assert plugins(home)["resource-github-v6.15.0/pulumi-resource-github"] == newer


@pytest.mark.usefixtures("home")
def test_plugins_on_path_are_ignored(engine: Path) -> None:
    """Plugins on PATH are ignored, unless the CLI needs PATH to find its language host."""
    assert "PULUMI_IGNORE_AMBIENT_PLUGINS" not in sandbox_environment(RECORD, engine)
    (engine / "pulumi-language-python").touch()
    assert sandbox_environment(RECORD, engine)["PULUMI_IGNORE_AMBIENT_PLUGINS"] == "true"


@pytest.mark.usefixtures("home")
def test_the_engine_is_first_on_path_and_there_once(
    engine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Evaluating `slipway sandbox env` a second time does not change PATH."""
    monkeypatch.setenv("PATH", os.pathsep.join(["first", str(engine), "last"]))
    for _ in range(2):
        path = sandbox_environment(RECORD, engine)["PATH"]
        assert path.split(os.pathsep) == [str(engine), "first", "last"]
        monkeypatch.setenv("PATH", path)


def test_state_plugins_and_endpoints_are_the_sandboxs(home: Path, engine: Path) -> None:
    """State, plugins, GitHub and AWS are the sandbox's, not the user's."""
    variables = sandbox_environment(RECORD, engine)
    assert variables["PULUMI_HOME"] == str(home / "pulumi")
    assert variables["PULUMI_BACKEND_URL"].startswith((home / "state").as_uri())
    assert variables["GITHUB_BASE_URL"] == "http://127.0.0.1:1234/"
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:5678"
