"""The process that forks the sandbox's Python programs; see the package's docstring.

It is a fork of the sandbox's process, and ends with it. It imports a program at the first request,
so that a sandbox without engine runs does not pay for it. It has one thread only, because a fork
copies one thread, and makes no gRPC server, because that would start threads.

It needs `pidfd_open` of Linux 5.3. Elsewhere there is no server and programs start directly.
"""

import contextlib
import gc
import importlib
import io
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, NoReturn, cast

from sandbox.home import PROJECT
from sandbox.preloaded import launcher
from sandbox.preloaded.launcher import SOCKET

#: Seconds that a launcher may take to send its request.
_PATIENCE: Final = 5.0
#: Seconds that a program may take to end after its launcher. Then it is killed: as long as it
#: holds the engine's pipes, the engine waits.
_SECONDS_TO_END: Final = 2.0
#: With these variables AWS's models load without the user's settings. A child gets the environment
#: of its launcher.
_ENVIRONMENT: Final = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
_CODE: Final = (sys.executable, str(Path(launcher.__file__)))


class Request(NamedTuple):
    """The request that a launcher sends."""

    code: tuple[str, str]
    """The Python and the launcher's file: both are the same for the same code."""
    module: str
    arguments: list[str]
    working_directory: str
    environment: Mapping[str, str]

    @classmethod
    def read(cls, text: bytes) -> "Request":
        """Return the request of a launcher: its parts end with null bytes, see `launcher.py`."""
        python, file, module, folder, count, *rest = map(os.fsdecode, text.split(b"\0")[:-1])
        arguments, variables = rest[: int(count)], rest[int(count) :]
        environment = {name: value for name, _, value in (one.partition("=") for one in variables)}
        return cls((python, file), module, arguments, folder, environment)


@dataclass
class Child:
    """A program that runs for a launcher."""

    pid: int
    process: int
    """A file of the process, which can be read when it has ended (`pidfd_open`)."""
    connection: socket.socket
    kill_at: float | None = None
    """The monotonic time to kill it, if its launcher has ended."""

    def end(self) -> None:
        """Tell the launcher the exit code of the ended process."""
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.process)
        _send(self.connection, bytes([code % 256]))
        self.connection.close()


def start(home: Path) -> Callable[[], None]:
    """Start the server of the sandbox in `home`; returns the function that ends it.

    Call it while the process has one thread, no handlers of signals and no log.
    """
    try:
        os.close(os.pidfd_open(os.getpid()))
        listener = _listener(home)
    except (AttributeError, OSError):
        return lambda: None
    # The server reads the end of this pipe when the sandbox's process ends in any way.
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(writing)
        os.chdir(home)
        _exit_after(lambda: _serve(listener, reading))
    listener.close()
    os.close(reading)

    def stop() -> None:
        os.close(writing)
        os.waitpid(pid, 0)

    return stop


def _listener(home: Path) -> socket.socket:
    home.mkdir(parents=True, exist_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    with contextlib.chdir(home):  # see launcher.py: a socket's path must be short
        Path(SOCKET).unlink(missing_ok=True)
        listener.bind(SOCKET)
        Path(SOCKET).chmod(0o600)
    listener.listen()
    return listener


def _serve(listener: socket.socket, sandbox: int) -> int:
    """Fork a child for each launcher, and tell it the child's exit code."""
    started, own = time.time(), Path(SOCKET).stat().st_ino
    os.environ.clear()
    os.environ.update(_ENVIRONMENT)
    children: list[Child] = []
    while True:
        ready = _ready([sandbox, listener.fileno()], children)
        if sandbox in ready:
            with contextlib.suppress(OSError):
                if Path(SOCKET).stat().st_ino == own:  # The socket may belong to the next sandbox.
                    Path(SOCKET).unlink()
            return 0
        for child in list(children):
            if child.process in ready:
                children.remove(child)
                child.end()
            elif child.connection.fileno() in ready:
                child.kill_at = time.monotonic() + _SECONDS_TO_END
            elif child.kill_at and child.kill_at <= time.monotonic():
                signal.pidfd_send_signal(child.process, signal.SIGKILL)
                sys.stderr.write(f"killed {child.pid}, which did not end with its launcher\n")
        if listener.fileno() in ready:
            connection, _ = listener.accept()
            pid = _answer(connection, started, [listener, *(one.connection for one in children)])
            if pid:
                children.append(Child(pid, os.pidfd_open(pid), connection))
            else:
                connection.close()


def _ready(own: list[int], children: list[Child]) -> set[int]:
    """Wait; returns the files of ended children and launchers, and those of `own` to read."""
    poll = select.poll()
    for file in (*own, *(child.process for child in children)):
        poll.register(file, select.POLLIN)
    for child in children:
        if child.kill_at is None:
            poll.register(child.connection, 0)  # with 0, poll reports only the end
    ends = [child.kill_at for child in children if child.kill_at]
    wait = 1000 * max(0.0, min(ends) - time.monotonic()) + 1 if ends else None
    return {file for file, _ in poll.poll(wait)}


def _answer(connection: socket.socket, started: float, others: list[socket.socket]) -> int:
    """The process id of the launcher's child; 0 if the request is refused."""
    streams: list[int] = []
    try:
        connection.settimeout(_PATIENCE)
        size, streams, _, _ = socket.recv_fds(connection, 4, 3)
        with connection.makefile("rb") as sent:
            text = sent.read(int.from_bytes(size, "big"))
        request = Request.read(text)
        if request.code != _CODE:
            return 0
        program = _program(request.module, started)
        if program is None:
            return 0
        pid = os.fork()
        if pid == 0:
            for other in others:
                other.close()
            _exit_after(lambda: _run(program, request, streams, connection))
    except Exception:  # noqa: BLE001 - the program starts directly and shows a lasting reason
        traceback.print_exc()
        return 0
    else:
        return pid
    finally:
        for stream in streams:
            os.close(stream)


def _program(name: str, started: float) -> Any:
    """The imported module; None if a file in its folder changed after the start of the server."""
    new = name not in sys.modules
    program = importlib.import_module(name)
    folder = Path(str(program.__file__)).parent
    if any(file.stat().st_mtime > started for file in folder.rglob("*.py")):
        return None
    if new:
        program.preload()
        gc.freeze()  # a child's garbage collection would copy the memory of these objects
    return program


def _run(program: Any, request: Request, streams: list[int], connection: socket.socket) -> int:
    # Not by the server, which may be killed before: the launcher would start the program once more.
    _send(connection, launcher.ACCEPTED)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request.environment)
    os.chdir(request.working_directory)
    sys.stdout = _unbuffered(sys.stdout)
    sys.path[:] = _search_path(request.environment)
    sys.argv = [str(program.__file__), *request.arguments]
    # Until the program sets its own handler, an interrupt would print a traceback.
    signal.signal(signal.SIGINT, lambda *_: os._exit(1))
    threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
    code: int = program.main()
    return code


def _unbuffered(stream: Any) -> io.TextIOWrapper:
    """The stream as `python -u` opens it: nothing is lost if the program ends without a flush.

    `reconfigure(write_through=True)` would not do: it leaves the buffer of bytes below the text.
    """
    raw = io.FileIO(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        cast("BinaryIO", raw), encoding=stream.encoding, errors=stream.errors, write_through=True
    )


def _search_path(environment: Mapping[str, str]) -> list[str]:
    """The folders of modules as after a direct start, without those of the sandbox's process."""
    own = ["", str(PROJECT)]  # its working directory, and what its variable gives
    given = [folder for folder in environment.get("PYTHONPATH", "").split(os.pathsep) if folder]
    found = [folder for folder in sys.path if folder not in own]
    # An editable installation puts the checkout last.
    return list(dict.fromkeys([*given, *found, str(PROJECT)]))


def _end_with(connection: socket.socket) -> None:
    """Pass on the launcher's signals to this process, and end with the launcher."""
    connection.settimeout(None)
    with contextlib.suppress(OSError):
        while number := connection.recv(1):
            os.kill(os.getpid(), number[0])
    os.kill(os.getpid(), signal.SIGTERM)


def _send(connection: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):  # the launcher has ended
        connection.sendall(data)


def _exit_after(call: Callable[[], int]) -> NoReturn:
    """Call the function and end the process, without the rest of the process that was forked."""
    code = 1
    try:
        code = call()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - this process ends here in any case
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
