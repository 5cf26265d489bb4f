import json
from pathlib import Path

import pytest

from components.config.problems import ExitCode
from operations.cli import main
from operations.terminal.output import PROJECT
from tests.stacks import SETTINGS

WORKFLOWS = {f".github/workflows/python-{name}.yml" for name in ("dev", "test", "prd")}


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def files(folder: Path) -> set[str]:
    """Return every file below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_one_repository_is_written_to_the_given_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`render` writes a repository's files to the given folder and prints each path."""
    assert main(["render", "example", "invoice-api", "--out", str(tmp_path)]) == ExitCode.SUCCESS
    written = files(tmp_path / "invoice-api")
    policies = {
        f"aws/{environment}/{name}.json"
        for environment in ("dev", "test", "prod")
        for name in ("trust", "permissions")
    }
    assert written == WORKFLOWS | policies
    captured = capsys.readouterr()
    assert {Path(line) for line in captured.out.splitlines()} == {
        tmp_path / "invoice-api" / path for path in written
    }
    assert "subjects are in the classic form" in captured.err
    assert "the branch of test and prod is 'main' here; --live asks GitHub" in captured.err


def test_policies_equal_the_provisioned_ones(tmp_path: Path) -> None:
    """Rendered policies equal the provisioned ones: account, subject and declared policies."""
    assert main(["render", "example", "ledger-jobs", "--out", str(tmp_path)]) == ExitCode.SUCCESS
    prod = tmp_path / "ledger-jobs/aws/prod"
    assert files(prod) == {"trust.json", "permissions.json", "permissions-queue.json"}
    (statement,) = json.loads((prod / "trust.json").read_text("utf-8"))["Statement"]
    assert ":303030303030:" in statement["Principal"]["Federated"]
    assert (
        statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
        == "repo:example-org/ledger-jobs:environment:prod"
    )


def test_without_a_name_every_repository_is_written(tmp_path: Path) -> None:
    """Without a repository's name, `render` writes a folder for each repository of the stack."""
    assert main(["render", "example", "--out", str(tmp_path)]) == ExitCode.SUCCESS
    assert {path.name for path in tmp_path.iterdir()} == {
        "invoice-api",
        "ledger-jobs",
        "shared-lib",
    }


def test_an_unknown_repository_lists_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown repository is exit code 2, lists the known ones, and writes nothing."""
    code = main(["render", "example", "billing", "--out", str(tmp_path)])
    assert code == ExitCode.CONFIGURATION
    assert "repositories here: invoice-api, ledger-jobs, shared-lib" in capsys.readouterr().err
    assert files(tmp_path) == set()


def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that cannot be created is one sentence and exit code 2."""
    file = tmp_path / "file"
    file.touch()
    assert main(["render", "example", "--out", str(file)]) == ExitCode.CONFIGURATION
    place = file / "invoice-api/.github/workflows"
    assert f"{place}: the folder cannot be created: " in capsys.readouterr().err


def test_claims_that_are_left_out_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without GitHub's facts, `render` leaves the ids out of a pinned trust, and says it."""
    (tmp_path / "Pulumi.yaml").touch()
    folder = tmp_path / "stacks/s"
    folder.mkdir(parents=True)
    (folder / "_stack.yaml").write_text(SETTINGS)
    trust = "{claims: pinned, keep_subject_statement: false}"
    text = f"repository: a\nenvironments: {{dev: {{trust: {trust}}}}}\n"
    (folder / "a.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["render", "s", "--out", "out"]) == ExitCode.SUCCESS
    why = "GitHub was not asked"
    said = f"a dev: the trust policy leaves out repository_id: {why}; repository_owner_id: {why}\n"
    assert said in capsys.readouterr().err
    (statement,) = json.loads(Path("out/a/aws/dev/trust.json").read_text("utf-8"))["Statement"]
    compared = statement["Condition"]["StringEquals"]
    assert {key.rpartition(":")[2]: value for key, value in compared.items()} == {
        "aud": "sts.amazonaws.com",
        "sub": "repo:acme/a:environment:dev",
        "environment": "dev",
        "ref": "refs/heads/develop",
        "job_workflow_ref": "acme/a/.github/workflows/python-dev.yml@refs/heads/develop",
    }
