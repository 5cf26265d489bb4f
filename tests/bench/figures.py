"""The file with what was measured: written by a run, read by docs/performance.md's tables.

Each part is a list with an entry for each size of stack. A run replaces the entries of its own
sizes; so parts may be of different days, and each says when it was measured and on what.
"""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

#: The figures from which docs/performance.md was made.
COMMITTED: Final = Path(__file__).with_name("figures.json")
Figures = dict[str, list[dict[str, Any]]]


def read(file: Path) -> Figures:
    """The figures of earlier runs; none if there is no such file."""
    if not file.exists():
        return {}
    found: Figures = json.loads(file.read_text(encoding="utf-8"))
    return found


def write(file: Path, figures: Figures) -> None:
    """Write them for readers of differences: sorted by part and size."""
    file.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def added(figures: Figures, part: str, entries: Sequence[dict[str, Any]]) -> Figures:
    """The figures with entries in the place of those of the same part and size."""
    sizes = {entry["repositories"] for entry in entries}
    kept = [entry for entry in figures.get(part, []) if entry["repositories"] not in sizes]
    together = sorted([*kept, *entries], key=lambda entry: int(entry["repositories"]))
    return figures | {part: together}


def stamped(**versions: str) -> dict[str, Any]:
    """When and on what an entry is measured, and how busy the machine is before."""
    machine = {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }
    return {"machine": machine | versions, "measured_on": datetime.now(UTC).date().isoformat()}


def of_size(figures: Figures, part: str, size: int) -> dict[str, Any] | None:
    """The entry of one size, if there is one."""
    found = (entry for entry in figures.get(part, []) if entry["repositories"] == size)
    return next(found, None)
