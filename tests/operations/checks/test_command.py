"""`slipway validate --live` prints to stdout and stderr, and returns an exit code."""

import json

import pytest

from components.config.problems import ExitCode
from operations.cli import main
from tests.operations.checks.conftest import FILES, Looked
from tests.stacks import SETTINGS, WriteStack

VAULT = {"owner": "acme", "name": "vault", "files": FILES, "branches": ["develop"], "private": True}
ZIP = "repository: vault\ndeploy: {lambda_function: vault}\n"
UNSAID = "deploys a Lambda zip without saying `package.dependencies`"


@pytest.fixture(autouse=True)
def _shown_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def test_notices_are_no_problem(
    looked: Looked, write_stack: WriteStack, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table and the result go to stdout, notices to stderr with their places; the code is 0.

    GitHub's files decide the notice about dependencies, instead of a guess.
    """
    looked.seed(repositories=[VAULT | {"files": FILES | {"requirements.txt": "requests\n"}}])
    write_stack(f"{SETTINGS}plan: enterprise\n", v=ZIP)
    assert main(["validate", "--live", "s"]) == ExitCode.SUCCESS
    captured = capsys.readouterr()
    *table, result = captured.out.splitlines()
    assert result == "s: 1 repository, no problem"
    assert len(table) == 1 + 9 + 3 * 6
    (plan,) = (line for line in table if line.split("  ")[0] == "not asked" and " plan " in line)
    assert "GitHub does not tell it; the stated enterprise was taken" in plan
    assert UNSAID not in captured.err
    assert "1 Lambda zip lacks what requirements.txt names" in captured.err


@pytest.mark.parametrize("as_json", [False, True])
def test_problems_are_told_twice_for_two_readers(
    looked: Looked, write_stack: WriteStack, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    """A problem is in the table or document on stdout and in a message on stderr; the code is 2."""
    looked.seed(repositories=[VAULT | {"archived": True}])
    write_stack(v=f"# ours\n{ZIP}")
    assert main(["validate", "--live", "s", *(["--json"] * as_json)]) == ExitCode.CONFIGURATION
    captured = capsys.readouterr()
    first, last = captured.err.splitlines()
    assert first.startswith("stacks/s/v.yaml:2: repository: acme/vault is archived and read-only")
    assert last == "1 problem. Nothing was changed."
    if as_json:
        (stack,) = json.loads(captured.out)["stacks"]
        found = {check["check"]: check for check in stack["checks"] if check["problems"]}
        assert found.keys() == {"repositories"}
        (problem,) = found["repositories"]["problems"]
        assert (problem["file"], problem["line"]) == ("stacks/s/v.yaml", 2)
    else:
        assert "problem    acme                  repositories" in captured.out
        assert "no problem" not in captured.out


@pytest.mark.parametrize("as_json", [False, True])
def test_a_declaration_with_a_problem_hides_no_question_about_others(
    looked: Looked, write_stack: WriteStack, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    """The table names what was left out, and has the answers about the rest of the stack."""
    looked.seed(repositories=[VAULT | {"archived": True}])
    write_stack(v=ZIP, w="repositry: w\n", x="repository: x\nenvironments: {stage: {}}\n")
    code = main(["validate", "--live", "s", *(["--json"] * as_json)])
    assert code == ExitCode.CONFIGURATION
    captured = capsys.readouterr()
    places = [line.split(": ")[0].rpartition("/")[2] for line in captured.err.splitlines()]
    assert places[0] == "v.yaml:1"
    assert {place.split(":")[0] for place in places[1:-1]} == {"w.yaml", "x.yaml"}
    told = "w.yaml, x.yaml: correct them first"
    if as_json:
        (stack,) = json.loads(captured.out)["stacks"]
        checks = {check["check"]: (check["result"], check["answer"]) for check in stack["checks"]}
        assert stack["repositories"] == 1
        assert checks["left out"] == ("not asked", told)
        assert checks["owner"] == ("ok", "GitHub knows it")
        assert checks["repositories"][0] == checks["declarations"][0] == "problem"
        assert "not asked" not in checks["declarations"][1]
    else:
        lines = [line.split("  ") for line in captured.out.splitlines()]
        rows = {tuple(filter(None, map(str.strip, line))) for line in lines}
        assert ("not asked", "files", "left out", told) in rows
        assert ("ok", "acme", "owner", "GitHub knows it") in rows
        assert "no problem" not in captured.out


@pytest.mark.usefixtures("looked")
def test_one_file_that_was_left_out_is_named_alone(
    write_stack: WriteStack, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without other declarations the stack itself is asked about."""
    write_stack(w="repositry: w\n")
    assert main(["validate", "--live", "s"]) == ExitCode.CONFIGURATION
    said = capsys.readouterr().out
    assert "w.yaml: correct it first" in said
    assert "GitHub knows it" in said
