"""Tests of the executor itself: the expected behaviour is docs.github.com's, not the table's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.projects.executor import Executor
from tests.projects.machine import Machine
from tests.projects.outcome import Run
from tests.projects.reader import UnknownExpressionError
from tests.projects.shells import command
from tests.projects.source import Source

Play = Callable[[str], Run]


@pytest.fixture
def play(machine: Machine, tmp_path: Path) -> Play:
    """Run the jobs of a workflow in a repository with one file and a tag."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files/app.py").touch()
    (tmp_path / "source").mkdir()
    source = Source.of(tmp_path / "files", tmp_path / "source", "billing", "develop", "v1")

    def run(jobs: str) -> Run:
        parsed: dict[str, Any] = YAML(typ="safe").load(jobs)
        executor = Executor(machine, source, tmp_path / "jobs", {"LEVEL": "low"}, {"KEY": "k"})
        return executor.run({"name": "ci", "env": {"FROM": "workflow"}, "jobs": parsed})

    return run


def test_a_failed_step_ends_its_job_and_skips_dependent_jobs(play: Play) -> None:
    """After a failure, later steps and jobs run only if their condition says so."""
    run = play("""
      tests:
        steps:
          - {name: breaks, run: "echo before; false; echo behind"}
          - {name: by itself, run: echo never}
          - name: at the end
            if: always()
            env: {STATUS: "${{ job.status }}"}
            run: echo "is $STATUS"
          - {name: instead, if: failure(), run: echo instead}
      deploy-dev: {needs: [tests], steps: [{run: echo deployed}]}
      tell: {needs: tests, if: failure(), steps: [{run: echo told}]}
    """)
    assert run.jobs["tests"].steps == {
        "breaks": "failure",
        "by itself": "skipped",
        "at the end": "success",
        "instead": "success",
    }
    assert "before" in run.text
    assert "is failure" in run.text
    assert "behind" not in run.text
    assert run.failed == {"tests"}
    assert not run.deployed
    assert run.jobs["tell"].conclusion == "success"


def test_a_job_that_continues_on_error_counts_as_a_success(play: Play) -> None:
    """With `continue-on-error` a failed job counts as a success for jobs that need it."""
    run = play("""
      lint: {continue-on-error: true, steps: [{run: exit 3}]}
      deploy-dev:
        needs: [lint]
        steps: [{name: look, if: needs.lint.result == 'success', run: echo deployed}]
    """)
    assert run.failed == {"lint"}
    assert run.jobs["lint"].result == "success"
    assert run.deployment.steps == {"look": "success"}


def test_a_step_that_continues_on_error_fails_alone(play: Play) -> None:
    """A failed step with `continue-on-error` has outcome failure and conclusion success."""
    run = play("""
      deploy-dev:
        steps:
          - id: one
            name: one
            continue-on-error: true
            run: echo "said=this" >> "$GITHUB_OUTPUT"; exit 1
          - name: two
            if: steps.one.outcome == 'failure' && steps.one.outputs.said == 'this'
            run: "true"
          - {name: three, if: steps.one.conclusion == 'failure', run: "true"}
    """)
    assert run.deployed
    assert run.deployment.steps == {"one": "failure", "two": "success", "three": "skipped"}


def test_a_failed_matrix_job_fails_the_whole_job(play: Play) -> None:
    """Every matrix job runs, and one failure fails the whole job."""
    run = play("""
      tests:
        strategy: {matrix: {version: ["3.11"], folder: [a, b]}}
        outputs: {of_0: "${{ steps.it.outputs.of_0 }}", of_1: "${{ steps.it.outputs.of_1 }}"}
        steps:
          - id: it
            env: {FOLDER: "${{ matrix.folder }}", INDEX: "${{ strategy.job-index }}"}
            run: |
              echo "of_$INDEX=$FOLDER" >> "$GITHUB_OUTPUT"
              [ "$FOLDER" = b ]
    """)
    assert run.jobs["tests"].outputs == {"of_0": "a", "of_1": "b"}
    assert run.failed == {"tests"}


def test_results_of_a_step_reach_the_next(play: Play) -> None:
    """Later steps get variables, PATH and outputs; summaries and annotations are kept."""
    run = play("""
      deploy-dev:
        env: {FROM: job, SECRET: "${{ secrets.KEY }}"}
        steps:
          - id: first
            run: |
              mkdir "$RUNNER_TEMP/bin"
              printf '#!/bin/sh\\necho "tool of $FROM $1"' > "$RUNNER_TEMP/bin/tool"
              chmod +x "$RUNNER_TEMP/bin/tool"
              echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
              printf 'MORE<<END\\none\\ntwo\\nEND\\nFROM=step\\n' >> "$GITHUB_ENV"
              echo "### Heading" >> "$GITHUB_STEP_SUMMARY"
              echo "::warning title=Look%2C here::50%25 of%0Alines"
              echo "::error::bad"
              echo "result=$SECRET" >> "$GITHUB_OUTPUT"
          - env: {RESULT: "${{ steps.first.outputs.result }} ${{ vars.LEVEL }}"}
            run: tool "$RESULT $MORE"
    """)
    assert "tool of step k low one\ntwo\n" in run.deployment.log
    assert run.deployment.headings == ["Heading"]
    assert run.deployment.warnings == ["Look, here: 50% of\nlines"]
    assert run.deployment.errors == [": bad"]


@pytest.mark.parametrize(("depth", "tags"), [("", ""), ("{fetch-depth: 0}", "v1\n")])
def test_tags_are_there_only_with_the_whole_history(play: Play, depth: str, tags: str) -> None:
    """Tags exist only with the whole history: actions/checkout fetches one commit by default."""
    run = play(f"""
      deploy-dev:
        steps:
          - {{uses: actions/checkout@v4, with: {depth or "{}"}}}
          - {{run: 'ls; echo "tags:"; git tag'}}
    """)
    assert run.deployment.log.endswith(f"app.py\ntags:\n{tags}")


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("{if: \"startsWith('refs', 'r')\", run: 'true'}", UnknownExpressionError),
        ("{if: steps.absent.outcome == 'success', run: 'true'}", UnknownExpressionError),
        ("{run: 'true', env: {KEY: '${{ secrets.ABSENT }}'}}", UnknownExpressionError),
        ("{run: 'true', shell: pwsh}", NotImplementedError),
        ("{uses: actions/setup-node@v4}", NotImplementedError),
        ("{uses: actions/checkout@v4, with: {path: elsewhere}}", NotImplementedError),
        ("{run: 'echo ::set-env name=A::b'}", NotImplementedError),
        ("{run: 'echo no assignment >> $GITHUB_OUTPUT'}", ValueError),
    ],
)
def test_an_unknown_feature_is_an_error(play: Play, step: str, error: type[Exception]) -> None:
    """Anything that the executor does not know is an error, since a guess would prove nothing."""
    with pytest.raises(error):
        play(f"deploy-dev: {{steps: [{step}]}}")


def test_a_name_serves_one_upload_of_a_run(play: Play) -> None:
    """A second upload with the same name is refused in the whole run."""
    run = play("""
      tests:
        strategy: {matrix: {folder: [a, b]}}
        steps:
          - run: touch "$GITHUB_WORKSPACE/report"
          - {name: upload, uses: actions/upload-artifact@v4, with: {name: report, path: report}}
    """)
    assert run.failed == {"tests"}
    assert "an artifact with the name report already exists" in run.jobs["tests"].log


def test_only_double_quotes_hold_a_shells_words_together(tmp_path: Path) -> None:
    """The program is the text up to the first blank; .NET splits the rest."""
    shell = "bash -c \"echo 'a  b'; bash -e {0} | cat\""
    assert command("true", shell, tmp_path) == [
        "bash",
        "-c",
        f"echo 'a  b'; bash -e {tmp_path}/script.sh | cat",
    ]


def test_nothing_but_the_two_indexes_is_reached(play: Play, machine: Machine) -> None:
    """Requests to other hosts are refused, and would fail the tests at the end."""
    status = "curl -s -o /dev/null -w '%{http_code}\\n'"
    run = play(f"""
      deploy-dev:
        steps:
          - run: |
              {status} http://wheels.test/simple/greeting/
              {status} http://private.test/simple/internal/
              {status} -u acme:only-in-the-private-index http://private.test/simple/internal/
              {status} http://wheels.test/simple/internal/
              {status} http://example.test/
              {status} https://example.test/ || echo "no way"
    """)
    codes = run.deployment.log.split("\n")[1:]
    assert codes == ["200", "401", "200", "404", "403", "000", "no way", ""]
    assert machine.index.refused == ["GET http://example.test/", "CONNECT example.test:443"]
    machine.index.refused.clear()
