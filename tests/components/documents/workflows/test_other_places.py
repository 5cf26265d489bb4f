"""Workflows fit ghe.com, an Enterprise Server, and other partitions of AWS."""

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from components.documents.workflows import FILES, render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import StackSettings
from tests.components.documents.workflows.parsed import Workflow, deploy, read
from tests.components.documents.workflows.runner import Runner

STRICT: dict[str, Any] = {
    "profile": "strict",
    "artifacts": {"downloads": [{"workflow": "layer.yml", "artifact": "layer", "path": "layer"}]},
}
PINNED = "actions/upload-artifact@c24449f33cd45d4826c6702db7e49f7cdb9b551d"


def texts(host: str, region: str, declared: dict[str, Any]) -> dict[str, str]:
    """The files of a repository with a Lambda function."""
    account = {"account_id": "111111111111", "region": region}
    settings = StackSettings.model_validate(
        {
            "owner": "acme",
            "github": {"host": host},
            "accounts": dict.fromkeys(("dev", "test", "prod"), account),
        }
    )
    content = {"repository": "billing", "deploy": {"lambda_function": "billing-api"}} | declared
    repository = Repository.model_validate(content)
    return render_workflows("billing", Pipeline.of(repository, settings))


def rendered(host: str = "github.com", region: str = "eu-west-1", **declared: Any) -> Workflow:
    """Prod's file of a repository with a Lambda function."""
    return read(texts(host, region, declared)[FILES["prod"]])


def used(workflow: Workflow) -> set[str]:
    """The actions of all jobs."""
    jobs = workflow["jobs"].values()
    return {step["uses"] for job in jobs for step in job["steps"] if "uses" in step}


@pytest.mark.parametrize(
    ("region", "audience"),
    [
        ("eu-west-1", None),
        ("us-gov-west-1", None),
        ("cn-north-1", "sts.amazonaws.com.cn"),
        ("eusc-de-east-1", "sts.amazonaws.eu"),
    ],
)
def test_the_token_has_the_partitions_audience(region: str, audience: str | None) -> None:
    """The audience is given to the action only where its default is not the partition's."""
    (step,) = (
        step
        for step in deploy(rendered(region=region))["steps"]
        if step.get("uses", "").startswith("aws-actions/")
    )
    assert step["with"].get("audience") == audience


def test_ghe_com_runs_the_workflows_of_github_com() -> None:
    """On ghe.com the files are the same, since its runners and actions are."""
    assert rendered("octocorp.ghe.com", **STRICT) == rendered(**STRICT)


def test_a_server_gets_artifact_actions_that_it_runs() -> None:
    """On a server, uploads use the last version of the action that works there.

    That version cannot download an artifact of another run, so a script downloads.
    """
    standard, strict = rendered("github.example.com"), rendered("github.example.com", **STRICT)
    assert {one for one in used(standard) if "artifact" in one} == {
        "actions/upload-artifact@v3-node20"
    }
    assert {one for one in used(strict) if "artifact" in one} == {PINNED}
    others = {one for one in used(standard) if "artifact" not in one}
    assert others == {one for one in used(rendered()) if "artifact" not in one}


def test_a_server_downloads_the_tested_package_by_its_api() -> None:
    """On a server, a script downloads the tested package, and the job may read artifacts."""
    job = deploy(rendered("github.example.com", **STRICT))
    scripts = {step["name"]: step for step in job["steps"] if "FOLDER" in step.get("env", {})}
    assert list(scripts) == ["Download layer", "Download the tested package"]
    tested = scripts["Download the tested package"]
    assert tested["env"]["ARTIFACT"] == "lambda-package-test"
    assert tested["env"]["FOLDER"] == "."
    assert "workflow_run.id" in tested["env"]["RUN"]
    assert "${{" not in tested["run"]
    assert job["permissions"]["actions"] == "read"


def test_a_package_of_a_server_is_found_at_its_run() -> None:
    """On a server, the location is the run's page: the older action does not return an address."""
    outputs = deploy(rendered("github.example.com"))["outputs"]
    assert outputs["artifact-location"].endswith("/actions/runs/${{ github.run_id }}")
    assert "steps." not in outputs["artifact-location"]


CURL = """\
#!/bin/sh
echo "$*" >> "$0.calls"
cat > /dev/null
while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then cp "$0.zip" "$2"; exit; fi
  shift
done
cat "$0.out"
"""


def test_the_script_unpacks_the_artifact_of_that_name(runner: Runner) -> None:
    """The script takes only the artifact of that name that has not expired, or it fails the job."""
    job = deploy(rendered("github.example.com", **STRICT))
    (step,) = (one for one in job["steps"] if one.get("name") == "Download the tested package")
    curl = runner.tools / "curl"
    curl.write_text(CURL)
    curl.chmod(0o755)
    with zipfile.ZipFile(f"{curl}.zip", "w") as packed:
        packed.writestr("lambda-package.zip", "tested")
    given = {name: value for name, value in step["env"].items() if "{{" not in value}
    given |= {"GH_TOKEN": "marker", "RUN": "7", "GITHUB_REPOSITORY": "acme/billing"}
    given |= {"GITHUB_API_URL": "https://github.example.com/api/v3"}
    others = [
        {"id": 1, "name": "lambda-package-dev", "expired": False},
        {"id": 2, "name": "lambda-package-test", "expired": True},
    ]
    listed = runner.tools / "curl.out"
    listed.write_text(json.dumps({"artifacts": others}))
    assert "run 7 has no artifact lambda-package-test" in runner.fail(step["run"], **given)
    there = {"id": 3, "name": "lambda-package-test", "expired": False}
    listed.write_text(json.dumps({"artifacts": [*others, there]}))
    runner.run(step["run"], **given)
    assert (runner.workspace / "lambda-package.zip").read_text() == "tested"
    place = "https://github.example.com/api/v3/repos/acme/billing/actions"
    assert f"{place}/artifacts/3/zip" in runner.calls("curl")[-1]
    assert "marker" not in "".join(runner.calls("curl"))


@pytest.mark.parametrize("declared", [{}, STRICT], ids=["standard", "strict"])
def test_actionlint_accepts_a_servers_files(
    declared: dict[str, Any], actionlint: Path, tmp_path: Path
) -> None:
    """Actionlint accepts a server's files: inputs of the older actions and scripts are valid."""
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    for name, text in texts("github.example.com", "cn-north-1", declared).items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [str(actionlint), "-shellcheck=", "-pyflakes=", *map(str, folder.iterdir())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
