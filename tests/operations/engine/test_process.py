import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, Queue
from threading import Event
from types import FrameType
from typing import Any

import pytest

from components.config.problems import ExitCode
from operations.engine import process as pulumi_module
from operations.engine.parallel import AT_A_TIME
from operations.engine.process import pulumi

pytestmark = pytest.mark.process

#: A pulumi that writes down every signal. It takes half a second to stop: `subprocess.run` would
#: kill it after a quarter.
ENGINE = f"""#!{sys.executable}
import pathlib, signal, sys, time
notes = pathlib.Path(__file__).with_name("notes")
def stop(number, frame):
    with notes.open("a") as file:
        file.write(f"{{signal.Signals(number).name}} ")
    time.sleep(0.5)
    with notes.open("a") as file:
        file.write("ended")
    sys.exit(1)
signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)
notes.touch()
time.sleep(60)
"""
CALLER = """
import sys
from operations.engine.process import pulumi, pulumi_shown
try:
    {"shown": pulumi_shown, "captured": pulumi}[sys.argv[1]]("up")
except KeyboardInterrupt:
    sys.exit(8)
"""
#: The same, whose signal arrives in another thread: no system call of the main one is interrupted.
DEAF = f"""
import pathlib, signal, threading, time
def send():
    while not pathlib.Path(sys.argv[2]).exists():
        time.sleep(0.01)
    time.sleep(0.1)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
import sys
threading.Thread(target=send).start()
{CALLER}"""
#: The same for a caller that waits for other work.
WAITING = """
import signal, sys, threading, time
from operations.engine.process import beside, finished
def send():
    time.sleep(0.1)
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)
try:
    with beside(lambda: time.sleep(60)) as work:
        threading.Thread(target=send).start()
        finished(work)
except KeyboardInterrupt:
    sys.exit(8)
"""
#: A pulumi that fails with an error about a step that it did not reach, at once or after a signal.
FAILING = f"""#!{sys.executable}
import pathlib, signal, sys, time
def stop(*_):
    print("  aws:iam:Role (r):")
    print("    error: expected resource operations for urn:r but none were seen", flush=True)
    sys.exit(1)
print("Updating (s):", flush=True)
signal.signal(signal.SIGTERM, stop)
pathlib.Path(__file__).with_name("notes").touch()
if "wait" not in sys.argv:
    stop()
time.sleep(60)
"""
#: How a signal is sent, to which processes, and which signal pulumi receives.
SENT: dict[str, tuple[Callable[[int, int], None], signal.Signals, signal.Signals]] = {
    "terminal": (os.killpg, signal.SIGINT, signal.SIGINT),
    "process": (os.kill, signal.SIGINT, signal.SIGINT),
    "termination": (os.kill, signal.SIGTERM, signal.SIGTERM),
    "closed": (os.killpg, signal.SIGHUP, signal.SIGTERM),
}


@pytest.mark.parametrize("how", ["shown", "captured"])
@pytest.mark.parametrize("sent", SENT)
def test_pulumi_gets_one_signal_and_is_waited_for(tmp_path: Path, sent: str, how: str) -> None:
    """Pulumi receives one signal, however it was sent, and slipway waits for its end."""
    process, notes = started(tmp_path, ENGINE, CALLER, how)
    deadline = time.monotonic() + 60
    while not notes.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    send, number, heard = SENT[sent]
    send(process.pid, number)
    process.communicate(timeout=60)
    assert process.returncode == 8
    assert notes.read_text(encoding="utf-8") == f"{heard.name} ended"


@pytest.mark.parametrize("how", ["shown", "captured"])
def test_a_signal_is_heard_though_it_interrupts_no_call(tmp_path: Path, how: str) -> None:
    """A signal that comes right before a wait, or in another thread, is heard soon after."""
    process, notes = started(tmp_path, ENGINE, DEAF, how, str(tmp_path / "notes"))
    # The engine would end by itself after a minute.
    process.communicate(timeout=20)
    assert process.returncode == 8
    assert notes.read_text(encoding="utf-8") == "SIGTERM ended"


def test_a_signal_is_heard_while_other_work_is_waited_for() -> None:
    """The work would end after a minute."""
    done = subprocess.run([sys.executable, "-c", WAITING], timeout=30, check=False)
    assert done.returncode == ExitCode.CANCELLED


def test_an_input_arrives_as_a_whole_though_pulumi_reads_it_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state is larger than a pipe, and pulumi reads it when it has asked its backend."""
    late = "import sys, time; time.sleep(0.2); print(len(sys.stdin.read()))"
    engine_that(tmp_path, f"#!{sys.executable}\n{late}\n")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(pulumi_module, "_HEARING", 0.01)
    assert pulumi("stack", "import", stdin="x" * 300_000) == "300000\n"


@pytest.mark.parametrize("own", [None, "3"])
def test_a_user_may_say_how_many_resources_are_handled_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str | None
) -> None:
    """Pulumi gets slipway's number only if the user has set none."""
    shown = "import os; print(os.environ['PULUMI_PARALLEL'])"
    engine_that(tmp_path, f"#!{sys.executable}\n{shown}\n")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.delenv("PULUMI_PARALLEL", raising=False)
    if own:
        monkeypatch.setenv("PULUMI_PARALLEL", own)
    assert pulumi("up").strip() == (own or AT_A_TIME)


@pytest.mark.parametrize("interrupted", [True, False])
def test_steps_that_were_not_reached_are_told_unless_it_was_interrupted(
    tmp_path: Path, *, interrupted: bool
) -> None:
    """After a signal the errors are left out; a run that fails by itself shows them."""
    caller = CALLER.replace('("up")', '("up", *sys.argv[2:])')
    options = ["wait"] if interrupted else []
    process, notes = started(tmp_path, FAILING, caller, "shown", *options)
    if interrupted:
        while not notes.exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == (8 if interrupted else 0)
    assert "Updating (s):\n" in said
    assert ("expected resource operations" in said) is not interrupted
    assert ("aws:iam:Role" in said) is not interrupted


def engine_that(folder: Path, script: str) -> None:
    """Make a script the pulumi of a folder."""
    file = folder / "pulumi"
    file.write_text(script, encoding="utf-8")
    file.chmod(0o700)


def started(
    folder: Path, engine: str, caller: str, *arguments: str
) -> tuple[subprocess.Popen[str], Path]:
    """Start a program with a pulumi of its own; returns it with the file of pulumi's notes."""
    engine_that(folder, engine)
    process = subprocess.Popen(
        [sys.executable, "-c", caller, *arguments],
        env=os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"},
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
    )
    return process, folder / "notes"


def test_no_other_thread_than_the_main_one_runs_pulumi(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pulumi does not start outside the main thread, where signals would not reach it."""
    engine = tmp_path / "pulumi"
    engine.write_text('#!/bin/sh\ntouch "$0.started"\n', encoding="utf-8")
    engine.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="main thread"):
        pool.submit(pulumi, "preview").result()
    assert not (tmp_path / "pulumi.started").exists()


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> Queue[int]:
    """Record the exit codes with which the program ended at once."""
    codes: Queue[int] = Queue()
    monkeypatch.setattr(os, "_exit", codes.put)
    monkeypatch.setattr(pulumi_module, "_GRACE", 0.01)
    return codes


def test_an_interruption_before_the_block_ends_the_program(
    monkeypatch: pytest.MonkeyPatch, exits: Queue[int]
) -> None:
    """An interruption after the work's start and before the block ends the program as cancelled."""
    over = Event()

    class Pool(ThreadPoolExecutor):
        def submit(self, *given: Any, **named: Any) -> Any:
            super().submit(*given, **named)
            raise KeyboardInterrupt

    monkeypatch.setattr(pulumi_module, "ThreadPoolExecutor", Pool)
    with pytest.raises(KeyboardInterrupt), pulumi_module.beside(over.wait):
        pass
    assert exits.get(timeout=5) == ExitCode.CANCELLED
    over.set()


def test_a_block_that_never_begins_ends_the_program(exits: Queue[int]) -> None:
    """If the block never begins after an interruption, the program ends as cancelled."""
    over = Event()
    beginning = pulumi_module.beside(over.wait)
    beginning.__enter__()
    beginning.gen.close()  # as the garbage collector does
    assert exits.get(timeout=5) == ExitCode.CANCELLED
    over.set()


def test_finished_work_does_not_end_the_program(exits: Queue[int]) -> None:
    """The program is not ended if the work finishes, or if nothing interrupts it."""

    def interrupted() -> None:
        with pulumi_module.beside(lambda: 1) as work:
            assert work.result() == 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with pulumi_module.beside(lambda: 2) as work:
        assert work.result() == 2
    with pytest.raises(Empty):
        exits.get(timeout=0.2)


def test_a_signal_at_any_step_of_the_start_arrives_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second signal would stop pulumi at once, and one that is lost would not stop it at all."""
    steps = 0
    while arrived_at_step(steps, monkeypatch) == [signal.SIGINT]:
        steps += 1
    # After the last step no signal was raised.
    assert arrived_at_step(steps, monkeypatch) == []
    assert steps > 20


def arrived_at_step(number: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The signals of a started process, if one is raised before a step of slipway's own code."""
    arrived: list[int] = []
    left = number

    class Started:
        """A process that notes its signals."""

        __class_getitem__ = subprocess.Popen.__class_getitem__

        def __init__(self, *_: Any, **__: Any) -> None:
            caller = sys._getframe(1)
            caller.f_trace, caller.f_trace_opcodes = trace, True
            sys.settrace(trace)

        def send_signal(self, sent: int) -> None:
            arrived.append(sent)

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal left
        if frame.f_code.co_filename != pulumi_module.__file__:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            left -= 1
            if left == -1:
                signal.raise_signal(signal.SIGINT)
        return trace

    monkeypatch.setattr(subprocess, "Popen", Started)
    own = sys.gettrace()
    try:
        with pulumi_module._started(["pulumi"], {}):
            sys.settrace(own)
    finally:
        sys.settrace(own)
    return arrived
