import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from components.config.problems import ExitCode
from tests.operations.commands.test_drift import SETTINGS

pytestmark = pytest.mark.process

#: A pulumi that writes its process id atomically, and previews for a minute.
ENGINE = """#!/bin/sh
echo $$ > "${0%/*}/pid.unfinished" && mv "${0%/*}/pid.unfinished" "${0%/*}/pid"
exec sleep 60
"""
#: Seconds from the signal to the end; shorter than the preview and than GitHub's and AWS's
#: timeouts.
SOON = 20
SENT: dict[str, tuple[Callable[[int, int], None], signal.Signals]] = {
    "terminal": (os.killpg, signal.SIGINT),
    "process": (os.kill, signal.SIGINT),
    "termination": (os.kill, signal.SIGTERM),
}

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Serve a GitHub and an AWS that accept every connection and never answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        server.settimeout(60)
        yield server


@pytest.fixture
def start(tmp_path: Path, silent: socket.socket) -> Iterator[Start]:
    """Start `slipway drift` of two stacks in its own session, which the fixture ends."""
    for stack in ("acme", "globex"):
        folder = tmp_path / "stacks" / stack
        folder.mkdir(parents=True)
        (folder / "_stack.yaml").write_text(SETTINGS)
        (folder / "billing.yaml").write_text(json.dumps({"repository": "billing"}))
    (tmp_path / "Pulumi.yaml").touch()
    engine = tmp_path / "bin/pulumi"
    engine.parent.mkdir()
    engine.write_text(ENGINE)
    engine.chmod(0o700)
    url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
    variables = {
        "PATH": f"{engine.parent}{os.pathsep}{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "GITHUB_BASE_URL": url,
        "GITHUB_TOKEN": "t",
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "s",
    }
    started: list[subprocess.Popen[str]] = []
    connections: list[socket.socket] = []

    def drift(*options: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [Path(sys.executable).parent / "slipway", "drift", *options],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if name != "GITHUB_OWNER"}
            | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        # From here on the observer waits for an answer.
        connections.append(silent.accept()[0])
        return process

    yield drift
    for process in started:
        process.kill()
        process.communicate()
    for connection in connections:
        connection.close()
    if (tmp_path / "bin/pid").exists():
        with suppress(ProcessLookupError):
            os.kill(engine_of(tmp_path), signal.SIGKILL)


def engine_of(folder: Path) -> int:
    """Return the process id of the pulumi that was started last, once it exists."""
    file, deadline = folder / "bin/pid", time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return int(file.read_text())


@pytest.mark.parametrize("sent", SENT)
def test_an_interruption_ends_both_witnesses(tmp_path: Path, start: Start, sent: str) -> None:
    """An interruption ends pulumi and the observer at once, and no further stack is started."""
    process = start()
    engine = engine_of(tmp_path)
    send, number = SENT[sent]
    send(process.pid, number)
    out, err = process.communicate(timeout=SOON)
    assert (process.returncode, out) == (ExitCode.CANCELLED, ""), err
    assert err.startswith("interrupted")
    assert engine_of(tmp_path) == engine
    with pytest.raises(ProcessLookupError):
        os.kill(engine, 0)


def test_an_interruption_ends_a_waiting_observer(start: Start) -> None:
    """With `--no-preview`, Ctrl-C ends at once even if GitHub does not answer."""
    process = start("--no-preview")
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=SOON)
    assert (process.returncode, out) == (ExitCode.CANCELLED, ""), err
    assert err.startswith("interrupted")
