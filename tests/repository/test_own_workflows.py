"""The workflows for a fork of slipway: linters check them, and their scripts are executed."""

import json
import re
import sys
from pathlib import Path

import pytest

from operations.terminal.output import PROJECT
from tests.repository.own_workflows import (
    ACTIONS,
    WORKFLOWS,
    document,
    played,
    run,
    steps,
    workflow,
)

TOOLS = Path(sys.executable).parent
#: Accepted findings of zizmor, each with its reason.
ACCEPTED = {"self-repository": "its newer notation for an action beside is unknown to actionlint"}


def test_actionlint_accepts_every_workflow(actionlint: Path) -> None:
    """Actionlint accepts expressions, needs, and the inputs of actions, also of slipway's own."""
    done = run(actionlint, "-shellcheck=", "-pyflakes=", *WORKFLOWS, cwd=PROJECT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("schema", "files"), [("github-workflows", WORKFLOWS), ("github-actions", ACTIONS)]
)
def test_githubs_schemas_accept_every_file(schema: str, files: list[Path]) -> None:
    """The schemas that editors use accept every file."""
    done = run(TOOLS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)
    assert done.returncode == 0, done.stdout


def test_zizmor_finds_nothing_that_is_not_explained() -> None:
    """Actions are pinned, scripts have no expressions, and permissions have a reason."""
    options = ("--offline", "--persona", "pedantic", "--format", "json")
    done = run(TOOLS / "zizmor", *options, *WORKFLOWS, *ACTIONS, cwd=PROJECT)
    findings = {finding["ident"] for finding in json.loads(done.stdout) if not finding["ignored"]}
    assert findings == set(ACCEPTED)


def test_every_test_is_run_every_night() -> None:
    """The nightly workflow runs every test, also the slow ones."""
    content = workflow("test")
    assert content["on"]["schedule"]
    nightly = {
        step["run"]
        for job in content["jobs"].values()
        if "schedule" in job.get("if", "schedule")
        for step in job["steps"]
        if "run" in step
    }
    assert nightly == {"make test", "make faults", "make worlds", "make acceptance"}


def test_a_refused_up_is_explained(tmp_path: Path) -> None:
    """Exit code 5 fails the job; the summary has the reasons and the value of `accept`."""
    said = (
        "acme: previewing\\n  3f2a91c04be7  2 of 3 would lose\\n    delete it\\n"
        "acme: nothing was changed; if all of this is meant, say --accept 3f2a91c04be7\\n"
    )
    refusing = f"printf '{said}' >&2; exit 5"
    step = steps("up")["Up"]
    done = played(tmp_path, step, {"slipway": refusing}, STACK="acme", ACCEPT="")
    assert done.returncode == 5
    summary = (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    head = "### acme was refused, nothing was changed\n- 3f2a91c04be7  2 of 3 would lose\n\nIf all"
    assert head in summary
    assert summary.endswith("by hand with `accept`:\n`3f2a91c04be7`\n")


def test_consent_is_passed_on(tmp_path: Path) -> None:
    """The input `accept` of a manual run is the value of --accept, and is one word."""
    step = steps("up")["Up"]
    for accept in ("", "3f2a91c04be7,88aa10f2b3c4", "x --continue"):
        tool = {"slipway": 'printf "%s\\n" "$@" > said'}
        assert played(tmp_path, step, tool, STACK="acme", ACCEPT=accept).returncode == 0
        words = ["up", "acme", "--yes", *([f"--accept={accept}"] if accept else [])]
        assert (tmp_path / "said").read_text().splitlines() == words


def test_drift_fails_the_run_in_the_end_only(tmp_path: Path) -> None:
    """Exit code 7 fails the job only in its last step, after the uploads."""
    found = steps("drift")
    tool = {"slipway": "echo '# drift'; exit 7"}
    variables = {"STACK": "acme", "GITHUB_REPOSITORY": "me/slipway"}
    done = played(tmp_path, found["Drift"], tool, **variables)
    assert done.returncode == 0
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text() == "# drift\n"
    assert (tmp_path / "GITHUB_ENV").read_text() == "code=7\n"
    last = found["Say whether there is drift"]
    assert played(tmp_path, last, {}, code="7").returncode == 7


def test_jobs_of_pull_requests_have_no_key_that_writes() -> None:
    """Jobs of a pull request, which run its unreviewed files, have only the reader's key.

    The writer's key is in one environment, whose jobs check out `main`. Keys that decrypt the
    state, for jobs without reviewers, are in another environment than the pull requests'.
    """
    where: dict[str, set[tuple[str, str]]] = {}
    for file in WORKFLOWS:
        content = document(file)
        for job in content["jobs"].values():
            for name in re.findall(r"secrets\.(\w+)", json.dumps(job)):
                trigger = "pull request" if "pull_request" in content["on"] else "main"
                where.setdefault(name, set()).add((trigger, job["environment"]))
    assert where["SLIPWAY_PRIVATE_KEY"] == {("main", "slipway")}
    of_pull_requests = {place for places in where.values() for place in places} - {
        ("main", "slipway"),
        ("main", "slipway-drift"),
    }
    assert of_pull_requests == {("pull request", "slipway-preview")}
    assert where["SLIPWAY_READER_PRIVATE_KEY"] == of_pull_requests | {("main", "slipway-drift")}


@pytest.mark.parametrize(
    ("decrypts", "called"),
    [("", "drift acme --no-preview"), ("secret", "preview --diff")],
    ids=["nothing that decrypts", "a passphrase, with reviewers"],
)
def test_a_preview_needs_nothing_that_decrypts(tmp_path: Path, decrypts: str, called: str) -> None:
    """Without the passphrase, a preview compares declarations with the live world, and succeeds."""
    tools = {"slipway": 'echo "$@"; exit 7', "pulumi": 'echo "$@"'}
    given = {"STACK": "acme", "PULUMI_CONFIG_PASSPHRASE": decrypts, "PULUMI_ACCESS_TOKEN": ""}
    done = played(tmp_path, steps("preview")["Preview"], tools, **given)
    assert done.returncode == 0
    assert (tmp_path / "previews/acme.txt").read_text().startswith(called)


def test_no_script_holds_an_expression() -> None:
    """No script contains an expression, so no title or branch name becomes part of a script."""
    for file in (*WORKFLOWS, *ACTIONS):
        content = document(file)
        jobs = content.get("jobs", {"": content.get("runs", {})})
        for job in jobs.values():
            for step in job["steps"]:
                assert "${{" not in step.get("run", ""), file.name
