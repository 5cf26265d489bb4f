"""The parts of docs/backends.md that are made from figures, by name."""

from pathlib import Path
from typing import Any, Final

from tests.bench.figures import Figures
from tests.bench.markdown import number, paragraph, table

DOCUMENT: Final = Path(__file__).parents[3] / "docs/backends.md"
#: The figures from which the page was made.
COMMITTED: Final = Path(__file__).with_name("figures.json")


def blocks(figures: Figures) -> dict[str, str]:
    """Each part as Markdown."""
    entries = figures.get("writes", [])
    return {"machine": _machine(entries), "writes": _writes(entries)}


def _machine(entries: list[dict[str, Any]]) -> str:
    kinds = {
        "{cores} cores, {system}, Python {python}, Pulumi {pulumi}".format(**entry["machine"])
        for entry in entries
    }
    days = sorted({entry["measured_on"] for entry in entries})
    loads = [entry["machine"]["load"] for entry in entries]
    if not entries:
        return "Not measured."
    return paragraph(
        f"Measured on {' and '.join(days)}: {'; '.join(sorted(kinds))}.",
        f"The machine's load was {min(loads)} to {max(loads)} before a measurement.",
    )


def _writes(entries: list[dict[str, Any]]) -> str:
    rows = [
        [
            entry["backend"],
            "yes" if entry["compressed"] else "no",
            str(entry["repositories"]),
            number(entry["resources"], 0),
            number(entry["seconds"] * 1000, 0),
            number(entry["cpu_seconds"] * 1000, 0),
            number(entry["requests"]) if entry["requests"] else "",
            number(entry["bytes_out"] / 1000, 0),
            number(entry["bytes_in"] / 1000, 0),
        ]
        for entry in sorted(entries, key=lambda one: int(one["repositories"]))
    ]
    head = ["backend", "zstd", "repositories", "resources", "ms", "CPU ms", "requests"]
    return table([*head, "kB out", "kB in"], rows, texts=2)
