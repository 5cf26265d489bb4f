"""The common first steps of two jobs are executed once, without an effect on the second job."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.projects.beginning import alike
from tests.projects.executor import Executor
from tests.projects.machine import Machine
from tests.projects.outcome import Run
from tests.projects.source import Source

#: `COUNT` is a file outside of the job's folder; each execution of the first steps adds a line.
JOBS = """
tests:
  continue-on-error: true
  steps:
    - uses: actions/checkout@v6
    - id: begin
      run: |
        echo once >> COUNT
        echo made > app.py; echo word=hello >> "$GITHUB_OUTPUT"; echo LEFT=here >> "$GITHUB_ENV"
        echo "### Begun" >> "$GITHUB_STEP_SUMMARY"; echo "::warning title=Told::as told"
        echo "$RUNNER_TEMP" > "$RUNNER_TEMP/place"
    - {id: breaks, continue-on-error: true, run: exit 3}
    - name: END
      run: |
        cat app.py; test "$LEFT" = here; test "$(cat "$RUNNER_TEMP/place")" = "$RUNNER_TEMP"
        echo "${{ steps.begin.outputs.word }} ${{ steps.breaks.outcome }}"; echo END > app.py
"""
Play = Callable[..., list[Run]]


def job(*steps: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A job."""
    return {"runs-on": "ubuntu-latest", **facts, "steps": list(steps)}


INSTALL: dict[str, Any] = {"run": "pip install x"}
READS: dict[str, Any] = {"run": "true", "env": {"RESULT": "${{ needs.a.result }}"}}


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        (job(INSTALL, {"run": "a"}), job(INSTALL, {"run": "b"}), 1),
        (job(INSTALL), job({**INSTALL, "if": "always()"}), 0),
        (job(INSTALL), job({**INSTALL, "env": {"A": "b"}}), 0),
        (job(INSTALL, **{"continue-on-error": True}), job(INSTALL), 1),
        (job(INSTALL, env={"A": "b"}), job(INSTALL), 0),
        (job(INSTALL, defaults={"run": {"shell": "sh"}}), job(INSTALL), 0),
        (job(INSTALL, strategy={"matrix": {"a": [1]}}), job(INSTALL), 0),
        (job(INSTALL, strategy={"fail-fast": False}), job(INSTALL), 1),
        (job(INSTALL, needs=["a"]), job(INSTALL, needs=["a", "b"], **{"if": "always()"}), 1),
        (job(INSTALL, READS), job(INSTALL, READS), 1),
        (job(INSTALL, env=READS["env"]), job(INSTALL, env=READS["env"]), 0),
        (job({"uses": "a/b@v1"}), job({"uses": "a/b@v2"}), 1),
        (job({"uses": "a/b@v1"}), job({"uses": "a/c@v1"}), 0),
        (job({"uses": "a/b@v1", "with": {"path": "x"}}), job({"uses": "a/b@v1"}), 0),
    ],
)
def test_only_the_same_steps_in_the_same_surroundings_are_alike(
    one: dict[str, Any], other: dict[str, Any], steps: int
) -> None:
    """Jobs differ by script, condition, variables, shell and matrix, not by an action's version.

    A step that reads the results of other jobs is never alike, since they may differ.
    """
    assert alike(one, other) == steps


@pytest.fixture
def play(machine: Machine, tmp_path: Path) -> Play:
    """Run two workflows one after the other, with common first steps or each by itself."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files/app.py").touch()
    (tmp_path / "source").mkdir()
    source = Source.of(tmp_path / "files", tmp_path / "source", "billing", "develop", None)
    count = tmp_path / "count"

    def run(*, share: bool) -> list[Run]:
        executor = Executor(machine, source, tmp_path / "jobs")
        texts = (JOBS.replace("COUNT", str(count)).replace("END", end) for end in ("one", "two"))
        one, other = ({"name": "ci", "jobs": YAML(typ="safe").load(text)} for text in texts)
        if share:
            executor.share(one, other)
        runs = []
        for place, workflow in (("first", one), ("second", other)):
            runs.append(executor.run(workflow))
            executor.folder.rename(tmp_path / f"{place}-{share}")
        assert count.read_text().splitlines() == ["once"] * (1 if share else 2)
        count.unlink()
        return runs

    return run


def test_a_job_goes_on_as_if_it_had_begun_itself(play: Play) -> None:
    """Results, log, summary, warnings and files are those of a job that shares no steps."""
    assert play(share=True) == play(share=False)
