"""What slipway aims at, as ratios within one run, so that they hold on any machine.

A ratio to OpenTofu is between commands of which users expect the same, not between equal work:
slipway's first run also makes the roles in AWS, and looks at everything before it writes.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from tests.bench.figures import Figures, of_size


class Goal(NamedTuple):
    """One limit, and how it is measured."""

    text: str
    limit: float
    unit: str
    measured: Callable[[Figures], float]
    """Raises `_NotMeasuredError` if the run is not among the figures."""


class _NotMeasuredError(Exception):
    """There is no entry of that size."""


def reached(figures: Figures) -> Iterator[tuple[Goal, float | None]]:
    """Each goal with what was measured, None if it was not."""
    for goal in GOALS:
        try:
            yield goal, goal.measured(figures)
        except _NotMeasuredError:
            yield goal, None


def _lane(figures: Figures, size: int, lane: str) -> dict[str, Any]:
    entry = of_size(figures, "comparisons", size)
    if entry is None:
        raise _NotMeasuredError
    found: dict[str, Any] = entry["lanes"][lane]
    return found


def _seconds(figures: Figures, size: int, lane: str, run: str) -> float:
    return float(_lane(figures, size, lane)["runs"][run]["seconds"])


def _ratio(size: int, run: str, other: str) -> Callable[[Figures], float]:
    """Seconds of a run of slipway for each second of one of OpenTofu."""

    def measured(figures: Figures) -> float:
        ours = _seconds(figures, size, "slipway", run)
        return ours / _seconds(figures, size, "opentofu", other)

    return measured


def _per_object(figures: Figures) -> float:
    ours, theirs = (_seconds_each(figures, lane) for lane in ("slipway", "opentofu"))
    return ours / theirs


def _seconds_each(figures: Figures, lane: str) -> float:
    made: dict[str, int] = _lane(figures, 25, lane)["objects"]
    return _seconds(figures, 25, lane, "first") / sum(made.values())


def _growth(figures: Figures) -> float:
    large, usual = (_seconds(figures, size, "slipway", "first") / size for size in (100, 25))
    return large / usual


def _state(figures: Figures) -> float:
    return float(_lane(figures, 25, "slipway")["state_bytes"]) / 25 / 1000


def _memory(figures: Figures) -> float:
    runs = _lane(figures, 25, "slipway")["runs"].values()
    return max(float(run["megabytes"]) for run in runs) / 1000


GOALS: Final = (
    Goal(
        "first `slipway up` of 25, with roles, to the first `tofu apply`, without",
        1.5,
        "times the seconds",
        _ratio(25, "first", "first"),
    ),
    Goal("the same for each object made", 0.9, "times the seconds", _per_object),
    Goal(
        "a repository of 100 to one of 25, first `slipway up`", 1.15, "times the seconds", _growth
    ),
    Goal(
        "`pulumi preview --refresh` of 25 to `tofu plan`",
        2.5,
        "times the seconds",
        _ratio(25, "check with refresh", "check with refresh"),
    ),
    Goal(
        "`slipway drift --no-preview` of 100 to `tofu plan`",
        0.2,
        "times the seconds",
        _ratio(100, "drift", "check with refresh"),
    ),
    Goal("state of a repository, of 25", 80, "kB", _state),
    Goal("memory of all processes, any run of 25", 0.6, "GB", _memory),
)
