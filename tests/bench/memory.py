"""Peak memory of a process tree, by program, sampled from /proc (Linux)."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_PAGE_MB = 4096 / 1e6


class PeakMemory:
    """Samples the tree below a process until the block ends.

    Attributes:
        total: highest sum of resident memory of all processes, in MB.
        by_program: highest resident memory of each program, in MB.
    """

    def __init__(self, pid: int, interval: float = 0.1) -> None:
        """Watch `pid` and its descendants every `interval` seconds."""
        self.total = 0.0
        self.by_program: dict[str, float] = {}
        self._pid = pid
        self._interval = interval
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

    def _watch(self) -> None:
        while not self._done.wait(self._interval):
            now: dict[str, float] = {}
            for pid in _tree(self._pid):
                program, size = _program(pid), _resident(pid)
                now[program] = now.get(program, 0) + size
            self.total = max(self.total, sum(now.values()))
            for program, size in now.items():
                self.by_program[program] = max(self.by_program.get(program, 0), size)


def _tree(root: int) -> list[int]:
    """The process and everything below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            parent = _parent(int(entry.name))
            children.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        queue += children.get(pid, [])
    return found


def _parent(pid: int) -> int:
    try:
        # The command name may hold spaces and brackets: what follows the last one is regular.
        return int(Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1]) * _PAGE_MB
    except (OSError, IndexError):
        return 0.0


def _program(pid: int) -> str:
    """What a reader calls the process."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return "other"
    for mark, name in (
        ("sandbox.aws.plugin", "AWS plugin"),
        ("pulumi-resource-github", "GitHub plugin"),
        ("sandbox.engine.language_host", "language host"),
        ("sandbox.engine.program", "program"),
        ("pulumi", "engine"),
    ):
        if mark in command:
            return name
    return "other"
