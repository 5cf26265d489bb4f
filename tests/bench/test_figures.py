"""The file of figures, and the figures of several runs as one."""

from pathlib import Path

from tests.bench.cost import of_all
from tests.bench.figures import added, of_size, read, write


def test_a_measurement_replaces_the_one_of_its_size() -> None:
    """Other sizes and other parts stay, and the sizes are in order."""
    before = {"a": [{"repositories": 5}, {"repositories": 25, "old": 1}], "b": []}
    after = added(before, "a", [{"repositories": 25}, {"repositories": 10}])
    assert after == {
        "a": [{"repositories": 5}, {"repositories": 10}, {"repositories": 25}],
        "b": [],
    }
    assert of_size(after, "a", 10) == {"repositories": 10}
    assert of_size(after, "b", 10) is None


def test_figures_are_read_as_they_were_written(tmp_path: Path) -> None:
    """No file is no figures."""
    file = tmp_path / "figures.json"
    assert read(file) == {}
    write(file, {"a": [{"repositories": 5}]})
    assert read(file) == {"a": [{"repositories": 5}]}


def test_several_runs_are_their_median_and_their_highest_memory() -> None:
    """A program that was not seen in a run took no time there."""
    costs = [
        {"seconds": seconds, "megabytes": megabytes, "cpu_seconds_by_program": programs}
        for seconds, megabytes, programs in (
            (3.0, 10, {"a": 1}),
            (1.0, 30, {"a": 3, "b": 2}),
            (2.0, 20, {"a": 2}),
        )
    ]
    assert of_all(costs) == {
        "runs": 3,
        "seconds_of_each": [3.0, 1.0, 2.0],
        "seconds": 2.0,
        "megabytes": 30,
        "cpu_seconds_by_program": {"a": 2, "b": 0},
    }
