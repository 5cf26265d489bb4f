import os
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sandbox.preloaded import FAST, SETTING, fast_launcher, launcher
from tests.sandbox.preloaded.home import Home, ends, started
from tests.sandbox.preloaded.sandbox import alive, children


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


@pytest.mark.usefixtures("server")
def test_the_launcher_in_go_starts_where_there_is_one(home: Home) -> None:
    """It takes the place of the script, as the launcher in Python does elsewhere."""
    process, report = started(home)
    assert report["served"]
    program = Path(f"/proc/{process.pid}/exe").resolve().name
    assert (program == FAST) is fast_launcher(home.folder).exists()


def test_a_mistake_of_a_program_reaches_its_user(home: Home, server: int) -> None:
    """The traceback is on the launcher's error output, and the server serves the next one."""
    report, errors, code = home.run("raise")
    assert (report["served"], code) == (True, 1)
    assert errors.endswith("ValueError: a mistake\n")
    assert home.run()[0]["parent"] == server


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
