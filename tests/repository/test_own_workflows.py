"""The workflows for a fork of slipway: linted like those that it writes, their scripts executed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from operations.terminal import PROJECT

GITHUB = PROJECT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted(GITHUB.glob("actions/*/action.yml"))
TOOLS = Path(sys.executable).parent
#: What zizmor may find, and why that is accepted.
ACCEPTED = {"self-repository": "its newer notation for an action beside is unknown to actionlint"}


def run(*command: Any, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run something to its end."""
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_actionlint_accepts_every_workflow(actionlint: Path) -> None:
    """Expressions, needs, and the inputs of actions, slipway's own among them."""
    done = run(actionlint, "-shellcheck=", "-pyflakes=", *WORKFLOWS, cwd=PROJECT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("schema", "files"), [("github-workflows", WORKFLOWS), ("github-actions", ACTIONS)]
)
def test_githubs_schemas_accept_every_file(schema: str, files: list[Path]) -> None:
    """The schemas that editors use accept them."""
    done = run(TOOLS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)
    assert done.returncode == 0, done.stdout


def test_zizmor_finds_nothing_that_is_not_explained() -> None:
    """Pinned actions, no expression in a script, no more permissions than a reason is given for."""
    options = ("--offline", "--persona", "pedantic", "--format", "json")
    done = run(TOOLS / "zizmor", *options, *WORKFLOWS, *ACTIONS, cwd=PROJECT)
    findings = {finding["ident"] for finding in json.loads(done.stdout) if not finding["ignored"]}
    assert findings == set(ACCEPTED)


def steps(name: str) -> dict[str, dict[str, Any]]:
    """Steps of a workflow's jobs that run a script, by name or id."""
    document = YAML(typ="safe", pure=True).load(GITHUB / f"workflows/{name}.yml")
    return {
        str(step.get("name") or step.get("id")): step
        for job in document["jobs"].values()
        for step in job["steps"]
        if "run" in step
    }


#: How the runner starts a step's script, by its `shell` (GitHub's workflow syntax, "shell").
SHELLS = {None: "bash -e", "bash": "bash --noprofile --norc -eo pipefail"}


def played(
    folder: Path, step: dict[str, Any], tools: dict[str, str], **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a step's script as the runner does, with stand-ins for the tools it calls."""
    for tool, text in tools.items():
        path = folder / "bin" / tool
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/usr/bin/env bash\n{text}\n")
        path.chmod(0o755)
    files = {name: str(folder / name) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_ENV")}
    path_ = os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])
    return run(
        *SHELLS[step.get("shell")].split(),
        "-c",
        step["run"],
        cwd=folder,
        env={"PATH": path_, "HOME": str(folder)} | files | variables,
    )


def test_a_refused_up_is_explained(tmp_path: Path) -> None:
    """Code 5 fails the job, and the summary has the reasons and the way on."""
    said = "acme: previewing\\n  2 of 3 would lose\\n    delete it\\n"
    refusing = f"printf '{said}' >&2; exit 5"
    step = steps("up")["Up"]
    done = played(tmp_path, step, {"slipway": refusing}, STACK="acme", ACCEPT="")
    assert done.returncode == 5
    summary = (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    assert "### acme was refused, nothing was changed\n- 2 of 3 would lose\n\nIf all" in summary


def test_consent_is_passed_on(tmp_path: Path) -> None:
    """`accept` by hand becomes --accept, and nothing else does."""
    step = steps("up")["Up"]
    for accept, expected in (("", "up acme --yes"), ("--accept", "up acme --yes --accept")):
        tool = {"slipway": 'echo "$@" > said'}
        assert played(tmp_path, step, tool, STACK="acme", ACCEPT=accept).returncode == 0
        assert (tmp_path / "said").read_text().strip() == expected


def test_drift_fails_the_run_in_the_end_only(tmp_path: Path) -> None:
    """Code 7 is kept for the last step, after the uploads."""
    found = steps("drift")
    tool = {"slipway": "echo '# drift'; exit 7"}
    variables = {"STACK": "acme", "GITHUB_REPOSITORY": "me/slipway"}
    done = played(tmp_path, found["Drift"], tool, **variables)
    assert done.returncode == 0
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text() == "# drift\n"
    assert (tmp_path / "GITHUB_ENV").read_text() == "code=7\n"
    last = found["Say whether there is drift"]
    assert played(tmp_path, last, {}, code="7").returncode == 7


PREVIEW = """\
~~~~~~~~
@everyone
      + 1 to @octocat <b>#1
Resources:
    + 3 to create
    +-1 to replace
    7 unchanged
"""
COMMENTS = """\
case "$*" in
  *--paginate*) [ -e there ] && echo 42 || true ;;
  *)
    echo "$@" >> calls
    for given in "$@"; do
      case "$given" in body=@*) cat "${given#body=@}" > body ;; esac
    done
    ;;
esac
"""


@pytest.mark.parametrize("again", [False, True])
def test_the_previews_are_one_comment(tmp_path: Path, again: bool) -> None:  # noqa: FBT001 - both ways
    """Written by the first push, rewritten by later ones; no preview breaks out of its block."""
    previews = tmp_path / "previews"
    previews.mkdir()
    (previews / "acme.txt").write_text(PREVIEW)
    if again:
        (tmp_path / "there").touch()
    variables = {"GITHUB_REPOSITORY": "me/slipway", "NUMBER": "5", "RUN": "https://example.com/run"}
    step = {"run": f"{GITHUB / 'comment.sh'} previews"}
    done = played(tmp_path, step, {"gh": COMMENTS}, **variables)
    assert done.returncode == 0, done.stderr
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 1
    method = (
        "PATCH repos/me/slipway/issues/comments/42" if again else "POST repos/me/slipway/issues/5"
    )
    assert f"--method {method}" in calls[0]
    body = (tmp_path / "body").read_text()
    assert body.startswith("<!-- slipway preview -->\n")
    assert "<b>acme</b>: + 3 to create +-1 to replace 7 unchanged</summary>" in body
    assert body.count("\n~~~~~~~~") == 2


def test_no_script_holds_an_expression() -> None:
    """What a stranger writes into a title or a branch's name is never a part of a script."""
    for file in (*WORKFLOWS, *ACTIONS):
        document = YAML(typ="safe", pure=True).load(file)
        jobs = document.get("jobs", {"": document.get("runs", {})})
        for job in jobs.values():
            for step in job["steps"]:
                assert "${{" not in step.get("run", ""), file.name
