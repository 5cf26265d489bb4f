import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from sandbox import process
from sandbox.home import Record, read_record, sandbox_home, write_record
from sandbox.preloaded.launcher import SOCKET
from sandbox.seed import ADMIN_TOKEN
from tests.e2e.forked import launch
from tests.sandbox.preloaded.sandbox import alive, children


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A sandbox home for this test only; a process that it started is ended."""
    monkeypatch.setenv("SLIPWAY_SANDBOX_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"
    process.stop()


def silent(_line: str) -> None:
    """Ignore the line."""


def answers(record: Record) -> bool:
    """Whether the GitHub emulator of the record answers."""
    url = f"{record.github_url}api/v3/orgs/acme"
    try:
        answer = requests.get(url, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"}, timeout=5)
    except requests.ConnectionError:
        return False
    return answer.ok


def test_start_returns_when_both_answer_and_is_idempotent(home: Path) -> None:
    """The sandbox is seeded when `start` returns; a second `start` finds the same process."""
    record = process.start(silent)
    assert answers(record)
    assert requests.get(f"{record.aws_url}/moto-api/data.json", timeout=5).ok
    assert process.start(silent) == record == process.running()
    assert (home / "state").is_dir()
    assert ADMIN_TOKEN not in (home / "sandbox.log").read_text("utf-8")


def test_it_is_the_github_that_was_asked_for() -> None:
    """The sandbox issues tokens of the requested host; another host needs a stop first."""
    record = process.start(silent, "github.example.com", launch)
    discovery = f"{record.github_url}_sandbox/issuer/.well-known/openid-configuration"
    told = requests.get(discovery, timeout=5).json()
    assert told["issuer"] == "https://github.example.com/_services/token"
    assert process.start(silent) == record
    with pytest.raises(process.SandboxError, match=r"is github\.example\.com: stop it first"):
        process.start(silent, "octocorp.ghe.com")


def test_it_listens_on_loopback_only() -> None:
    """The sandbox cannot be reached from another machine."""
    record = process.start(silent, launch=launch)
    listening = subprocess.run(
        ["cat", f"/proc/{record.pid}/net/tcp"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[1:]
    ports = {f"{port:04X}" for port in (record.github_port, record.aws_port)}
    addresses = {
        address
        for line in listening
        for address, port in [line.split()[1].split(":")]
        if port in ports and line.split()[3] == "0A"
    }
    assert addresses == {"0100007F"}


def test_stop_really_stops(home: Path) -> None:
    """The process, its server and the socket are gone, and its ports free, when `stop` returns."""
    record = process.start(silent, launch=launch)
    (server,) = children(record.pid)
    assert (home / SOCKET).exists()
    assert process.stop() is True
    assert not answers(record)
    assert not alive(server)
    assert not (home / SOCKET).exists()
    assert process.running() is None
    assert process.stop() is False
    with pytest.raises(process.SandboxError, match="slipway sandbox start"):
        process.require_running()


def test_a_killed_process_is_noticed_and_replaced_on_the_same_ports(home: Path) -> None:
    """`start` replaces a process that was killed, and deletes the old Pulumi state."""
    before = process.start(silent, launch=launch)
    (server,) = children(before.pid)
    (home / "state/left-over").write_text("of the old world", "utf-8")
    os.kill(before.pid, signal.SIGKILL)
    while process._alive(before.pid) or alive(server):
        time.sleep(0.01)
    assert process.running() is None
    said: list[str] = []
    after = process.start(said.append, launch=launch)
    assert said == [f"the sandbox's process {before.pid} has ended; starting a new one"]
    assert (after.github_port, after.aws_port) == (before.github_port, before.aws_port)
    assert after.world != before.world
    assert not (home / "state/left-over").exists()


def test_a_foreign_process_is_never_ended() -> None:
    """A process id that now belongs to another program is left alone."""
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        record = process.start(silent, launch=launch)
        process.stop()
        write_record(replace(record, pid=other.pid))
        assert process.running() is None
        assert process.stop() is False
        process.start(silent, launch=launch)
        assert other.poll() is None
    finally:
        other.communicate(b"\n")


def test_a_process_that_ends_by_itself_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may end between the look at it and the signal to it."""
    record = process.start(silent, launch=launch)

    def ends_after_the_look(pid: int) -> bool:
        os.kill(pid, signal.SIGKILL)
        while process._alive(pid):
            time.sleep(0.01)
        return True

    monkeypatch.setattr(process, "_is_sandbox", ends_after_the_look)
    assert process.stop() is True
    assert not answers(record)


def test_an_unreadable_record_is_no_process() -> None:
    """An incomplete record, or one of another version, counts as no record."""
    sandbox_home().mkdir()
    (sandbox_home() / "process.json").write_text('{"pid": ', "utf-8")
    assert read_record() is None
    assert process.running() is None


def test_a_start_that_fails_shows_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message contains the end of the log, so that the user need not search for it."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'the disk is full' >&2\nexit 1\n", "utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(process.SandboxError, match=r"ended at once:\nthe disk is full"):
        process.start(silent)


def test_an_error_is_an_answer(tmp_path: Path) -> None:
    """A sandbox whose AWS answers with an error counts as running, and can be stopped."""
    record = process.start(silent, launch=launch)
    front = tmp_path / "error.py"
    front.write_text(
        "import http.server, sys\n"
        "class Error(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self): self.send_error(500)\n"
        "server = http.server.HTTPServer(('127.0.0.1', 0), Error)\n"
        "print(server.server_port, flush=True)\n"
        "server.serve_forever()\n"
    )
    with subprocess.Popen([sys.executable, str(front)], stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            erring = replace(record, aws_port=int(server.stdout.readline()))
            write_record(erring)
            assert process.running() == erring
            assert process.stop()
            assert not answers(record)
        finally:
            server.kill()
