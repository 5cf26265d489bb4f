import json
import subprocess
from pathlib import Path

import pytest

from operations.cli import main
from operations.commands.declared.changed import changed

STACKS = ["acme", "other"]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["stacks/acme/billing.yaml"], ["acme"]),
        (["stacks/Pulumi.other.yaml"], ["other"]),
        (["stacks/gone/x.yaml", "stacks/schema/stack.json", "README.md"], []),
        (["components/model/ci.py"], STACKS),
        (["requirements.lock", "stacks/acme/a.yaml"], STACKS),
        (["stacks/sandbox/billing.yaml"], []),
    ],
)
def test_a_changed_path_affects_its_stack_or_all_stacks(
    paths: list[str], expected: list[str]
) -> None:
    """Declarations and configuration affect their own stack; program files affect every stack."""
    assert changed(STACKS, paths) == expected


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create a git history with three stacks; a branch changes one and main another."""
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)
    for stack in ("acme", "other", "sandbox"):
        folder = tmp_path / "stacks" / stack
        folder.mkdir(parents=True)
        (folder / "_stack.yaml").write_text("owner: x\n")
    git("init", "--quiet", "--initial-branch", "main")
    commit("first")
    git("switch", "--quiet", "--create", "branch")
    (tmp_path / "stacks/acme/a.yaml").write_text("repository: a\n")
    commit("second")
    git("switch", "--quiet", "main")
    (tmp_path / "stacks/other/b.yaml").write_text("repository: b\n")
    commit("third")
    git("switch", "--quiet", "branch")
    return tmp_path


def git(*arguments: str) -> None:
    """Run git in the working directory."""
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


def commit(message: str) -> None:
    """Commit everything."""
    git("add", "--all")
    git("commit", "--quiet", "--message", message)


@pytest.mark.usefixtures("history")
def test_only_the_branchs_own_changes_count(capsys: pytest.CaptureFixture[str]) -> None:
    """Only commits of the branch count, not newer ones of its base; samples are never named."""
    assert main(["changed", "main"]) == 0
    assert json.loads(capsys.readouterr().out) == ["acme"]
    assert main(["changed"]) == 0
    assert json.loads(capsys.readouterr().out) == STACKS


@pytest.mark.usefixtures("history")
def test_an_unknown_commit_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown commit is an error, so no stack is taken for unchanged by mistake."""
    assert main(["changed", "nothing"]) == 2
    assert "fetch the whole history" in capsys.readouterr().err


def test_the_project_may_be_a_folder_of_its_git_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Changed files count from the project's folder, wherever in it the user stands."""
    project = tmp_path / "infrastructure/onboarding"
    for stack in STACKS:
        folder = project / "stacks" / stack
        folder.mkdir(parents=True)
        (folder / "_stack.yaml").write_text("owner: x\n")
    (project / "Pulumi.yaml").touch()
    monkeypatch.chdir(project / "stacks/acme")
    git("init", "--quiet", "--initial-branch", "main", str(tmp_path))
    git("add", "--all", str(tmp_path))
    commit("first")
    git("switch", "--quiet", "--create", "branch")
    (project / "stacks/other/b.yaml").write_text("repository: b\n")
    (tmp_path / "requirements.lock").write_text("of another part of the repository\n")
    git("add", "--all", str(tmp_path))
    commit("second")
    assert main(["changed", "main"]) == 0
    assert json.loads(capsys.readouterr().out) == ["other"]
