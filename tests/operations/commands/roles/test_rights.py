import json
from pathlib import Path

import pytest

from components.config.problems import ExitCode
from operations.cli import main
from operations.terminal.output import PROJECT
from tests.e2e.rights import UNCALLED


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def test_each_account_has_its_policies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`rights` writes three policies per account, and warns of roles without a boundary."""
    assert main(["rights", "example", "--out", str(tmp_path)]) == ExitCode.SUCCESS
    captured = capsys.readouterr()
    accounts = ("101010101010", "202020202020", "303030303030")
    expected = {
        f"{account}/{kind}.json" for account in accounts for kind in ("preview", "drift", "up")
    }
    written = {str(Path(line).relative_to(tmp_path)) for line in captured.out.splitlines()}
    assert written == expected | {"assume.json"}
    for path in written:
        assert json.loads((tmp_path / path).read_text("utf-8"))["Version"] == "2012-10-17"
    # Prod declares a boundary for every role.
    warned = [account for account in accounts if f"account {account}: not every" in captured.err]
    assert warned == list(accounts[:2])


def test_a_policy_that_exceeds_the_quota_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A policy that exceeds IAM's quota is written, with a warning that names its length."""
    monkeypatch.setattr("operations.commands.roles.rights._LONGEST", 1000)
    assert main(["rights", "example", "--out", str(tmp_path)]) == ExitCode.SUCCESS
    told = capsys.readouterr().err
    assert f"{tmp_path}/303030303030/up.json: " in told
    assert "a managed policy has 1000 at most" in told
    assert "preview.json" not in told


def test_a_folder_that_cannot_be_made_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that cannot be created is a problem, not a traceback."""
    (tmp_path / "file").touch()
    out = tmp_path / "file/rights"
    assert main(["rights", "example", "--out", str(out)]) == ExitCode.CONFIGURATION
    assert "the folder cannot be created" in capsys.readouterr().err


def test_actions_that_no_run_uses_are_documented() -> None:
    """The documentation names every action that no test run uses."""
    text = (PROJECT / "docs/aws-rights.md").read_text(encoding="utf-8")
    (told,) = (part for part in text.split("\n\n") if "is proven" in part)
    assert all(f"`{action}`" in told for action in UNCALLED)
