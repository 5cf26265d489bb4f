import json
import subprocess
from pathlib import Path

import pytest

from operations.cli import main
from operations.commands.changed import changed

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
def test_a_change_is_about_some_stacks(paths: list[str], expected: list[str]) -> None:
    """Declarations and configuration are about their stack, the program about all."""
    assert changed(STACKS, paths) == expected


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with three stacks, of which a branch changes one and main another."""
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
    """What the base has gained since is no change of the branch; samples are never named."""
    assert main(["changed", "main"]) == 0
    assert json.loads(capsys.readouterr().out) == ["acme"]
    assert main(["changed"]) == 0
    assert json.loads(capsys.readouterr().out) == STACKS


@pytest.mark.usefixtures("history")
def test_an_unknown_commit_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is taken for unchanged because git could not tell."""
    assert main(["changed", "nothing"]) == 2
    assert "fetch the whole history" in capsys.readouterr().err
