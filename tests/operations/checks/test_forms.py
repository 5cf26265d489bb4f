"""The forms of the checks: a table and JSON."""

import io
import json

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from components.config.problems import Problem
from operations.checks.check import Result, StackChecks, judged, not_asked, read_well
from operations.checks.forms.as_json import as_json
from operations.checks.forms.as_text import print_checks
from operations.terminal.output import PROJECT

HOSTILE = "\x1b[31mred\u202e"
PROBLEM = Problem("stacks/s/a.yaml", 4, "branches.prod", f"is {HOSTILE}")
CHECKS = (
    read_well(1),
    judged("owner", "acme", (), "GitHub knows it"),
    judged("branches", "acme", [PROBLEM], "1 repository"),
    judged("names of roles", "account 111111111111", (), "3 names", notices=[PROBLEM]),
    not_asked("quota of roles", "account 111111111111", f"{HOSTILE}\nis denied"),
)
STACK = StackChecks(stack="s", owner="acme", repositories=1, checks=CHECKS)


def test_json_is_as_its_schema_says() -> None:
    """The document matches the schema, which requires every member and lists every result."""
    schema = json.loads(
        (PROJECT / "operations/checks/forms/validate.schema.json").read_text("utf-8")
    )
    document = json.loads(as_json([STACK], live=True))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    (stack,) = document["stacks"]
    definitions = schema["$defs"]
    for name, found in (
        ("stack", stack),
        ("check", stack["checks"][0]),
        ("problem", stack["checks"][2]["problems"][0]),
    ):
        assert set(definitions[name]["required"]) == set(definitions[name]["properties"])
        assert set(definitions[name]["required"]) == set(found)
    assert definitions["check"]["properties"]["result"]["enum"] == [str(one) for one in Result]
    results = [check["result"] for check in stack["checks"]]
    assert results == ["ok", "ok", "problem", "notice", "not asked"]


def table(stacks: list[StackChecks], width: int | None = None) -> str:
    """The table as printed into a pipe, or at a terminal of this width."""
    file = io.StringIO()
    console = Console(file=file, force_terminal=bool(width), width=width, soft_wrap=not width)
    print_checks(stacks, console)
    return file.getvalue()


def test_each_check_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe each check is one line of four columns; with several stacks they are named."""
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = table([STACK]).splitlines()
    assert len(lines) == len(CHECKS)
    assert lines[1] == "ok         acme                  owner           GitHub knows it"
    assert lines[2].startswith("problem    acme                  branches        1 repository: 1")
    assert lines[3].startswith("notice     account 111111111111  names of roles  3 names")
    assert lines[4].startswith("not asked  account 111111111111  quota of roles  ")
    several = table([STACK, STACK]).splitlines()
    assert len(several) == 2 * len(CHECKS)
    assert several[1].startswith("ok         s  acme ")


@pytest.mark.parametrize("width", [None, 60])
def test_foreign_text_cannot_control_the_terminal(
    monkeypatch: pytest.MonkeyPatch, width: int | None
) -> None:
    """Escape sequences and bidirectional controls are printed as visible text, in JSON too."""
    monkeypatch.delenv("COLUMNS", raising=False)
    for text in (table([STACK], width), as_json([STACK], live=True)):
        assert "\u202e" not in text
        assert "\x1b[31mred" not in text
    told = json.loads(as_json([STACK], live=True))["stacks"][0]["checks"][2]["problems"][0]["text"]
    assert told == r"is \x1b[31mred\u202e"
