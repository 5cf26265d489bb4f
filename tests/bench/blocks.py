"""All parts of docs/performance.md that are made from figures, by name."""

from collections.abc import Iterator
from typing import Any, Final

from tests.bench.comparison_blocks import comparison_blocks
from tests.bench.figures import Figures
from tests.bench.markdown import number, paragraph, seconds, table

#: The load of a machine that has nothing else to do, and the one that runs make themselves.
_IDLE: Final = 0.5
_OWN: Final = 4


def blocks(figures: Figures) -> dict[str, str]:
    """Each part as Markdown."""
    return {
        **comparison_blocks(figures),
        "machine": _machine(figures),
        "observations": _observations(figures.get("observations", [])),
        "looks": _looks(figures.get("looks", [])),
        "validations": _validations(figures.get("validations", [])),
    }


def _machine(figures: Figures) -> str:
    entries = [entry for part in figures.values() for entry in part]
    kinds = {
        "{cores} cores, {system}, Python {python}, Pulumi {pulumi}, OpenTofu {opentofu}, GitHub "
        "provider {github_provider} in both".format(**entry["machine"])
        for entry in entries
    }
    days = sorted({entry["measured_on"] for entry in entries})
    if not entries:
        return "Not measured."
    before = [entry["machine"]["load"] for entry in entries]
    during = max([*_loads(entries), *before])
    told = f"Measured on {' and '.join(days)}: {'; '.join(sorted(kinds))}."
    load = (
        f"The machine's load was {min(before)} to {max(before)} before a measurement, and {during} "
        "at most between its runs"
    )
    alone = max(before) < _IDLE and during < _OWN
    return paragraph(
        told, f"{load}." if alone else f"{load}: other programs ran as well, and took their share."
    )


def _loads(measured: Any) -> Iterator[float]:
    """The load before each run, wherever in an entry it is."""
    if isinstance(measured, dict):
        if "load_before" in measured:
            yield float(measured["load_before"])
        measured = list(measured.values())
    if isinstance(measured, list):
        for inner in measured:
            yield from _loads(inner)


def _observations(entries: list[dict[str, Any]]) -> str:
    rows = [
        [
            str(entry["repositories"]),
            which,
            seconds(look["seconds"]),
            seconds(look["cpu_seconds"]),
            seconds(look["cpu_seconds_by_program"].get("slipway", 0)),
            seconds(look["sandbox_cpu_seconds"]),
            str(look["megabytes_by_program"].get("slipway", 0)),
            number(look["requests"] / entry["repositories"], 2),
            number(look["requests_counted"] / entry["repositories"], 2),
        ]
        for entry in entries
        for which, look in entry["looks"].items()
    ]
    headings = ["repositories", "look", "seconds", "CPU s", "of slipway", "of the sandbox", "MB"]
    return table([*headings, "requests each", "of them counted"], rows, texts=2)


def _looks(entries: list[dict[str, Any]]) -> str:
    rows = [
        [
            str(entry["repositories"]),
            f"`{look}`" if look != "first" else "`warn`, the first one",
            seconds(cost["seconds"]),
            seconds(cost["cpu_seconds"]),
            number(cost["requests"] / entry["repositories"]),
        ]
        for entry in entries
        for look, cost in entry["looks"].items()
    ]
    headings = ["repositories", "`slipway:look`", "seconds", "CPU s", "requests each"]
    return table(headings, rows, texts=2)


def _validations(entries: list[dict[str, Any]]) -> str:
    return paragraph(*(_validation(entry) for entry in entries))


def _validation(entry: dict[str, Any]) -> str:
    run = entry["run"]
    first, *_ = run["seconds_of_each"]
    return (
        f"For {entry['repositories']} repositories it took {seconds(run['seconds'])} s in the "
        f"median of {run['runs']} runs, {seconds(first)} s at first, and sent GitHub "
        f"{number(run['requests'])} requests."
    )
