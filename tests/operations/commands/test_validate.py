import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from components.config.baseline import today
from components.config.problems import ExitCode
from operations.cli import main
from operations.terminal.output import PROJECT
from tests.stacks import SETTINGS

SCHEMA = PROJECT / "operations/checks/forms/validate.schema.json"


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


def test_remarks_about_a_sample_are_told_to_those_who_name_it(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of all stacks at once, only a user's own have remarks: the samples come with the project."""
    assert main(["validate"]) == ExitCode.SUCCESS
    assert capsys.readouterr().err == ""
    assert main(["validate", "sandbox"]) == ExitCode.SUCCESS
    said = capsys.readouterr().err
    assert "sandbox: 2 secrets, whose values `pulumi preview` looks for" in said
    assert "without saying `package.dependencies` (billing, payments)" in said
    shutil.copytree(checkout / "stacks/sandbox", checkout / "stacks/own")
    for file in (checkout / "stacks/sandbox").iterdir():
        file.unlink()
    (checkout / "stacks/sandbox").rmdir()
    (checkout / "stacks/own/payments.yaml").write_text(
        "repository: payments\nenvironments: {prod: {secrets: [TOKEN]}}\n", encoding="utf-8"
    )
    assert main(["validate"]) == ExitCode.SUCCESS
    said = capsys.readouterr().err
    assert "own: 1 secret, whose value `pulumi preview` looks for" in said
    assert "1 secret is read by no step of the workflows (payments: prod TOKEN)" in said


def test_prod_is_never_weaker_than_test(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A weaker prod is a problem; accepted, it is a notice that names reason and day."""
    file = checkout / "stacks/example/new.yaml"
    weaker = "repository: new\nenvironments:\n  test: {wait_minutes: 20}\n"
    file.write_text(weaker, encoding="utf-8")
    assert main(["validate", "example"]) == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    assert (
        "stacks/example/new.yaml:3: environments.test.wait_minutes: new: wait_minutes is 10" in said
    )

    day = today() + timedelta(days=1)
    file.write_text(f"{weaker}  prod: {{accept_weaker: it moves until {day}}}\n", encoding="utf-8")
    assert main(["validate", "example"]) == ExitCode.SUCCESS
    place = "stacks/example/new.yaml:4: environments.prod.accept_weaker: "
    words = f"accepted until {day} (it moves): new: wait_minutes"
    assert f"{place}{words}" in capsys.readouterr().err
    assert main(["validate", "example", "--json"]) == ExitCode.SUCCESS
    (check,) = json.loads(capsys.readouterr().out)["stacks"][0]["checks"]
    assert (check["check"], check["result"]) == ("declarations", "notice")
    (notice,) = check["notices"]
    assert notice["text"].startswith(words)


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
    parse = yaml.parse

    def counted(text: str, **options: Any) -> Any:
        texts.append(text)
        return parse(text, **options)

    monkeypatch.setattr(yaml, "parse", counted)
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


@pytest.mark.parametrize("json_too", [False, True])
def test_a_wrong_declaration_is_a_check(
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    json_too: bool,
) -> None:
    """With `--live` a wrong region is one line, and neither GitHub nor AWS is asked."""
    monkeypatch.delenv("COLUMNS", raising=False)
    settings = checkout / "stacks/example/_stack.yaml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("region: eu-central-1", "region: eu-wset-1", 1), "utf-8")
    arguments = ["validate", "--live", "example"]
    assert main([*arguments, "--json"] if json_too else arguments) == ExitCode.CONFIGURATION
    captured = capsys.readouterr()
    assert "'eu-wset-1' is no AWS region: did you mean eu-west-1" in captured.err
    if json_too:
        (check,) = json.loads(captured.out)["stacks"][0]["checks"]
        assert (check["check"], check["result"]) == ("declarations", "problem")
        (problem,) = check["problems"]
        place = f"{problem['file']}:{problem['line']}: {problem['path']}"
        assert captured.err.startswith(f"{place}: {problem['text']}\n")
    else:
        answer = "1 problem; GitHub and AWS were not asked"
        assert captured.out == f"problem  files  declarations  {answer}\n"


def test_json_without_live_has_the_declarations_alone(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--json` without `--live` sends no request, and its document has only the declarations."""
    assert checkout.is_dir()
    assert main(["validate", "--json"]) == ExitCode.SUCCESS
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(document)
    assert document["live"] is False
    told = [(one["stack"], one["repositories"]) for one in document["stacks"]]
    assert told == [("example", 3), ("sandbox", 3)]
    for stack in document["stacks"]:
        (check,) = stack["checks"]
        assert (check["check"], check["result"]) == ("declarations", "ok")


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
    beginnings = ["old: 1 secret, ", "python_versions: 3.8 is past its end since October 2024"]
    beginnings += ["1 secret is read by no step of the workflows (old: prod TOKEN)"]
    beginnings += [f"1 repository {UNSAID} (old)"]
    lines = captured.err.splitlines()
    assert len(lines) == len(beginnings)
    for line, beginning in zip(lines, beginnings, strict=True):
        assert line.startswith(beginning)
    (old / "bad.yaml").write_text("repository: a/b\n", "utf-8")
    assert main(["validate", "old"]) == ExitCode.CONFIGURATION
    assert "past its end" not in capsys.readouterr().err
