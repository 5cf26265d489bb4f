"""Run one Pulumi program: the child process of the language host, in the project's own Python.

Its whole input, including configuration and secrets, is one JSON document on standard input: the
process list does not show it, and the children of the user's program do not inherit it. The module
is started by path, in a Python that may not know this package; therefore it imports only the
standard library and the SDK. The sandbox's preloaded process imports it (`sandbox.preloaded`).
"""

import ast
import asyncio
import gc
import importlib
import json
import logging
import os
import runpy
import signal
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

# Imports create tens of thousands of objects and no garbage: collecting takes a tenth of the time.
gc.set_threshold(100_000, 50, 100)
try:
    import pulumi
    import pulumi.runtime
except ImportError:
    sys.exit(
        f"The Pulumi SDK is not installed in the environment of {sys.executable}: "
        "install the project's requirements there, then run again."
    )

# With this exit code the language host lets the engine stop without a further message.
EXIT_AFTER_MESSAGE = 32
EXIT_INTERRUPTED = 130
#: Packages of this checkout's program whose import takes long.
_SLOW = ("grpc._channel", "pulumi_aws.iam", "pulumi_github", "pydantic", "requests", "yaml")
_CHECKOUT = Path(__file__).parents[2]
#: The modules of this checkout's program that `preload` has imported, each with its file and a mark
#: of the file's content.
_own: dict[str, tuple[str, tuple[int, int] | None]] = {}


def preload() -> None:
    """Import this checkout's program and its packages, before the sandbox forks programs."""
    for name in _SLOW:
        with suppress(ImportError):
            # pulumi_aws imports the modules of a service when one of its names is asked for first.
            getattr(importlib.import_module(name), "Role", None)
    before = set(sys.modules)
    # A file that cannot be read or imported now is the run's business: it shows the error.
    with suppress(Exception):
        for node in ast.parse((_CHECKOUT / "__main__.py").read_bytes()).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                importlib.import_module(node.module)
    for name in set(sys.modules) - before:
        folder = name.partition(".")[0]
        file = getattr(sys.modules[name], "__file__", None)
        if file and folder != "sandbox" and Path(file).is_relative_to(_CHECKOUT / folder):
            _own[name] = file, _mark(file)


def _mark(file: str) -> tuple[int, int] | None:
    try:
        found = Path(file).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _forget_own(program: Path) -> None:
    """Let the program import anew what `preload` imported, if it is another one or has changed."""
    packages = {name.partition(".")[0] for name in _own}
    same = all((program.parent / name).resolve() == _CHECKOUT / name for name in packages)
    if same and all(_mark(file) == mark for file, mark in _own.values()):
        return
    for name in list(sys.modules):
        if name.partition(".")[0] in packages:
            del sys.modules[name]


def main() -> int:
    """Run the program of the request on standard input; returns the exit code."""
    # A shell starts its background processes, and with them a sandbox, without SIGINT.
    signal.signal(signal.SIGINT, _interrupt)
    if sys.argv[1:]:  # the project's interpreter, if this process runs another path to the same
        sys.executable = sys.argv[1]
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # the host starts it blocked
        return _main()
    except KeyboardInterrupt:
        _end_interrupted()


def _main() -> int:
    """Configure the SDK, then run the program."""
    request: dict[str, Any] = json.load(sys.stdin)
    pulumi.runtime.set_all_config(request["config"], request["config_secret_keys"])
    parallel = int(request["parallel"])
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            project=request["project"],
            stack=request["stack"],
            organization=request["organization"],
            root_directory=request["root_directory"],
            monitor=request["monitor"],
            engine=request["engine"],
            parallel=parallel,
            dry_run=request["dry_run"],
        )
    )
    program = _entry_point(Path(request["program"]))
    _forget_own(program)
    sys.argv = [str(program), *request["args"]]
    os.chdir(request["working_directory"])
    sys.path.insert(0, str(program.parent))
    return _run(lambda: runpy.run_path(str(program), run_name="__main__"), program, parallel)


def _entry_point(program: Path) -> Path:
    file = program.resolve()
    if file.is_dir():
        file /= "__main__.py"
    if not file.is_file():
        # Without this check, runpy would search all of sys.path for a __main__.py.
        pulumi.log.error(f"There is no program: {file} is missing.")
        sys.exit(EXIT_AFTER_MESSAGE)
    return file


def _run(run_program: Callable[[], object], program: Path, parallel: int) -> int:
    # After a failure some futures of the program are never awaited; asyncio would report each one.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)

    def start() -> None:  # what a module returns is not for the SDK to await
        run_program()

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # Calls to the engine block a thread each; four per parallel resource is the SDK's own measure.
    executor = ThreadPoolExecutor(max_workers=max(parallel, 1) * 4)
    loop.set_default_executor(executor)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(start))
    except KeyboardInterrupt:
        _end_interrupted()
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return EXIT_AFTER_MESSAGE
    except Exception as error:  # noqa: BLE001 - whatever the user's program raises is for its user
        pulumi.log.error(
            "Program failed with an unhandled exception:\n" + _users_trace(error, program)
        )
        return EXIT_AFTER_MESSAGE
    finally:
        executor.shutdown(wait=True)
        loop.close()
        _flush()
    return 0


def _users_trace(error: Exception, program: Path) -> str:
    """The traceback without the frames of the SDK, asyncio and this module."""
    frame: TracebackType | None = error.__traceback__
    while frame is not None:
        file = Path(frame.tb_frame.f_code.co_filename)
        if file.is_absolute() and file.is_relative_to(program.parent):
            return "".join(traceback.format_exception(error.with_traceback(frame)))
        frame = frame.tb_next
    return "".join(traceback.format_exception(error))


def _interrupt(*_: object) -> NoReturn:
    """Interrupt the program once: the engine and the host both send the signal.

    A second one would interrupt the end itself. If the program does not end, the host kills it.
    """
    signal.signal(signal.SIGINT, lambda *_: None)
    raise KeyboardInterrupt


def _end_interrupted() -> NoReturn:
    """End without Python's own end, which would report each coroutine that was not awaited."""
    # The engine is ending and does not answer calls that are still open.
    _flush()
    os._exit(EXIT_INTERRUPTED)


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
