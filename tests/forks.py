"""Python programs for jobs, loaded once: each start is a fork of a process that has imported them.

Most of the time of a short program goes into its imports. A client, which takes its place in the
job, sends arguments, folder, variables and open files to the server. The fork takes them over and
runs the program. The module needs only the standard library, since a server runs in the Python of
its program. Deliberately absent: signals of the job, which end only the client.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NoReturn

#: The program that runs in a job, with the server's address. Its Python has no site packages and
#: starts in a hundredth of a second.
CLIENT: Final = """\
import os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address})
    told = repr((sys.argv, os.getcwd(), dict(os.environ))).encode("utf-8", "surrogateescape")
    socket.send_fds(server, [len(told).to_bytes(8, "big")], [0, 1, 2])
    server.sendall(told)
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


def serve(address: str, program: Callable[[], Any]) -> None:
    """Fork for each client until standard input ends, so that no server outlives the tests.

    Args:
        address: of the socket.
        program: runs in the fork, with the client's arguments in `sys.argv`; an exit code.
    """
    gc.freeze()  # a collection in a fork would copy this process's memory
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        signal.signal(signal.SIGCHLD, lambda *_: _reap())
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listener.close()
                _answer(connection, program)
            connection.close()


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


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
