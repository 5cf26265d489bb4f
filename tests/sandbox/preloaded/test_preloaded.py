import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.preloaded import SETTING, launcher, start_lines
from tests.sandbox.preloaded.sandbox import alive, children, running

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


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home whose path is longer than that of a socket may be, and must be quoted in a shell.

    What it started ends with it, also if its test fails.
    """
    home = Home(tmp_path / "it's a home" / ("h" * 100), tmp_path / "modules")
    yield home
    for process in home.started:
        with process:
            process.kill()


@pytest.fixture
def server(home: Home) -> Iterator[int]:
    """The process id of the home's server."""
    with home.serve() as sandbox:
        (server,) = children(sandbox.pid)
        yield server


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


def test_a_program_gets_the_same_either_way(home: Home, tmp_path: Path) -> None:
    """Arguments, environment, folder, streams and exit code do not depend on the server."""
    odd = tmp_path / "a\nfolder"
    odd.mkdir()
    options: dict[str, Any] = {
        "cwd": odd,
        "environment": {"ODD": "line\nfeed, \udcff and ü", "EMPTY": "", "LC_ALL": "C.UTF-8"},
    }
    arguments = ("", "two words", "'$HOME'")
    direct = home.run(*arguments, **options)
    with home.serve():
        home.run(environment={"LEFT": "by another run"})
        served = home.run(*arguments, **options)
    assert (direct[0].pop("served"), served[0].pop("served")) == (False, True)
    for report, errors, code in (direct, served):
        del report["pid"], report["parent"]
        assert report["arguments"] == ["it's the first", *arguments]
        assert (errors, code) == ("read\nby the program", 3)
    assert served == direct


def test_a_mistake_of_a_program_reaches_its_user(home: Home, server: int) -> None:
    """The traceback is on the launcher's error output, and the server serves the next one."""
    report, errors, code = home.run("raise")
    assert (report["served"], code) == (True, 1)
    assert errors.endswith("ValueError: a mistake\n")
    assert home.run()[0]["parent"] == server


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_the_program(home: Home, server: int, number: int) -> None:
    """The program ends in its own way, and the launcher has its exit code."""
    process, report = started(home)
    assert report["parent"] == server
    process.send_signal(number)
    assert finish(process) == 7
    assert children(server) == []


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(("number", "early"), [(signal.SIGINT, 1), (signal.SIGTERM, 256 - 15)])
def test_a_signal_before_the_program_runs_is_not_lost(home: Home, number: int, early: int) -> None:
    """The launcher leaves the end to the program, which may run before the launcher knows it."""
    with imported(home, "wait") as process:
        process.send_signal(number)
    # The code depends on whether the program has set its own handler by then.
    assert finish(process) in (7, early)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_program_that_is_refused(home: Home, number: int) -> None:
    """A program that starts directly has the signals of its launcher, and its signal mask."""
    with imported(home, "stay") as process:
        os.utime(home.program, (time.time() + 60,) * 2)
        process.send_signal(number)
    assert finish(process) == -number


@pytest.mark.parametrize("how", ["wait", "stay"])
def test_a_program_ends_with_its_launcher(home: Home, server: int, how: str) -> None:
    """A killed launcher leaves no program, even if the program ignores the signal to end."""
    process, report = started(home, how)
    assert report["parent"] == server
    process.kill()
    finish(process)
    assert ends(report["pid"])


def test_a_launcher_ends_with_its_program(home: Home, server: int) -> None:
    """A killed program ends its launcher, even without a server and while another one runs."""
    first, report = started(home)
    second, others = started(home)
    os.kill(server, signal.SIGKILL)
    for process, program in ((first, report), (second, others)):
        os.kill(program["pid"], signal.SIGKILL)
        assert finish(process) == 1


def test_a_program_whose_server_is_killed_at_once_runs_once(home: Home, server: int) -> None:
    """The launcher knows that its program runs, though the server ended right after the fork."""
    home.program.with_name("dies").touch()
    process, report = started(home)
    assert report["served"]
    assert ends(server)
    os.kill(report["pid"], signal.SIGKILL)
    assert finish(process) == 1


@pytest.mark.usefixtures("server")
def test_a_program_ends_with_its_engine(home: Home) -> None:
    """A killed engine cannot end its plugins: the launcher notices it."""
    engine = (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.argv[1], 'wait'])\n"
        "sys.stdin.read()  # until the test kills this process\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", engine, home.script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        report = json.loads(process.stdout.readline())
        process.kill()
    assert report["served"]
    assert ends(report["pid"])


@pytest.mark.parametrize("killed", [False, True])
def test_the_server_ends_with_its_sandbox(home: Home, *, killed: bool) -> None:
    """Neither a process nor a socket is left, and programs start directly again."""
    with home.serve() as sandbox:
        (server,) = children(sandbox.pid)
        report, _, _ = home.run()
        assert report["parent"] == server
        assert not alive(report["pid"])
        assert children(server) == []
        if killed:
            sandbox.kill()
            sandbox.wait(10)
            assert ends(server)
    assert not alive(server)
    assert not (home.folder / launcher.SOCKET).exists()
    assert home.run()[0]["served"] is False


def test_each_sandbox_has_its_own_server(home: Home, tmp_path: Path) -> None:
    """Two sandboxes at once serve their own homes; only the user can reach a server."""
    other = Home(tmp_path / "other", tmp_path / "modules")
    with ExitStack() as stack:
        parents = []
        for one in (home, other):
            (server,) = children(stack.enter_context(one.serve()).pid)
            parents.append((one.run()[0]["parent"], server))
            assert (one.folder / launcher.SOCKET).stat().st_mode & 0o777 == 0o600
        assert [parent for parent, _ in parents] == [server for _, server in parents]
        assert parents[0] != parents[1]


def test_a_new_sandbox_replaces_what_a_killed_one_left(home: Home) -> None:
    """A socket on which no process listens is passed over, and replaced by the next server."""
    with home.serve() as sandbox:
        (server,) = children(sandbox.pid)
        os.kill(server, signal.SIGKILL)
        assert (home.folder / launcher.SOCKET).exists()
        report, errors, code = home.run()
        assert (report["served"], errors, code) == (False, "read\nby the program", 3)
        with home.serve() as second:
            assert [home.run()[0]["parent"]] == children(second.pid)


def test_an_old_server_leaves_the_socket_of_the_next(home: Home) -> None:
    """A server that ends late removes its own socket only."""
    with home.serve(), home.serve() as second:
        (server,) = children(second.pid)
        with home.serve() as third:
            assert [home.run()[0]["parent"]] == children(third.pid)
            assert second.stdin is not None
            second.stdin.close()
            second.wait(10)
            assert not alive(server)
            assert [home.run()[0]["parent"]] == children(third.pid)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("what", ["checkout", "python"])
def test_another_checkout_is_not_served(home: Home, tmp_path: Path, what: str) -> None:
    """A launcher of other code or of another Python starts the program directly."""
    mine = {"checkout": launcher.__file__, "python": sys.executable}[what]
    other = tmp_path / Path(mine).name
    other.symlink_to(mine)
    home.write_script(lambda lines: lines.replace(mine, str(other)))
    assert home.run()[0]["served"] is False
    home.write_script()
    assert home.run()[0]["served"] is True


@pytest.mark.usefixtures("server")
def test_nothing_is_served_where_starts_are_measured(home: Home) -> None:
    """With the setting `off`, which measurements use, a program starts directly."""
    assert home.run(environment={SETTING: "off"})[0]["served"] is False
    assert home.run(environment={SETTING: "on"})[0]["served"] is True


@pytest.mark.usefixtures("server")
def test_changed_code_is_not_served(home: Home) -> None:
    """A file of the program that changed after the sandbox's start ends the fast starts."""
    assert home.run()[0]["served"] is True
    module = home.program.with_name("part.py")
    module.touch()
    os.utime(module, (time.time() + 60,) * 2)
    assert home.run()[0]["served"] is False


@pytest.mark.usefixtures("server")
def test_a_program_that_cannot_be_imported_says_so_itself(home: Home) -> None:
    """The user reads the error as without a server."""
    home.program.write_text("raise ImportError('grpc is missing')")
    os.utime(home.program, (0, 0))
    _, errors, code = home.run()
    assert (errors.splitlines()[-1], code) == ("ImportError: grpc is missing", 1)
