"""Findings at a terminal of 80 columns, without colours, in a pipe, and when there are none."""

from dataclasses import replace

import pytest

from operations.diff.finding import Repair
from operations.reports.text import print_reports
from operations.terminal.output import console
from tests.operations.keys import key
from tests.operations.reports.samples import BRANCH, CLEAN, FULL, REVIEWERS, VARIABLE, report


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")


def test_80_columns_hold_a_subject_of_an_id_token_in_one_piece(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Values stand below what differs and break only where 66 columns are not enough."""
    subject = "repo:acme/billing:environment:prod"
    trust = replace(
        REVIEWERS, object=key("role acme.billing-prod"), field="trust", declared=subject
    )
    print_reports([report(trust)], console())
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[:3] == [
        "acme/billing",
        "  weaker      role acme.billing-prod: trust [refresh, then up]",
        f"              {subject} -> nothing",
    ]


def test_long_values_that_begin_alike_are_shown_where_they_differ(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Cut to their beginnings, two policies would look the same."""
    same = "x" * 300
    differing = replace(REVIEWERS, declared=f"{same}mine", live=f"{same}theirs")
    print_reports([report(differing)], console())
    assert f"…{same[:20]}mine -> …{same[:20]}theirs" in capsys.readouterr().out


def test_a_pipe_has_values_in_one_piece(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No width is known, so nothing is folded and nothing filled up with spaces."""
    monkeypatch.delenv("COLUMNS")
    arn = f"arn:aws:iam::333333333333:role/{'x' * 120}"
    print_reports([report(replace(REVIEWERS, live=arn), BRANCH)], console())
    assert capsys.readouterr().out.splitlines()[1:5] == [
        "  weaker      environment prod: reviewers [refresh, then up]",
        f"              octocat, platform -> {arn}",
        "  neutral     branch develop [up]",
        "              develop -> nothing",
    ]


def test_no_table_is_wider_than_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the text of others: long words are folded."""
    print_reports([report(replace(VARIABLE, live="x" * 500))], console())
    table = capsys.readouterr().out.partition("acme: ")[0]
    assert max(map(len, table.splitlines())) <= 80


def test_a_pipe_gets_no_colours(capsys: pytest.CaptureFixture[str]) -> None:
    """What is no terminal gets text only."""
    print_reports([FULL], console())
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_no_color_is_honoured(
    no_color: str,
    coloured: bool,  # noqa: FBT001 - a column of the table
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A terminal gets red unless NO_COLOR is set and not empty (no-color.org)."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", no_color)
    print_reports([report(REVIEWERS)], console())
    assert ("\x1b[1;31mweaker" in capsys.readouterr().out) is coloured


def test_nothing_found_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """And it says less where not everything could be seen."""
    print_reports([CLEAN, report(incomplete=("AWS: is on holiday",))], console())
    assert capsys.readouterr().out.splitlines() == [
        "acme: 25 repositories as declared",
        "incomplete: AWS: is on holiday",
        "acme: 25 repositories as declared, as far as could be seen",
    ]


def test_all_of_a_repository_that_nobody_declares_is_one_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its objects are named behind one another, while a declared repository's have a row each."""
    gone = replace(
        VARIABLE, object=key("role r"), live="there", rule="plan/delete", repair=Repair.UP
    )
    many = [replace(gone, object=key(f"role r{number}")) for number in range(3)]
    declared = [replace(one, repository="billing") for one in many]
    print_reports([report(*many, *declared)], console())
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[:3] == [
        "acme/api",
        "stronger    no longer declared [up]",
        "nothing -> 3 objects: role r0; role r1; role r2",
    ]
    assert sum("role r" in line for line in lines[3:]) == 3
    assert "acme: 6 findings in 2 of 26 repositories, 0 weaker than declared" in lines


def test_what_a_person_has_to_do_depends_on_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """A repository that is not there can't be undone there, nor called unmanaged."""
    missing = replace(VARIABLE, rule="repository/missing")
    left = replace(VARIABLE, rule="workflow/content")
    print_reports([report(VARIABLE, missing, left)], console())
    assert sorted(capsys.readouterr().out.splitlines()[-3:]) == [
        "  1 by hand: make it or restore it on GitHub, correct its name, or remove its file",
        "  1 by hand: put it right there, up would leave it",
        "  1 by hand: undo it there, declare it, or call it unmanaged",
    ]


def test_what_nobody_declares_any_more_is_not_repaired(capsys: pytest.CaptureFixture[str]) -> None:
    """To delete it is no repair, and the command that is named asks before it does."""
    gone = replace(VARIABLE, repair=Repair.UP, rule="plan/delete")
    kept = replace(REVIEWERS, repair=Repair.UP)
    print_reports([report(gone, kept)], console())
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "  1 repaired by slipway up acme, or pulumi up --refresh --stack acme",
        "  1 not declared any more: slipway up acme would delete it",
    ]
