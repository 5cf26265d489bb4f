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
    """Ask anew, and wait a moment only."""
    monkeypatch.setattr(official, "_SECONDS_FOR_AN_ANSWER", 0.2)
    downloads_failure.cache_clear()
    yield
    downloads_failure.cache_clear()


def test_the_plugin_is_the_sdks() -> None:
    """An engine refuses any other version."""
    assert version("pulumi_github") == official.GITHUB_VERSION


@pytest.mark.parametrize("said", ["v3.256.0", "3.256.0", "v3.300.1-alpha.2+dirty", "v4.0.0"])
def test_a_new_enough_cli_is_taken(machine: Machine, said: str) -> None:
    """Whatever decoration the version has."""
    pulumi = machine.pulumi(version=said)
    assert official.cli_on_path() == pulumi


@pytest.mark.parametrize("said", ["v3.255.9", "v2.999.0", "", "unknown"])
def test_an_old_or_strange_cli_is_not(machine: Machine, said: str) -> None:
    """A version that cannot be read is no reason to hope."""
    pulumi = machine.pulumi(version=said)
    with pytest.raises(UnavailableError, match=str(pulumi)):
        official.cli_on_path()


def test_a_cli_that_cannot_run_is_not_taken(machine: Machine) -> None:
    """A broken shim on PATH must not end everything."""
    machine.pulumi()
    machine.command("pulumi", "exit 126")
    with pytest.raises(UnavailableError, match="cannot be run"):
        official.cli_on_path()


def test_a_cli_without_a_language_host_is_not_taken(machine: Machine) -> None:
    """`go install` leaves such a CLI; it cannot run a Python program."""
    machine.pulumi()
    (machine.bin / "pulumi-language-python").unlink()
    with pytest.raises(UnavailableError, match="without pulumi-language-python"):
        official.cli_on_path()


def test_a_linked_cli_has_its_language_host_elsewhere(machine: Machine) -> None:
    """Package managers link `pulumi` alone into a folder on PATH."""
    machine.pulumi()
    elsewhere = machine.folder / "elsewhere"
    machine.bin.rename(elsewhere)
    machine.bin.mkdir()
    (machine.bin / "pulumi").symlink_to(elsewhere / "pulumi")
    assert official.cli_on_path() == machine.bin / "pulumi"


@pytest.mark.usefixtures("impatient")
def test_a_silent_network_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that takes the connection and says nothing costs seconds, not minutes."""
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        monkeypatch.setattr(official, "DOWNLOADS", f"http://127.0.0.1:{mute.getsockname()[1]}/")
        started = time.monotonic()
        assert "timed out" in downloads_failure()
    assert time.monotonic() - started < 2


@pytest.mark.usefixtures("impatient")
def test_a_hanging_name_look_up_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's resolver knows no timeout of ours."""

    def hang(*_: object, **__: object) -> Any:
        time.sleep(3)
        raise OSError

    monkeypatch.setattr(urllib.request, "urlopen", hang)
    started = time.monotonic()
    assert downloads_failure() == "no answer"
    assert time.monotonic() - started < 2


def test_a_closed_network_is_asked_once(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CLI and the plugin share one answer."""
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
    """The plugin goes to the cache, whatever PULUMI_HOME says."""
    network("")
    plugin = official.install_github_plugin(machine.pulumi(), lambda _: None)
    assert plugin.read_text() == "official\n"
    assert plugin.is_relative_to(Path(os.environ["XDG_CACHE_HOME"]))
    assert not (machine.folder / ".pulumi").exists()
    assert official.installed_github_plugin() == plugin


def test_the_sandboxes_own_link_is_no_install(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a shell of the sandbox PULUMI_HOME holds a link; followed, it would come to lead here."""
    plugin = official._plugin_in(machine.folder / "home")
    plugin.parent.mkdir(parents=True)
    plugin.symlink_to(machine.pulumi())
    monkeypatch.setenv("PULUMI_HOME", str(machine.folder / "home"))
    assert official.installed_github_plugin() is None
