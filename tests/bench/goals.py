"""The goals of slipway: ratios of two runs, so that they hold on any machine, and two sizes.

A ratio to OpenTofu is between commands of which users expect the same, not between equal work:
slipway's first run also makes the roles in AWS, and looks at everything before it writes. Seconds
depend on what else the machine does; the ratio of CPU times tells how far to believe them.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

from tests.bench.figures import Figures, of_size

Figure = Literal["seconds", "cpu_seconds"]


class Run(NamedTuple):
    """A measured command."""

    size: int
    lane: str
    run: str


class Ratio(NamedTuple):
    """A run's cost, as a multiple of another one's."""

    text: str
    limit: float
    run: Run
    other: Run
    each: Literal["run", "repository", "object"] = "run"
    """What both costs are divided by first."""

    def measured(self, figures: Figures, figure: Figure = "seconds") -> float | None:
        """The ratio; None if one of the runs was not measured."""
        ours, theirs = (self._cost(figures, run, figure) for run in (self.run, self.other))
        return None if ours is None or theirs is None else ours / theirs

    def _cost(self, figures: Figures, run: Run, figure: Figure) -> float | None:
        lane = _lane(figures, run.size, run.lane)
        if lane is None:
            return None
        parts: dict[str, int] = {
            "run": 1,
            "repository": run.size,
            "object": sum(lane["objects"].values()),
        }
        return float(lane["runs"][run.run][figure]) / parts[self.each]


def _lane(figures: Figures, size: int, lane: str) -> dict[str, Any] | None:
    entry = of_size(figures, "comparisons", size)
    if entry is None:
        return None
    found: dict[str, Any] = entry["lanes"][lane]
    return found


_FIRST: Final = Run(25, "slipway", "first")
_APPLY: Final = Run(25, "opentofu", "first")
_PLAN: Final = "check with refresh"
RATIOS: Final = (
    Ratio(
        "first `slipway up` of 25, with roles, to the first `tofu apply`, without",
        1.5,
        _FIRST,
        _APPLY,
    ),
    Ratio("the same for each object made", 0.9, _FIRST, _APPLY, "object"),
    Ratio(
        "a repository of 100 to one of 25, first `slipway up`",
        1.15,
        Run(100, "slipway", "first"),
        _FIRST,
        "repository",
    ),
    Ratio(
        "`pulumi preview --refresh` of 25 to `tofu plan`",
        2.5,
        Run(25, "slipway", _PLAN),
        Run(25, "opentofu", _PLAN),
    ),
    Ratio(
        "`slipway drift --no-preview` of 100 to `tofu plan`",
        0.2,
        Run(100, "slipway", "drift"),
        Run(100, "opentofu", _PLAN),
    ),
)


class Size(NamedTuple):
    """Something that has to stay small, in a stack of 25."""

    text: str
    limit: float
    unit: str
    measured: float | None


def sizes(figures: Figures) -> Iterator[Size]:
    """The state and the memory."""
    lane = _lane(figures, 25, "slipway")
    state = memory = None
    if lane is not None:
        state = float(lane["state_bytes"]) / 25 / 1000
        memory = max(float(run["megabytes"]) for run in lane["runs"].values()) / 1000
    yield Size("state of a repository, of 25", 80, "kB", state)
    yield Size("memory of all processes, in any run of 25", 0.6, "GB", memory)
