"""The Python language host for a Pulumi CLI built from Go modules; the official CLI has its own.

A gRPC `LanguageRuntime` server that the engine starts: it prints its port, answers the engine's
calls, runs each program in a child process, and ends with the engine.

Deliberately absent: installing dependencies, plugins written in Python, code generation, debugging;
such a call gets an error. The lists of required packages are empty: an engine downloads each
missing package even if the program never uses it, and this CLI finds plugins on PATH.
"""

# ruff: noqa: ARG002, N802 - the protocol sets the methods' names and parameters

import functools
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from queue import SimpleQueue
from typing import NoReturn

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict

from sandbox.engine.project_python import ProjectPython, ProjectPythonError, project_python
from sandbox.preloaded import OF_A_SERVER
from sandbox.preloaded.program_start import program_command
from sandbox.protocol import language_pb2, language_pb2_grpc, plugin_pb2

_PROGRAM = Path(__file__).with_name("program.py")
_MODULE = "sandbox.engine.program"
# The same numbers as in program.py, which another interpreter runs and no module imports.
_EXIT_AFTER_MESSAGE = 32
_SECONDS_TO_END = 3.0
_OPTIONS = [
    ("grpc.max_receive_message_length", 400 * 1024 * 1024),
    ("grpc.max_send_message_length", 400 * 1024 * 1024),
]


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Answers one engine, and remembers its running programs so that none outlives it."""

    def __init__(self, engine_address: str, home: Path) -> None:
        self._engine_address = engine_address
        self._home = home
        self._running: set[subprocess.Popen[str]] = set()

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        """Return an empty answer: the host got the engine's address as an argument."""
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Return the version of the SDK whose protocol this host speaks."""
        return plugin_pb2.PluginInfo(version=_sdk_version())

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """Return an empty list; see the module's docstring."""
        return language_pb2.GetRequiredPackagesResponse()

    def GetRequiredPlugins(
        self, request: language_pb2.GetRequiredPluginsRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPluginsResponse:
        """Return an empty list; see the module's docstring."""
        return language_pb2.GetRequiredPluginsResponse()

    def About(
        self, request: language_pb2.AboutRequest, context: grpc.ServicerContext
    ) -> language_pb2.AboutResponse:
        """Return the Python that runs the project."""
        python = _python(request.info, context)
        return language_pb2.AboutResponse(
            executable=str(python.executable), version=python.version()
        )

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        """List all installed packages: a virtual environment does not record direct ones."""
        packages = _python(request.info, context).packages()
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=name, version=packages[name])
                for name in sorted(packages)
            ]
        )

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Refuse: the project itself sets up its virtual environment."""
        context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            "this language host installs nothing; install the project's requirements into its "
            "virtual environment yourself",
        )
        return iter(())  # for the type checker: abort raises

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """Interrupt the programs, because the engine was interrupted."""
        for program in list(self._running):
            program.send_signal(signal.SIGINT)
        return Empty()

    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run the program to its end and send its output to the engine at once."""
        if request.attach_debugger:
            return language_pb2.RunResponse(error="this language host cannot attach a debugger")
        python = _python(request.info, context)
        program = subprocess.Popen(  # noqa: S603 - the user's own interpreter
            program_command(self._home, python.executable, python.environment, _MODULE)
            # -P: modules beside program.py are not importable by the program; -u: unbuffered output
            or [python.executable, "-P", "-u", _PROGRAM],
            env=python.environment,
            stdin=subprocess.PIPE,
            text=True,
        )
        self._running.add(program)
        try:
            program.communicate(json.dumps(self._described(request)))
        finally:
            self._running.discard(program)
        return _outcome(program.returncode)

    def end_programs(self) -> None:
        """Interrupt all running programs, and kill those that do not end."""
        programs = list(self._running)
        for program in programs:
            program.send_signal(signal.SIGINT)
        for program in programs:
            try:
                program.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                program.kill()

    def _described(self, request: language_pb2.RunRequest) -> dict[str, object]:
        return {
            "project": request.project,
            "stack": request.stack,
            "organization": request.organization or "organization",
            "root_directory": request.info.root_directory,
            "monitor": request.monitor_address,
            "engine": self._engine_address,
            "parallel": request.parallel,
            "dry_run": request.dryRun,
            "config": dict(request.config),
            "config_secret_keys": list(request.configSecretKeys),
            "working_directory": request.pwd,
            "program": str(Path(request.info.program_directory, request.info.entry_point)),
            "args": list(request.args),
        }


@functools.cache
def _sdk_version() -> str:
    """The engine asks for it at each start, and it is in a file of the SDK's distribution."""
    return version("pulumi")


def _python(info: language_pb2.ProgramInfo, context: grpc.ServicerContext) -> ProjectPython:
    try:
        return project_python(Path(info.root_directory), MessageToDict(info.options))
    except ProjectPythonError as problem:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(problem))
        raise  # for the type checker: abort raises


def _outcome(exit_code: int) -> language_pb2.RunResponse:
    if exit_code == 0:
        return language_pb2.RunResponse()
    if exit_code == _EXIT_AFTER_MESSAGE:  # the program has printed the reason
        return language_pb2.RunResponse(bail=True)
    if exit_code < 0:
        return language_pb2.RunResponse(
            error=f"the program was ended by {signal.Signals(-exit_code).name}"
        )
    return language_pb2.RunResponse(error=f"the program exited with code {exit_code}")


def preload() -> None:
    """Load what the first calls of each host need, before the sandbox's server forks hosts."""
    for name in OF_A_SERVER:
        importlib.import_module(name)
    _sdk_version()


def main() -> NoReturn:
    """Serve until the engine ends this process or has ended itself."""
    # A handler may interrupt the wait below at any place. `put` of this queue is reentrant; `set`
    # of an event would wait for ever for a lock that the interrupted wait holds.
    over: SimpleQueue[None] = SimpleQueue()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: over.put(None))
    # The script gives the sandbox's home. The engine puts its own options before its address.
    host = LanguageHost(sys.argv[-1], Path(sys.argv[1]))
    threads = ThreadPoolExecutor(max_workers=16, initializer=_block_interrupts)
    server = grpc.server(threads, options=_OPTIONS)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    threading.Thread(target=_wait_for_engine, args=(over,), daemon=True).start()
    over.get()
    host.end_programs()
    # Nothing is left to save, and gRPC's threads may block a normal exit.
    os._exit(0)


def _block_interrupts() -> None:
    """Let programs start with SIGINT blocked: until one is ready, Python would print a traceback.

    A process inherits the mask of the thread that starts it.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _wait_for_engine(over: "SimpleQueue[None]") -> None:
    """Wait for the end of standard input: the engine keeps it open, but writes nothing."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    over.put(None)


if __name__ == "__main__":
    main()
