"""Python programs, loaded once: each start is a fork of a process that has imported them.

Most of the time of a short program goes into its imports. A client sends arguments, folder,
variables and open files to the server. The fork takes them over and runs the program. In a job the
client takes the program's place (`CLIENT`), a test starts a fork itself (`start`). The module needs
only the standard library, since a server runs in the Python of its program. Deliberately absent:
signals of a job, which end only the client.
"""

import ast
import gc
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, NoReturn

#: The program that runs in a job, with the server's address. Its Python has no site packages and
#: starts in a hundredth of a second.
CLIENT: Final = """\
import os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address})
    told = repr((sys.argv, os.getcwd(), dict(os.environ))).encode("utf-8", "surrogateescape")
    socket.send_fds(server, [len(told).to_bytes(8, "big")], [0, 1, 2])
    server.sendall(told)
    server.recv(8)  # the process id of the fork
    sys.exit(int(server.recv(8) or 255))
"""
_ROOT: Final = Path(__file__).parents[1]


@contextmanager
def running(python: Path, module: str, **variables: str) -> Iterator[str]:
    """Start a module that serves, with this Python; its address."""
    with tempfile.TemporaryDirectory(
        prefix="fork-"
    ) as folder:  # short: a socket's path has a limit
        address = str(Path(folder, "server"))
        with subprocess.Popen(
            [python, "-m", module, address],
            env={"PATH": os.environ["PATH"], "HOME": folder, **variables},
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            yield address
            server.communicate()  # the end of its input ends it


class Fork(NamedTuple):
    """A fork that runs a program."""

    pid: int
    """Its process id."""
    connection: socket.socket
    """It gets the program's exit code as text, and ends with the fork."""

    def ended(self, timeout: float | None = None) -> int | None:
        """Wait for the end; the exit code, None if the fork was killed.

        Raises:
            TimeoutError: it has not ended after so many seconds.
        """
        self.connection.settimeout(timeout)
        with self.connection:
            code = self.connection.recv(8)
        return int(code) if code else None


def start(
    address: str,
    arguments: Sequence[str],
    folder: Path,
    variables: Mapping[str, str],
    streams: Sequence[BinaryIO],
) -> Fork:
    """Start a fork.

    Args:
        address: of the server's socket.
        arguments: the program's `sys.argv`.
        folder: its working directory.
        variables: all of its environment.
        streams: its standard input, output and error output.
    """
    server = socket.socket(socket.AF_UNIX)
    server.connect(address)
    told = repr((list(arguments), str(folder), dict(variables))).encode("utf-8", "surrogateescape")
    size = len(told).to_bytes(8, "big")
    socket.send_fds(server, [size], [stream.fileno() for stream in streams])
    server.sendall(told)
    return Fork(int(server.recv(8)), server)


def serve(address: str, program: Callable[[], Any], lifetime: int = 0) -> None:
    """Fork for each client as long as a file lasts, so that nothing outlives the tests.

    Args:
        address: of the socket.
        program: runs in the fork, with the client's arguments in `sys.argv`; an exit code.
        lifetime: the file, which can be read when the time is over; standard input by default.
    """
    gc.freeze()  # a collection in a fork would copy this process's memory
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{address}.new")
        listener.listen()
        Path(f"{address}.new").rename(address)  # from here on it can be reached
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        forks: set[int] = set()
        signal.signal(signal.SIGCHLD, lambda *_: _reap(forks))
        waited: list[Any] = [listener, lifetime]
        while lifetime not in select.select(waited, [], [])[0]:
            connection, _ = listener.accept()
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listener.close()
                _answer(connection, program)
            forks.add(pid)
            connection.close()
        for pid in list(forks):
            with suppress(ChildProcessError):  # it ended before it was noted
                if not os.waitpid(pid, os.WNOHANG)[0]:
                    os.kill(pid, signal.SIGTERM)


def _reap(forks: set[int]) -> None:
    with suppress(ChildProcessError):
        while ended := os.waitpid(-1, os.WNOHANG)[0]:
            forks.discard(ended)


def _answer(connection: socket.socket, program: Callable[[], Any]) -> NoReturn:
    """Run the program in this fork, in the client's place."""
    code: Any = 255
    try:
        head, files, *_ = socket.recv_fds(connection, 8, 3)
        with connection.makefile("rb") as received:
            told = received.read(int.from_bytes(head, "big")).decode("utf-8", "surrogateescape")
        sys.argv, folder, variables = ast.literal_eval(told)
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        connection.sendall(f"{os.getpid():8}".encode())
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(variables)
        code = program()
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - as an uncaught exception of the program
        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
        code = 1
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:  # Bandit closes its output
            stream.flush()
    connection.sendall(str(int(code or 0)).encode())
    os._exit(0)
