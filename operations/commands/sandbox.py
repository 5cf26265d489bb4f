"""`slipway sandbox`: start and stop the offline GitHub and AWS, with the sample stack in it."""

import argparse
import os
import shlex
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from components.config.problems import ExitCode
from operations.terminal.output import PROJECT, console, data, talk
from sandbox.engine.errors import EngineError
from sandbox.engine.find import ensure_engine
from sandbox.environment import FOREIGN, sandbox_environment
from sandbox.home import Record, sandbox_home
from sandbox.process import SandboxError, require_running, running, start, stop
from sandbox.summary import print_summary, write_details

STACK: Final = "sandbox"


def run(options: argparse.Namespace) -> int:
    """Do one action, without the user's own GitHub and AWS settings in the environment."""
    for name in FOREIGN:
        os.environ.pop(name, None)
    actions: dict[str, Callable[[], int]] = {
        "start": lambda: _start(options.github),
        "stop": _stop,
        "env": _env,
        "reset": _reset,
        "up": _up,
        "down": _down,
    }
    try:
        return actions[options.action]()
    except (SandboxError, EngineError) as error:
        talk(f"error: {error}")
        return ExitCode.ERROR


def _start(github_host: str | None) -> int:
    record = start(talk, github_host)
    log = os.path.relpath(sandbox_home() / "sandbox.log")
    talk(f"the sandbox runs (process {record.pid}, log {log})")
    talk('point pulumi at it: eval "$(slipway sandbox env)"')
    data(f"github {record.github_url}")
    data(f"aws {record.aws_url}")
    return ExitCode.SUCCESS


def _stop() -> int:
    talk("the sandbox has stopped" if stop() else "the sandbox was not running")
    return ExitCode.SUCCESS


def _env() -> int:
    variables = _environment(require_running())
    for name, value in variables.items():
        data(f"export {name}={shlex.quote(value)}")
    for name in FOREIGN:
        data(f"unset {name}")
    return ExitCode.SUCCESS


def _reset() -> int:
    stop()
    start(talk)
    talk("the sandbox is as it was at first: `make up` onboards its repositories again")
    return ExitCode.SUCCESS


def _up() -> int:
    """Onboard the sample; the engine's output and all objects go to a log, one screen is shown."""
    begin = time.monotonic()
    record = start(talk)
    environment = _environment(record)
    path = sandbox_home() / "up.log"
    shown_path = os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    talk(f"onboarding the sample stack, about ten seconds; pulumi's output: {shown_path}")
    with path.open("w", encoding="utf-8") as log:
        code = _pulumi(environment, "stack", "select", "--create", STACK, log=log)
        if code == ExitCode.SUCCESS:
            update = ("up", "--yes", "--skip-preview", "--stack", STACK)
            code = _pulumi(environment, *update, log=log)
        if code == ExitCode.SUCCESS:
            write_details(record, log)
    if code != ExitCode.SUCCESS:
        talk(path.read_text(encoding="utf-8"))
        return code
    print_summary(record, console())
    seconds = f"{time.monotonic() - begin:.0f} s"
    talk(f"done in {seconds}; every object, and pulumi's output: {shown_path}")
    return code


def _down() -> int:
    record = running()
    if record is None:
        talk("the sandbox was not running")
        return ExitCode.SUCCESS
    state = sandbox_home() / "state/.pulumi/stacks/slipway" / f"{STACK}.json"
    if state.exists():
        code = _pulumi(_environment(record), "destroy", "--yes", "--skip-preview", "--stack", STACK)
        if code != ExitCode.SUCCESS:
            return code
    return _stop()


def _environment(record: Record) -> dict[str, str]:
    variables = sandbox_environment(record, ensure_engine(talk).folder)
    # The user's shell gets `slipway` and the project's Python as well.
    variables["PATH"] = f"{PROJECT / '.venv/bin'}{os.pathsep}{variables['PATH']}"
    return variables


def _pulumi(environment: dict[str, str], *arguments: str, log: IO[str] | None = None) -> int:
    """Run pulumi as a user would. Its output goes to stderr, where it is no data, or to a log."""
    return subprocess.run(  # noqa: S603 - the engine that ensure_engine found
        ["pulumi", *arguments, "--non-interactive"],  # noqa: S607 - first on the sandbox's PATH
        cwd=PROJECT,
        env=os.environ | environment,
        stdout=log or 2,
        stderr=subprocess.STDOUT if log else None,
        check=False,
    ).returncode
