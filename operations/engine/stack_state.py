"""Read and replace the state of a stack with the `pulumi` CLI.

Exports are without `--show-secrets`: values of secrets stay encrypted in memory, in the backup and
in the import. `pulumi stack import` takes the lock of the stack (pulumi 3.256, backend/diy), so a
state is never replaced during an update.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.engine.process import pulumi, pulumi_json

Export = dict[str, Any]
"""The JSON of `pulumi stack export`."""

#: How many backups of a stack are kept.
KEPT: Final = 10


class StateChangedError(ConfigurationError):
    """The state changed after it was read: another run has worked on the stack."""


def export_state(stack: str) -> Export:
    """Read the present state."""
    exported: Export = pulumi_json("stack", "export", "--stack", stack)
    return exported


def resources(export: Export) -> list[dict[str, Any]]:
    """The resources of a state; none for a stack that was never updated."""
    found: list[dict[str, Any]] = export["deployment"].get("resources") or []
    return found


def replace_state(stack: str, before: Export, after: Export) -> Path:
    """Replace a state that was read some time ago; returns the path of the backup.

    Raises:
        StateChangedError: the state has changed since it was read.
        ConfigurationError: another process holds its lock.
    """
    if export_state(stack) != before:
        text = "has changed while it was corrected: nothing was replaced, try again"
        raise StateChangedError([Problem(f"state of {stack}", 0, "", text)], ExitCode.ERROR)
    return write_state(stack, before, after)


def write_state(stack: str, before: Export, after: Export) -> Path:
    """Replace a state that was just read; returns the path of the backup.

    No run begins and ends within such a moment, and one that still runs holds the lock.

    Raises:
        ConfigurationError: another process holds its lock.
    """
    backup = back_up(stack, before)
    pulumi("stack", "import", "--stack", stack, stdin=json.dumps(after))
    return backup


def back_up(stack: str, export: Export) -> Path:
    """Save a state beside Pulumi's own files, readable for this user only; delete the oldest."""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    folder = home / "slipway" / "backups" / stack
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.json"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - a mode from the start
        json.dump(export, file)
    for old in sorted(folder.glob("*.json"))[:-KEPT]:
        old.unlink()
    return path
