"""Peak memory and CPU time of a process tree, by program, sampled from /proc (Linux).

Memory is the proportional set size (proc(5): a page of several processes counts a part in each), so
the sum of all processes is what they take together. A process that was forked, and two of one
program, share most of their pages.
"""

import os
import re
import threading
from collections import Counter
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

_TICKS = os.sysconf("SC_CLK_TCK")
#: Memory is read in one of so many looks: the kernel takes milliseconds for a large process.
_LOOKS = 4
#: A part of the command line, and the process's name in the tables; the first match counts.
_PROGRAMS = (
    ("sandbox.aws.plugin", "AWS plugins"),
    ("pulumi-resource-aws", "AWS plugins"),
    ("pulumi-resource-github", "GitHub plugin"),
    ("terraform-provider-github", "GitHub plugin"),
    ("sandbox/engine/program.py", "program"),
    ("pulumi-language-python-exec", "program"),
    ("sandbox.engine.language_host", "language host"),
    ("pulumi-language-python", "language host"),
    ("sandbox.daemon", "sandbox"),
    ("bin/slipway", "slipway"),
    ("/tofu ", "engine"),
    ("pulumi", "engine"),
)


class Process(NamedTuple):
    """One process at one moment."""

    key: tuple[int, int]
    """Process id and start time: process ids are reused."""
    parent: int
    seconds: float
    """CPU time so far, user and system."""
    of_ended: float
    """The same of its ended children, and of theirs."""


class Usage:
    """Watches the tree below a process until the block ends.

    Attributes:
        megabytes: highest sum of the memory of all processes.
        megabytes_by_program: highest memory of each program.
    """

    def __init__(self, pid: int, interval: float = 0.1) -> None:
        """Watch `pid` and its descendants every `interval` seconds."""
        self.megabytes = 0.0
        self.megabytes_by_program: dict[str, float] = {}
        self._pid = pid
        self._interval = interval
        self._seconds: dict[tuple[int, int], tuple[str, float]] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Start sampling."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Stop sampling."""
        self._done.set()
        self._thread.join()

    @property
    def seconds_by_program(self) -> Counter[str]:
        """CPU time of each program; the last tenth of a second of a process may be missing."""
        total: Counter[str] = Counter()
        for program, seconds in self._seconds.values():
            total[program] += seconds  # type: ignore[assignment] # typeshed: counts are int
        return total

    def _watch(self) -> None:
        names: dict[tuple[int, int], str] = {}
        looks = count()
        while not self._done.wait(self._interval):
            now: Counter[str] = Counter()
            weighed = next(looks) % _LOOKS == 0
            for process in _tree(self._pid):
                # The name is read again while the process may still exec another program, but not
                # when it has ended and has no name.
                if process.seconds < 1:
                    names[process.key] = _program(process.key[0]) or names.get(process.key, "other")
                program = names.setdefault(process.key, "other")
                if weighed:
                    now[program] += _megabytes(process.key[0])  # type: ignore[assignment] # typeshed
                self._seconds[process.key] = program, process.seconds
            self.megabytes = max(self.megabytes, sum(now.values()))
            for program, size in now.items():
                self.megabytes_by_program[program] = max(
                    self.megabytes_by_program.get(program, 0), size
                )


def cpu_seconds(pid: int) -> float:
    """CPU time so far of a process, its descendants, and the ended children of each."""
    return sum(process.seconds + process.of_ended for process in _tree(pid))


def _tree(root: int) -> list[Process]:
    """Return the process and all its descendants."""
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    processes = {pid: process for pid in numbers if (process := _process(pid))}
    children: dict[int, list[Process]] = {}
    for process in processes.values():
        children.setdefault(process.parent, []).append(process)
    found: list[Process] = []
    queue = [processes[root]] if root in processes else []
    while queue:
        process = queue.pop()
        found.append(process)
        queue += children.get(process.key[0], [])
    return found


def _process(pid: int) -> Process | None:
    try:
        # The command name may contain spaces and brackets; the fields after the last bracket are
        # regular.
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return Process(
        (pid, int(stat[19])),
        int(stat[1]),
        (int(stat[11]) + int(stat[12])) / _TICKS,
        (int(stat[13]) + int(stat[14])) / _TICKS,
    )


def _megabytes(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    except OSError:
        return 0  # it has ended
    found = re.search(r"^Pss: +(\d+) kB$", text, re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else 0


def _program(pid: int) -> str | None:
    """Return the name for the tables, if the process is a known one."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        command = command.replace("\0", " ")
    except OSError:
        return None
    return next((name for mark, name in _PROGRAMS if mark in command), None)
