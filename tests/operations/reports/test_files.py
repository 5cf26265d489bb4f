"""Forms for files and messages: Markdown and JSON, and where each is written."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from operations.cli.arguments import parser
from operations.diff.finding import Direction, Repair
from operations.reports.as_json import as_json
from operations.reports.as_markdown import LIMIT, as_markdown
from operations.reports.publish import publish_reports
from operations.reports.text import print_reports
from operations.terminal.output import PROJECT
from tests.operations.reports.samples import CLEAN, FULL, HOSTILE, REVIEWERS, VARIABLE, report

SCHEMA = PROJECT / "operations/reports/drift.schema.json"


def test_foreign_text_has_no_meaning_in_markdown() -> None:
    """In Markdown, foreign text has no special meaning, and none of it is lost."""
    text = as_markdown([FULL])
    values = re.findall("<code>(.*?)</code>", text)
    assert values
    for value in values:
        assert not re.search(r"[<>`*@|\[\]\\]|#(?!\d+;)|www\.", value)
    escaped = HOSTILE.replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")
    assert escaped.replace("\r\n", r"\r\n") in [unescape(value) for value in values]


def test_markdown_stays_below_githubs_limit_and_counts_what_is_left_out() -> None:
    """A long Markdown report stays below GitHub's limit, and counts the findings left out."""
    many = [replace(VARIABLE, field=f"f{number}") for number in range(500)]
    text = as_markdown([report(*many)])
    told = text.count("| stronger |")
    assert len(text) <= LIMIT
    assert 0 < told < 500
    assert f"{500 - told} findings are left out here." in text


def test_markdown_has_commands_to_copy() -> None:
    """Commands in Markdown remedies are code."""
    kept = replace(REVIEWERS, repair=Repair.UP)
    line = "- 1 repaired by <code>slipway up acme</code>, or <code>pulumi up --refresh --stack acme"
    assert line in as_markdown([report(kept)])


def test_the_weakest_comes_first_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    """Weaker findings come first in Markdown and at a terminal, before the order of names."""
    print_reports([FULL], Console(width=80))
    for text in (as_markdown([FULL]), capsys.readouterr().out):
        assert text.index("weaker") < text.index("acme/api")


def test_foreign_text_cannot_control_the_terminal() -> None:
    """Escape sequences and bidirectional controls are printed as visible text."""
    console = Console(width=80, record=True, file=Path("/dev/null").open("w"))  # noqa: SIM115 - rich's
    print_reports([FULL], console)
    text = console.export_text()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert r"\x1b[31m" in text.replace("\n", "").replace(" ", "")
    console.file.close()


def test_json_is_as_its_schema_says() -> None:
    """JSON reports match the schema, which requires every member and lists every value."""
    document, schema = json.loads(as_json([FULL, CLEAN])), json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    stack, finding = (schema["$defs"][name] for name in ("stack", "finding"))
    assert set(stack["required"]) == set(stack["properties"]) == set(document["stacks"][0])
    # Members were added: a program that knew those of a finding still finds them.
    assert set(REVIEWERS.as_dict()) < set(finding["properties"])
    assert (
        set(finding["required"])
        == set(finding["properties"])
        == set(document["stacks"][0]["findings"][0])
    )
    assert finding["properties"]["direction"]["enum"] == [str(one) for one in Direction]
    assert finding["properties"]["repair"]["enum"] == [str(one) for one in Repair]


def test_markdown_and_html_are_written_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--markdown --html FILE`, both forms are written."""
    file = tmp_path / "report"
    options = parser().parse_args(["drift", "--markdown", "--html", str(file)])
    publish_reports([CLEAN], options)
    assert capsys.readouterr().out.startswith("## <code>acme</code>")
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")
