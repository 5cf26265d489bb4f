"""The AWS CLI for jobs, loaded once: each command is a fork of a process that has imported it.

A start of the CLI takes most of a command's time: it imports botocore and reads the descriptions of
the services. The program `aws` of a job (`_CLIENT`) sends its arguments, folder, variables and open
files to this process. The fork takes them over and runs the CLI as the installed program does, with
its own session, so that variables and configuration files are those of the job. Deliberately
absent: signals of the job, which end only the client.
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
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, Final, NoReturn

from awscli.clidriver import create_clidriver  # type: ignore[import-untyped]  # it ships no types

#: The program `aws` of a job. It starts Python without site packages, in a hundredth of a second.
_CLIENT: Final = """\
#!{python} -IS
import os, socket, sys
with socket.socket(socket.AF_UNIX) as cli:
    cli.connect({address!r})
    told = repr((sys.argv[1:], os.getcwd(), dict(os.environ))).encode("utf-8", "surrogateescape")
    socket.send_fds(cli, [len(told).to_bytes(8, "big")], [0, 1, 2])
    cli.sendall(told)
    sys.exit(int(cli.recv(8) or 255))
"""
#: One command of each service that the workflows use, so that its description is read before.
_KNOWN: Final = ("lambda get-function --function-name x", "s3 ls", "sts get-caller-identity")


@contextmanager
def running_cli(program: Path) -> Iterator[None]:
    """Write the program `aws`, which works as long as this context lasts."""
    with tempfile.TemporaryDirectory(prefix="aws-") as folder:  # short: a socket's path has a limit
        address = str(Path(folder, "cli"))
        program.write_text(_CLIENT.format(python=Path(sys.executable).resolve(), address=address))
        program.chmod(0o755)
        command = [sys.executable, "-m", __name__, address]
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "AWS_MAX_ATTEMPTS": "1"}
        with subprocess.Popen(
            command,
            env=environment,
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            yield
            server.communicate()  # the end of its input ends it


def serve(address: str) -> None:
    """Run commands until standard input ends, so that this process does not outlive the tests."""
    loader = _loader()
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
                _answer(connection, loader)
            connection.close()


def _loader() -> Any:
    """Return botocore's reader of descriptions, after it has read those that are needed."""
    driver = create_clidriver()
    with Path(os.devnull).open("w") as out, redirect_stdout(out), redirect_stderr(out):
        for command in _KNOWN:  # each fails for lack of credentials, after it has been parsed
            driver.main([*command.split(), "--region", "eu-west-1"])
    gc.freeze()  # a collection in a fork would copy this process's memory
    return driver.session.get_component("data_loader")


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _answer(connection: socket.socket, loader: Any) -> NoReturn:
    """Run one command in this fork, in the client's place."""
    code = 255
    try:
        head, files, *_ = socket.recv_fds(connection, 8, 3)
        with connection.makefile("rb") as stream:
            told = stream.read(int.from_bytes(head, "big")).decode("utf-8", "surrogateescape")
        arguments, folder, variables = ast.literal_eval(told)
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(variables)
        sys.argv = ["aws", *arguments]
        driver = create_clidriver()
        driver.session.register_component("data_loader", loader)
        code = driver.main(arguments)
    except SystemExit as ended:  # argparse found a wrong argument
        code = ended.code if isinstance(ended.code, int) else 255
    except BaseException:  # noqa: BLE001 - as an uncaught exception of the program
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(str(code).encode())
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
