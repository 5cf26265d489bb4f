import shutil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from components.config.problems import ExitCode
from components.model.live import Live, LiveRepository
from components.model.plan import Plan
from components.model.stack import Stack
from operations.cli import main
from operations.commands import validate
from operations.terminal.output import PROJECT
from operations.workflow_checks.requirements import Requirements
from tests.stacks import SETTINGS


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy this project's stacks, and make the copy the working directory."""
    shutil.copytree(PROJECT / "stacks", tmp_path / "stacks")
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_stack_of_this_project_is_valid(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every stack of this project is valid, since users copy its declarations."""
    assert checkout.is_dir()
    assert main(["validate"]) == ExitCode.SUCCESS
    assert capsys.readouterr().out.splitlines() == [
        "example: 3 repositories, no problem",
        "sandbox: 3 repositories, no problem",
    ]


def test_problems_of_all_stacks_are_reported_in_one_run(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One run names every problem of every stack on stderr, and exits with 2."""
    for stack in ("example", "sandbox"):
        (checkout / "stacks" / stack / "new.yaml").write_text("repository: a/b\n", "utf-8")
    assert main(["validate"]) == ExitCode.CONFIGURATION
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [line.split(": ")[0] for line in captured.err.splitlines()] == [
        "stacks/example/new.yaml:1",
        "stacks/sandbox/new.yaml:1",
        "2 problems. Nothing was changed.",
    ]


def test_each_declaration_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`validate` parses each YAML file once, since parsing takes most of its time."""
    for stack in ("one", "two", "three"):
        folder = tmp_path / "stacks" / stack
        folder.mkdir(parents=True)
        for name, text in (("_stack", SETTINGS), (f"{stack}-api", f"repository: {stack}-api\n")):
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)
    texts: list[str] = []
    load = YAML.load

    def counted(reader: YAML, text: str) -> Any:
        texts.append(text)
        return load(reader, text)

    monkeypatch.setattr(YAML, "load", counted)
    assert main(["validate"]) == ExitCode.SUCCESS
    assert sorted(texts) == sorted(
        path.read_text(encoding="utf-8") for path in tmp_path.glob("stacks/*/*.yaml")
    )


def test_a_folder_without_stacks_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a folder without stacks, the message says what to write."""
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)
    assert main(["validate"]) == ExitCode.CONFIGURATION
    assert "has no stack: write STACK/_stack.yaml there" in capsys.readouterr().err


def test_live_needs_a_token(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--live` without GITHUB_TOKEN ends with the exit code of authentication, before a request."""
    assert checkout.is_dir()
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("GITHUB_OWNER", raising=False)
    assert main(["validate", "--live", "sandbox"]) == ExitCode.AUTHENTICATION
    assert capsys.readouterr().err.startswith("GITHUB_TOKEN: is not set: export a token")


def test_another_owner_in_the_environment_is_refused(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """GITHUB_OWNER with another owner is refused: the provider would write to its repositories."""
    assert checkout.is_dir()
    monkeypatch.setenv("GITHUB_OWNER", "somebody")
    assert main(["validate", "--live", "sandbox"]) == ExitCode.CONFIGURATION
    assert "unset GITHUB_OWNER" in capsys.readouterr().err


@pytest.mark.parametrize(("plan", "noted"), [(None, True), ("enterprise", False)])
def test_live_notes_an_unknown_plan(
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    plan: Plan | None,
    *,
    noted: bool,
) -> None:
    """`--live` notes an unknown plan of the owner beside the result, with what to do."""
    assert checkout.is_dir()
    vault = LiveRepository(
        id=1,
        html_url="https://github.com/acme/vault",
        default_branch="main",
        subject_prefix="repo:acme/vault",
        visibility="internal",
    )
    live = Live(users={}, teams={}, repositories={"vault": vault}, plan=plan)
    monkeypatch.setenv("GITHUB_TOKEN", "x")
    monkeypatch.delenv("GITHUB_OWNER", raising=False)
    monkeypatch.setattr(validate, "read_live", lambda *_: live)
    monkeypatch.setattr(validate, "_check_accounts", lambda _: None)
    monkeypatch.setattr(Requirements, "ask", lambda *_: None)
    assert main(["validate", "--live", "sandbox"]) == ExitCode.SUCCESS
    note = "stacks/sandbox/_stack.yaml:3: owner: the plan of acme is not known"
    assert (note in capsys.readouterr().err) is noted


UNSAID = "deploys a Lambda zip without saying `package.dependencies`"
OLD = """\
repository: old
python_versions: ["3.8"]
deploy: {lambda_function: old}
environments: {prod: {secrets: [TOKEN]}}
"""


@pytest.fixture
def old(checkout: Path) -> Path:
    """Create a stack of one repository with three notices."""
    stacks = checkout / "stacks"
    shutil.copytree(stacks / "sandbox", stacks / "old", ignore=shutil.ignore_patterns("[!_]*"))
    (stacks / "old" / "old.yaml").write_text(OLD, "utf-8")
    return stacks / "old"


def test_notices_go_to_stderr(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Notices go to stderr, one per line; the result on stdout stays the same."""
    assert main(["validate", "old"]) == ExitCode.SUCCESS
    captured = capsys.readouterr()
    assert captured.out == "old: 1 repository, no problem\n"
    beginnings = ["old: 1 secrets, ", "python_versions: 3.8 is past its end since October 2024"]
    beginnings += ["1 secret is read by no step of the workflows (old: prod TOKEN)"]
    beginnings += [f"1 repository {UNSAID} (old)"]
    lines = captured.err.splitlines()
    assert len(lines) == len(beginnings)
    for line, beginning in zip(lines, beginnings, strict=True):
        assert line.startswith(beginning)
    (old / "bad.yaml").write_text("repository: a/b\n", "utf-8")
    assert main(["validate", "old"]) == ExitCode.CONFIGURATION
    assert "past its end" not in capsys.readouterr().err


def test_live_reads_dependencies_from_github(
    old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--live`, GitHub's files decide the notice about dependencies, instead of a guess."""
    live = Live(users={}, teams={}, repositories={})
    asked = []

    def ask(self: Requirements, stack: Stack, _: object) -> None:
        asked.append(stack.name)
        self.lacking.append("acme/old")

    monkeypatch.setenv("GITHUB_TOKEN", "x")
    monkeypatch.delenv("GITHUB_OWNER", raising=False)
    monkeypatch.setattr(validate, "read_live", lambda *_: live)
    monkeypatch.setattr(validate, "_check_accounts", lambda _: None)
    monkeypatch.setattr(Requirements, "ask", ask)
    assert main(["validate", "--live", old.name]) == ExitCode.SUCCESS
    said = capsys.readouterr().err
    assert asked == ["old"]
    assert UNSAID not in said
    assert "1 Lambda zip lacks what requirements.txt names" in said
