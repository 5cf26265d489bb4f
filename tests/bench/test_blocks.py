"""The parts of docs/performance.md, made from made-up figures."""

from typing import Any

import pytest

from tests.bench.blocks import blocks
from tests.bench.figures import Figures

MACHINE = {
    "cores": 2,
    "load": 0.2,
    "python": "3.11.9",
    "system": "Linux x86_64",
    "pulumi": "3.1",
    "opentofu": "1.1",
    "github_provider": "6.1",
}
STAMP = {"machine": MACHINE, "measured_on": "2026-01-02"}


def run(seconds: float, requests: int = 100, megabytes: int = 500) -> dict[str, Any]:
    """The cost of a run."""
    return {
        "seconds": seconds,
        "cpu_seconds": seconds / 2,
        "megabytes": megabytes,
        "load_before": 1.5,
        "requests": requests,
        "requests_by_route": {"GET /a": requests},
        "cpu_seconds_by_program": {"engine": 0.5, "slipway": 0.75},
        "megabytes_by_program": {"slipway": 150},
        "sandbox_cpu_seconds": 0.25,
    }


def comparison(size: int, *, faster: float = 1) -> dict[str, Any]:
    """Stacks where slipway has two objects and 80 kB a repository, OpenTofu with one and 20 kB."""
    ours = {
        "commands": {"first": "slipway up", "drift": "slipway drift"},
        "objects": {"file": size, "role": size},
        "state_bytes": size * 80_000,
        "runs": {
            "first": run(size * 1.5 / faster, 50 * size),
            "drift": run(size / 100, 5),
            "check with refresh": run(2.5 * size / 10, 20 * size, megabytes=600),
        },
    }
    theirs = {
        "commands": {"first": "tofu apply"},
        "objects": {"file": size},
        "state_bytes": size * 20_000,
        "runs": {"first": run(size, 40 * size), "check with refresh": run(size / 10, 19 * size)},
    }
    return {"repositories": size, "lanes": {"slipway": ours, "opentofu": theirs}, **STAMP}


@pytest.fixture
def figures() -> Figures:
    """Two sizes, in the order of a file."""
    return {"comparisons": [comparison(25), comparison(100)]}


def test_a_run_has_a_row_for_each_size(figures: Figures) -> None:
    """Seconds, CPU seconds, requests for each repository, memory: slipway's and OpenTofu's."""
    rows = blocks(figures)["runs"].splitlines()
    assert rows[2] == "| first | 25 | 37.5 | 25.0 | 18.8 | 12.5 | 50 | 40 | 500 | 500 |"
    assert rows[3] == "| first | 100 | 150 | 100 | 75.0 | 50.0 | 50 | 40 | 500 | 500 |"


def test_a_run_of_one_tool_leaves_the_other_cell_empty(figures: Figures) -> None:
    """OpenTofu has no drift, and nothing is made up for it."""
    (row, *_) = (row for row in blocks(figures)["runs"].splitlines() if "drift" in row)
    assert row == "| drift | 25 | 0.25 |   | 0.12 |   | 0.2 |   | 500 |   |"


def test_goals_are_ratios_and_tell_whether_they_are_reached(figures: Figures) -> None:
    """A limit that is met exactly is reached."""
    cells = [
        [cell.strip() for cell in row.split("|")[3:6]]
        for row in blocks(figures)["goals"].splitlines()[2:]
    ]
    assert cells == [
        ["1.5", "yes", "1.5"],
        ["0.75", "yes", "0.75"],
        ["1", "yes", "1"],
        ["2.5", "yes", "2.5"],
        ["0.1", "yes", "0.1"],
        ["80", "yes", ""],
        ["0.6", "yes", ""],
    ]


def test_a_goal_that_is_missed_says_so() -> None:
    """A first run that takes twice as long misses its goal; one that was not measured says so."""
    rows = blocks({"comparisons": [comparison(25, faster=0.5)]})["goals"].splitlines()[2:]
    assert rows[0].endswith("| 3 | no | 3 |")
    assert rows[2].endswith("| not measured |   |   |")


def test_objects_memory_state_and_limit_are_told(figures: Figures) -> None:
    """The sentences have the figures of 25 repositories."""
    told = {name: " ".join(text.split()) for name, text in blocks(figures).items()}
    assert "the same 1 objects on GitHub (1 of `file`)" in told["objects"]
    assert "makes 2 in all, with these in AWS: `role`" in told["objects"]
    assert "slipway takes 0.6 GB at most (check with refresh)" in told["memory"]
    assert "80 kB for each of 25 repositories, and OpenTofu's has 20 kB" in told["state"]
    assert "first runs of 100 repositories or checks with refresh of 250" in told["hourly"]


def test_programs_and_routes_have_a_column_for_each_run(figures: Figures) -> None:
    """A route's requests are for one repository; the last row has their sum."""
    shown = blocks(figures)
    assert shown["routes"].splitlines()[2:] == [
        "| `GET /a` | 50 | 20 | 0.2 | 40 | 19 |",
        "| **sum** | **50** | **20** | **0.2** | **40** | **19** |",
    ]
    assert "| slipway: engine | 0.50 |   | 0.50 |   | 0.50 |" in shown["programs"].splitlines()


@pytest.mark.parametrize(
    ("load", "told"),
    [
        (0.2, "0.2 to 0.2 before a measurement, and 1.5 at most between its runs."),
        (2.5, "other programs ran"),
    ],
)
def test_a_busy_machine_is_told(load: float, told: str) -> None:
    """The seconds of a machine with other work are no measure, and the reader hears of it."""
    entry = comparison(25) | {"machine": MACHINE | {"load": load}}
    assert told in " ".join(blocks({"comparisons": [entry]})["machine"].split())


def test_the_other_measurements_have_their_parts() -> None:
    """Looks, observations and validations are rows and sentences for each size."""
    observed = {"first": run(3, 400) | {"requests_counted": 400}}
    validated = run(2, 128) | {"runs": 3, "seconds_of_each": [4, 2, 2]}
    shown = blocks(
        {
            "looks": [{"repositories": 25, "looks": {"first": run(2), "off": run(1)}, **STAMP}],
            "observations": [{"repositories": 25, "looks": observed, **STAMP}],
            "validations": [{"repositories": 25, "run": validated, **STAMP}],
        }
    )
    assert shown["looks"].splitlines()[2:] == [
        "| 25 | `warn`, the first one | 2.0 | 1.0 | 4 |",
        "| 25 | `off` | 1.0 | 0.50 | 4 |",
    ]
    assert shown["observations"].splitlines()[2:] == [
        "| 25 | first | 3.0 | 1.5 | 0.75 | 0.25 | 150 | 16 | 16 |"
    ]
    assert "2.0 s in the median of 3 runs, 4.0 s at first" in " ".join(shown["validations"].split())
