"""Start sandboxes as forks of one process of each test worker, which has imported all they need.

A new sandbox takes 1.3 s of CPU, a second of it for imports and for reading AWS's models. Its own
preloaded process (`sandbox.preloaded`) then imports the SDKs once more. The fork takes 0.3 s for
all of this. The command `slipway sandbox`, and the tests of `sandbox.process`, start a new Python.
"""

import functools
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path

from sandbox.home import PROJECT


def launch(arguments: Sequence[str], log: Path) -> int:
    """Start a sandbox; see `sandbox.process.Launch`."""
    log.touch()
    variables = {**os.environ, "PYTHONPATH": str(PROJECT)}
    process = _server().Process(target=run, args=(list(arguments), log, variables), daemon=True)
    process.start()
    assert process.pid is not None
    return process.pid


@functools.cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    # `sandbox.process` ends no process whose command line lacks the sandbox's module.
    context.set_forkserver_preload(["sandbox.daemon", "tests.e2e.preloaded_sandbox"])
    return context


def run(arguments: Sequence[str], log: Path, variables: Mapping[str, str]) -> None:
    """Be a sandbox, in a process of its own, until it is stopped."""
    from sandbox import daemon

    os.setsid()
    os.chdir(PROJECT)
    os.environ.clear()
    os.environ.update(variables)
    # multiprocessing has given standard input another number; the sandbox's programs read 0.
    empty, output = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND)
    for stream, file in enumerate((empty, output, output)):
        os.dup2(file, stream)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.argv = [str(daemon.__file__), *arguments]
    os._exit(daemon.main())
