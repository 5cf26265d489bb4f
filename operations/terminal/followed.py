"""Show on a terminal the progress of a run of pulumi whose output is read and not shown.

Pulumi writes an event for each resource into a file (`--event-log`; pulumi 3.256,
pkg/backend/display/events.go). Events have the values of resources, so the file is in a folder that
only this user can read, and is deleted at the end. Without a terminal pulumi runs as usual.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Final, NamedTuple

from operations.terminal.output import progress

#: Without it pulumi does not know `--event-log`; Pulumi's own automation API sets it as well.
WITH_EVENTS: Final = {"PULUMI_DEBUG_COMMANDS": "true"}
#: Commands that ask GitHub and AWS about each resource.
_LONG: Final = {"preview", "refresh"}
_DONE: Final = '"resOutputsEvent"'
_SECONDS: Final = 0.2


class Followed(NamedTuple):
    """The options and variables with which a run can be followed; empty without a terminal."""

    options: Sequence[str] = ()
    environment: dict[str, str] = {}  # noqa: RUF012 - never changed


@contextmanager
def followed(arguments: Sequence[str]) -> Iterator[Followed]:
    """Show the progress of a run of pulumi with these arguments while the block runs it."""
    if arguments[0] not in _LONG or not sys.stderr.isatty():
        yield Followed()
        return
    stack = arguments[arguments.index("--stack") + 1] if "--stack" in arguments else "pulumi"
    with (
        TemporaryDirectory(prefix="slipway-") as folder,
        progress(f"{stack}: pulumi {arguments[0]}") as told,
    ):
        file, over = Path(folder) / "events", Event()
        thread = Thread(target=_follow, args=(file, over, lambda done: told(done, None)))
        thread.start()
        try:
            yield Followed(("--event-log", str(file)), WITH_EVENTS)
        finally:
            over.set()
            thread.join()


def _follow(file: Path, over: Event, tell: Callable[[int], None]) -> None:
    """Count finished resources until `over`; the file may come late, or never."""
    done, rest = 0, ""
    while not file.exists():
        if over.wait(_SECONDS):
            return
    with file.open(encoding="utf-8", errors="replace") as events:
        while not over.wait(_SECONDS):
            *lines, rest = (rest + events.read()).split("\n")
            done += sum(_DONE in line for line in lines)
            tell(done)
