"""Let the sandbox's server run a program in place of this process; see the package's docstring.

The arguments are the sandbox's home, the program's module and its arguments. This process waits
for the program and exits with its code. The program ends when this process ends, because the
connection between them then closes.

The start of this process is part of each start of a program. It therefore imports C modules only:
`socket` and `signal` would double its time. For the same reason it has no types of `typing`. With
an engine that is built here the same in Go starts in its place (engine/cli/launcher).
"""

import _signal  # type: ignore[import-not-found] # typeshed describes `signal` only
import _socket
import os
import sys

#: The server's socket in the sandbox's home.
SOCKET = "preloaded.sock"
#: The interval at which this process checks whether the engine still runs.
LOOK_SECONDS = 2.0
#: The server's first byte to a launcher that it serves.
ACCEPTED = b"+"
#: The signals that the program gets from this process.
_PASSED_ON = (_signal.SIGINT, _signal.SIGTERM)


def main() -> None:
    """Run the program; it never returns."""
    home, module, *arguments = sys.argv[1:]
    engine = os.getppid()
    # The program may run before this process reads that it was accepted. Until this process can
    # pass signals on, they wait.
    inherited = _signal.pthread_sigmask(_signal.SIG_BLOCK, _PASSED_ON)
    try:
        connection = _served(home, module, arguments)
        accepted = _next_byte(connection, engine) == ACCEPTED
    except OSError:
        accepted = False
    if not accepted:
        _signal.pthread_sigmask(_signal.SIG_SETMASK, inherited)
        os.execv(  # noqa: S606 - the script's own interpreter
            sys.executable, [sys.executable, "-P", "-m", module, *arguments]
        )
    for number in _PASSED_ON:
        # The program gets the signal, ends in its own way, and has an exit code.
        _signal.signal(number, lambda sent, _: _pass_on(connection, sent))
    # The language host starts programs with SIGINT blocked too, because of Python's traceback.
    _signal.pthread_sigmask(_signal.SIG_UNBLOCK, _PASSED_ON)
    code = _next_byte(connection, engine)
    os._exit(code[0] if code else 1)


def _served(home: str, module: str, arguments: "list[str]") -> _socket.socket:
    """A connection on which the server has the request and the standard streams."""
    working_directory = os.getcwd()  # noqa: PTH109 - importing pathlib takes too long
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        # A socket's path may have about 100 bytes, its name in the working directory has few.
        os.chdir(home)
        connection.connect(SOCKET)
    finally:
        os.chdir(working_directory)
    connection.settimeout(LOOK_SECONDS)
    parts = (sys.executable, __file__, module, working_directory, str(len(arguments)), *arguments)
    request = b"".join(os.fsencode(part) + b"\0" for part in parts)
    request += b"".join(name + b"=" + value + b"\0" for name, value in os.environb.items())
    streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    connection.sendmsg(
        [len(request).to_bytes(4, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)]
    )
    connection.sendall(request)
    return connection


def _pass_on(connection: _socket.socket, number: int) -> None:
    try:
        connection.send(bytes([number]))
    except OSError:  # the program has ended
        return


def _next_byte(connection: _socket.socket, engine: int) -> bytes:
    """The server's next byte; empty at the end of the connection."""
    while True:
        try:
            return connection.recv(1)
        except TimeoutError:
            if os.getppid() != engine:  # an engine that is killed cannot end its plugins
                os._exit(0)


if __name__ == "__main__":
    main()
