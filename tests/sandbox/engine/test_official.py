import os
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from sandbox.engine import official
from sandbox.engine.errors import UnavailableError
from tests.sandbox.engine.conftest import Machine

downloads_failure = official._downloads_failure


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Clear the cached answer about the network, and shorten the timeouts."""
    monkeypatch.setattr(official, "_SECONDS_FOR_AN_ANSWER", 0.2)
    downloads_failure.cache_clear()
    yield
    downloads_failure.cache_clear()


def test_the_plugin_is_the_sdks() -> None:
    """The plugin has the SDK's version, because an engine refuses any other."""
    assert version("pulumi_github") == official.GITHUB_VERSION


@pytest.mark.parametrize("said", ["v3.256.0", "3.256.0", "v3.300.1-alpha.2+dirty", "v4.0.0"])
def test_a_new_enough_cli_is_taken(machine: Machine, said: str) -> None:
    """The version of the CLI is read with and without prefix and suffix."""
    pulumi = machine.pulumi(version=said)
    assert official.cli_on_path() == pulumi


@pytest.mark.parametrize("said", ["v3.255.9", "v2.999.0", "", "unknown"])
def test_an_old_or_strange_cli_is_not(machine: Machine, said: str) -> None:
    """A CLI that is too old, or whose version is not readable, is refused."""
    pulumi = machine.pulumi(version=said)
    with pytest.raises(UnavailableError, match=str(pulumi)):
        official.cli_on_path()


def test_a_cli_that_cannot_run_is_not_taken(machine: Machine) -> None:
    """A CLI on PATH that cannot run is refused without a crash."""
    machine.pulumi()
    machine.command("pulumi", "exit 126")
    with pytest.raises(UnavailableError, match="cannot be run"):
        official.cli_on_path()


def test_a_cli_without_a_language_host_is_not_taken(machine: Machine) -> None:
    """A CLI without a language host (as `go install` makes it) is refused."""
    machine.pulumi()
    (machine.bin / "pulumi-language-python").unlink()
    with pytest.raises(UnavailableError, match="without pulumi-language-python"):
        official.cli_on_path()


def test_a_linked_cli_has_its_language_host_elsewhere(machine: Machine) -> None:
    """The language host may be beside the target of a link, as package managers install it."""
    machine.pulumi()
    elsewhere = machine.folder / "elsewhere"
    machine.bin.rename(elsewhere)
    machine.bin.mkdir()
    (machine.bin / "pulumi").symlink_to(elsewhere / "pulumi")
    assert official.cli_on_path() == machine.bin / "pulumi"


@pytest.mark.usefixtures("impatient")
def test_a_silent_network_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that accepts the connection, but sends nothing, costs seconds only."""
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        monkeypatch.setattr(official, "DOWNLOADS", f"http://127.0.0.1:{mute.getsockname()[1]}/")
        started = time.monotonic()
        assert "timed out" in downloads_failure()
    assert time.monotonic() - started < 2


@pytest.mark.usefixtures("impatient")
def test_a_hanging_name_look_up_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name look-up without end is given up too, although the resolver has no timeout."""

    def hang(*_: object, **__: object) -> Any:
        time.sleep(3)
        raise OSError

    monkeypatch.setattr(urllib.request, "urlopen", hang)
    started = time.monotonic()
    assert downloads_failure() == "no answer"
    assert time.monotonic() - started < 2


def test_a_closed_network_is_asked_once(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """One check of the network is enough for CLI and plugin."""
    downloads_failure.cache_clear()
    asked: list[object] = []

    def refuse(request: object, **_: object) -> Any:
        asked.append(request)
        raise OSError("refused")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    monkeypatch.setattr(official, "_downloads_failure", downloads_failure)
    pulumi = machine.pulumi()
    for attempt in (official.install_cli, lambda r: official.install_github_plugin(pulumi, r)):
        with pytest.raises(UnavailableError, match="cannot be reached: refused"):
            attempt(lambda _: None)
    downloads_failure.cache_clear()
    assert len(asked) == 1


def test_a_download_stays_out_of_the_users_pulumi(machine: Machine, network: Any) -> None:
    """The plugin is installed in the cache, even if PULUMI_HOME is set."""
    network("")
    plugin = official.install_github_plugin(machine.pulumi(), lambda _: None)
    assert plugin.read_text() == "official\n"
    assert plugin.is_relative_to(Path(os.environ["XDG_CACHE_HOME"]))
    assert not (machine.folder / ".pulumi").exists()
    assert official.installed_github_plugin() == plugin


def test_the_sandboxes_own_link_is_no_install(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sandbox's own link in PULUMI_HOME does not count as an installed plugin."""
    plugin = official._plugin_in(machine.folder / "home")
    plugin.parent.mkdir(parents=True)
    plugin.symlink_to(machine.pulumi())
    monkeypatch.setenv("PULUMI_HOME", str(machine.folder / "home"))
    assert official.installed_github_plugin() is None
