"""Properties of act that these tests rely on, and known differences between act and GitHub.

If a test of a difference fails, act has become more like GitHub, and its note can be removed.
"""

from tests.workflows.conftest import Acme

ALIKE = """\
first:
  runs-on: ubuntu-latest
  outputs: {word: "${{ steps.say.outputs.word }}"}
  strategy: {matrix: {number: [1, 2]}}
  steps:
    - {id: say, run: 'echo word=hello >> "$GITHUB_OUTPUT"'}
    - run: 'echo "Number $NUMBER" >> "$GITHUB_STEP_SUMMARY"'
      env: {NUMBER: "${{ matrix.number }}"}
    - run: echo begins; sleep 0.5; echo ends
    - run: echo "::warning title=Told::as told"
unwanted:
  if: github.event_name == 'schedule'
  runs-on: ubuntu-latest
  steps: [{run: exit 1}]
after-skipped:
  needs: unwanted
  runs-on: ubuntu-latest
  steps: [{run: exit 1}]
failing:
  needs: first
  runs-on: ubuntu-latest
  steps: [{run: exit 1}, {name: skipped, run: exit 1}, {name: last, if: always(), run: "true"}]
after-failing:
  needs: failing
  runs-on: ubuntu-latest
  steps: [{run: exit 1}]
piped:
  runs-on: ubuntu-latest
  steps: [{run: "false | true"}, {shell: python, run: print("in Python")}]
always:
  needs: [failing, unwanted]
  if: always()
  runs-on: ubuntu-latest
  steps: [{run: "true"}]
"""
OTHERWISE = """\
allowed:
  continue-on-error: true
  runs-on: ubuntu-latest
  steps: [{run: exit 1}]
after-allowed:
  needs: allowed
  runs-on: ubuntu-latest
  steps: [{run: "true"}]
"""
OUTSIDE = """\
leave:
  runs-on: ubuntu-latest
  steps:
    - run: '"$SANDBOX_PYTHON" -c "import urllib.request as u; u.urlopen(\\"https://192.0.2.1\\")"'
"""


def test_jobs_are_as_on_github(acme: Acme) -> None:
    """Order, conditions, outputs, summaries and warnings are GitHub's; skipped needs skip a job."""
    run = acme.probe("alike", ALIKE)
    assert run.results == {
        "first": "success",
        "unwanted": "skipped",
        "after-skipped": "skipped",
        "failing": "failure",
        "after-failing": "skipped",
        "piped": "success",
        "always": "success",
    }
    assert run.jobs["first"].outputs == {"word": "hello"}
    assert len(run.jobs["first"].matrix) == 2
    assert [line for line in run.log if line in {"begins", "ends"}] == ["begins", "ends"] * 2
    assert sorted(run.summary.splitlines()) == ["Number 1", "Number 2"]
    assert run.warnings == ["Told: as told"] * 2
    assert "in Python" in run.log
    assert run.jobs["failing"].steps == {"exit 1": "failure", "last": "success"}
    assert run.jobs["first"].ended < run.jobs["failing"].began


def test_act_is_not_github_here(acme: Acme) -> None:
    """For jobs that need it, an allowed failure is a failure in act, and a success on GitHub."""
    run = acme.probe("otherwise", OTHERWISE)
    assert run.results == {"allowed": "failure", "after-allowed": "skipped"}


def test_a_job_cannot_leave_the_machine(acme: Acme) -> None:
    """Every proxy leads nowhere, so that a job cannot download by mistake."""
    run = acme.probe("outside", OUTSIDE)
    assert run.results == {"leave": "failure"}
    assert any("Connection refused" in line for line in run.log)


def test_the_last_words_of_a_failed_step_are_logged(acme: Acme) -> None:
    """What a step prints before it fails is in the log: act itself does not wait for it."""
    step = "    - {continue-on-error: true, run: seq -f 'step %g' LAST; exit 1}"
    steps = "\n".join(step.replace("LAST", str(1000 + number)) for number in range(10))
    run = acme.probe("eloquent", f"fail:\n  runs-on: ubuntu-latest\n  steps:\n{steps}\n")
    assert {f"step {1000 + number}" for number in range(10)} <= set(run.log)
    assert run.log.count("step 1000") == 10
