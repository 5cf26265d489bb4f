"""Run sandboxes, and slipway's commands, as forks of one process that has imported all they need.

Each test worker has one such process. A new sandbox takes 1.3 s of CPU, a second of it for imports
and for reading AWS's models; its own preloaded process (`sandbox.preloaded`) then imports the SDKs
once more. A command takes half a second of imports. A fork takes none of these.

Not forked: the command `slipway sandbox`, one start by `sandbox.process`, and the tests that run
README word by word or that kill a command. They start a new Python.
"""

import functools
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

from sandbox.home import PROJECT


def launch(arguments: Sequence[str], log: Path) -> int:
    """Start a sandbox; see `sandbox.process.Launch`."""
    log.touch()
    variables = {**os.environ, "PYTHONPATH": str(PROJECT)}
    process = _server().Process(
        target=be_sandbox, args=(list(arguments), log, variables), daemon=True
    )
    process.start()
    assert process.pid is not None
    return process.pid


def run_slipway(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str], timeout: float
) -> CompletedProcess[str]:
    """Run a command of slipway to its end.

    Args:
        arguments: of the command line.
        folder: its working directory.
        variables: all of its environment.
        timeout: seconds after which it is killed.

    Raises:
        TimeoutExpired: it was killed.
    """
    command = ["slipway", *arguments]
    with TemporaryDirectory() as name:
        streams = [Path(name, stream) for stream in ("stdout", "stderr")]
        for stream in streams:
            stream.touch()
        process = _server().Process(
            target=be_slipway, args=(command, folder, dict(variables), *streams)
        )
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutExpired(command, timeout)
        output, errors = (stream.read_text("utf-8") for stream in streams)
        return CompletedProcess(command, process.exitcode, output, errors)


@contextmanager
def serving(home: Path) -> Iterator[None]:
    """Start programs as a sandbox in `home` does."""
    process = _server().Process(target=be_server, args=(home,), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


@functools.cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    # `sandbox.process` ends no process whose command line lacks the sandbox's module.
    context.set_forkserver_preload(["sandbox.daemon", "tests.e2e.preloaded"])
    return context


def be_sandbox(arguments: Sequence[str], log: Path, variables: Mapping[str, str]) -> None:
    """Be a sandbox, in a process of its own, until it is stopped."""
    from sandbox import daemon

    os.setsid()
    _become(PROJECT, variables, log, log)
    sys.argv = [str(daemon.__file__), *arguments]
    os._exit(daemon.main())


def be_server(home: Path) -> None:
    """Serve programs until the end of this process."""
    from sandbox.preloaded import server

    server.start(home)
    signal.pause()


def be_slipway(
    command: Sequence[str],
    folder: Path,
    variables: Mapping[str, str],
    output: Path,
    errors: Path,
) -> None:
    """Be one command of slipway, in a process of its own, as its console script is."""
    from operations.cli import main

    _become(folder, variables, output, errors)
    sys.argv = list(command)
    sys.exit(main())


def _become(folder: Path, variables: Mapping[str, str], output: Path, errors: Path) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    # multiprocessing has given standard input another number; programs of a sandbox read 0.
    files = [os.open(os.devnull, os.O_RDONLY)]
    files += [os.open(path, os.O_WRONLY | os.O_APPEND) for path in (output, errors)]
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin = os.fdopen(0, closefd=False)
