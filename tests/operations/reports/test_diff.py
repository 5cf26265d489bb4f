"""The diff of an edited workflow in every form of a report."""

import re
from dataclasses import replace
from html import unescape

import pytest

from operations.diff.finding import Direction, Repair
from operations.reports.as_html import as_html
from operations.reports.as_json import as_json
from operations.reports.as_markdown import LIMIT, as_markdown
from operations.reports.report import SHORT_DIFF, StackReport
from operations.reports.text import print_reports
from operations.terminal.output import console
from tests.operations.keys import key
from tests.operations.reports.samples import HOSTILE, REVIEWERS, report

EDITED = replace(
    REVIEWERS,
    object=key("python-dev.yml on develop"),
    field="content",
    direction=Direction.WEAKER,
    repair=Repair.UP,
    rule="workflow/content",
    diff=("--- declared", "+++ live", "-  runs-on: a", f"+  runs-on: {HOSTILE}"),
)
LONG = replace(EDITED, diff=("--- declared", "+++ live", *(f"+line {n}" for n in range(300))))


def forms(shown: StackReport, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Return the report in every form."""
    print_reports([shown], console())
    text = capsys.readouterr().out
    return {
        "text": text,
        "markdown": as_markdown([shown]),
        "page": as_html([shown]),
        "json": as_json([shown]),
    }


def test_a_short_diff_is_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    """Each form has a short diff, from the declared to the live lines."""
    for name, text in forms(report(EDITED), capsys).items():
        assert re.search(r"-  runs-on: a|-  runs-on&#58; a", text), name


def test_foreign_lines_have_no_effect(capsys: pytest.CaptureFixture[str]) -> None:
    """Markup, mentions and control characters in an edited workflow are only text."""
    made = forms(report(EDITED), capsys)
    for text in made.values():
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "<script>alert" not in made["page"]
    (block,) = re.findall("<pre><code>(.*?)</code></pre>", made["markdown"], re.DOTALL)
    assert not re.search(r"[<>`*@|\[\]\\]|#(?!\d+;)|www\.", block)
    escaped = HOSTILE.replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")
    assert escaped.replace("\r\n", r"\r\n") in unescape(block)


def test_a_long_diff_is_whole_on_the_page_and_on_demand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Text and Markdown name the option for a long diff; page and JSON always have it whole."""
    assert len(LONG.diff) > SHORT_DIFF
    made = forms(report(LONG), capsys)
    for name in ("text", "markdown"):
        assert "line 299" not in made[name]
        assert "slipway drift acme --diff" in re.sub(r"\s+", " ", unescape(made[name]))
    for text in (made["page"], made["json"]):
        assert "+line 299" in text
    for name, text in forms(replace(report(LONG), whole=True), capsys).items():
        assert "+line 299" in text, name


def test_diffs_leave_room_for_findings() -> None:
    """In an issue, diffs come after all findings; those without room are counted."""
    many = [replace(LONG, object=key(f"w{n}.yml on develop")) for n in range(60)]
    text = as_markdown([replace(report(*many, REVIEWERS), whole=True)])
    assert len(text) <= LIMIT
    assert text.count("| **weaker** |") == 61
    left = 60 - text.count("<details>")
    assert 0 < left < 60
    assert f"{left} diffs are left out here." in text
