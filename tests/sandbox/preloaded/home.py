"""A sandbox's home with a program, and what a test does with that program."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.preloaded import start_lines
from tests.sandbox.preloaded.sandbox import alive, running

#: A program that reports what it got, and never flushes. It waits if its last argument is `wait`;
#: with `stay` it ignores SIGTERM as well.
PROGRAM = """
import json, os, pathlib, signal, sys, time
SERVED = False

def preload():
    global SERVED
    SERVED = True

def main():
    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if sys.argv[-1] == "stay" else end)
    environment = {k: v for k, v in os.environ.items() if k != "_"}
    report = {"arguments": sys.argv[1:], "folder": os.getcwd(), "environment": environment}
    report |= {"served": SERVED, "pid": os.getpid(), "parent": os.getppid()}
    print(json.dumps(report))
    while sys.argv[-1] in ("wait", "stay"):
        time.sleep(0.1)
    if sys.argv[-1] == "raise":
        raise ValueError("a mistake")
    sys.stderr.write(sys.stdin.read())
    return 3

def end(*_):
    os._exit(7)

if __name__ == "__main__":
    sys.exit(main())
if pathlib.Path(__file__).with_name("dies").exists():
    os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGKILL))
waits = pathlib.Path(__file__).with_name("waits")
while waits.exists():
    waits.with_name("imported").touch()
    time.sleep(0.01)
"""


class Home:
    """A sandbox's home with the script of one program."""

    def __init__(self, folder: Path, modules: Path) -> None:
        self.folder = folder
        self.modules = modules
        folder.mkdir(parents=True)
        self.program = modules / "reports/program.py"
        self.program.parent.mkdir(parents=True, exist_ok=True)
        self.program.write_text(PROGRAM)
        self.started: list[subprocess.Popen[str]] = []
        self.script = folder / "script"
        self.write_script()

    def write_script(self, start: Callable[[str], str] = lambda lines: lines) -> None:
        """Write the script, with changed lines if a test wants them."""
        lines = start(start_lines(self.folder, "reports.program", "it's the first"))
        self.script.write_text(f"#!/bin/sh\n{lines}")
        self.script.chmod(0o755)

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start the script."""
        environment = {"PYTHONPATH": str(self.modules)} | options.pop("environment", {})
        process = subprocess.Popen(
            [self.script, *arguments],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str, **options: Any) -> tuple[dict[str, Any], str, int]:
        """Run the script; returns the program's report, its error output and exit code."""
        with self.start(*arguments, **options) as process:
            output, errors = process.communicate("read\nby the program", timeout=20)
        return json.loads(output or "{}"), errors, process.returncode

    def serve(self) -> Any:
        """The process of this home's sandbox."""
        return running(self.folder, self.modules)


def ends(pid: int) -> bool:
    """Whether the process ends within some seconds."""
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not alive(pid)


def started(home: Home, how: str = "wait") -> tuple[subprocess.Popen[str], dict[str, Any]]:
    """A launcher whose program waits, and the program's report."""
    process = home.start(how)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


@contextmanager
def imported(home: Home, how: str) -> Iterator[subprocess.Popen[str]]:
    """A launcher whose program the server imports as long as the block lasts."""
    waits = home.program.with_name("waits")
    waits.touch()
    process = home.start(how)
    deadline = time.monotonic() + 20
    while not home.program.with_name("imported").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield process
    waits.unlink()


def finish(process: subprocess.Popen[str]) -> int:
    """Wait for the launcher; returns its exit code."""
    process.communicate(timeout=20)
    return process.returncode
