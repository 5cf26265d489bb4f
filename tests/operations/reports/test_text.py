"""Findings at a terminal of 80 columns, without colours, in a pipe, and an empty report."""

from dataclasses import replace

import pytest

from operations.diff.finding import Direction, Repair
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
    """A subject of an id-token stands on one line of 80 columns below its property."""
    subject = "repo:acme/billing:environment:prod"
    trust = replace(
        REVIEWERS, object=key("role acme.billing-prod"), field="trust", declared=subject
    )
    print_reports([report(trust)], console())
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[:3] == [
        "acme/billing",
        "  weaker      role acme.billing-prod: trust [up]",
        f"              declared {subject} -> live nothing",
    ]


def test_long_values_that_begin_alike_are_shown_where_they_differ(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Long values with the same beginning are cut before the first difference."""
    same = "x" * 300
    differing = replace(REVIEWERS, declared=f"{same}mine", live=f"{same}theirs")
    print_reports([report(differing)], console())
    shown = "".join(capsys.readouterr().out.split())
    assert f"declared…{same[:20]}mine->live…{same[:20]}theirs" in shown


def test_a_pipe_has_values_in_one_piece(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a pipe, values are neither folded nor padded."""
    monkeypatch.delenv("COLUMNS")
    arn = f"arn:aws:iam::333333333333:role/{'x' * 120}"
    print_reports([report(replace(REVIEWERS, live=arn), BRANCH)], console())
    assert capsys.readouterr().out.splitlines()[1:7] == [
        "  weaker      environment prod: reviewers [up]",
        f"              declared octocat, platform -> live {arn}",
        "              slipway up acme",
        "  neutral     branch develop [up]",
        "              declared develop -> live nothing",
        "              slipway up acme",
    ]


def test_no_table_is_wider_than_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """With any foreign text the table is at most 80 columns wide."""
    print_reports([report(replace(VARIABLE, live="x" * 500))], console())
    table = capsys.readouterr().out.partition("acme: ")[0]
    assert max(map(len, table.splitlines())) <= 80


def test_a_pipe_gets_no_colours(capsys: pytest.CaptureFixture[str]) -> None:
    """A pipe gets no escape sequences."""
    print_reports([FULL], console())
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_no_color_is_honoured(
    no_color: str,
    coloured: bool,  # noqa: FBT001 - a column of the table
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A terminal gets colours unless NO_COLOR is set and not empty (no-color.org)."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", no_color)
    print_reports([report(REVIEWERS)], console())
    assert ("\x1b[1;31mweaker" in capsys.readouterr().out) is coloured


def test_nothing_found_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A report without findings is one line; an incomplete one says so."""
    print_reports([CLEAN, report(incomplete=("AWS: is on holiday",))], console())
    assert capsys.readouterr().out.splitlines() == [
        "acme: 25 repositories as declared",
        "incomplete: AWS: is on holiday",
        "acme: 25 repositories as declared, as far as could be seen",
    ]


def test_all_objects_of_an_undeclared_repository_are_one_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All objects of an undeclared repository are one row; a declared one has a row each."""
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
        "declared nothing -> live 3 objects: role r0; role r1; role r2",
    ]
    assert sum("role r" in line for line in lines[3:]) == 3
    assert "acme: 6 findings in 2 of 26 repositories, 0 weaker than declared" in lines


def test_advice_for_a_repair_by_hand_depends_on_the_rule(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The advice for a repair by hand depends on the rule."""
    missing = replace(VARIABLE, rule="repository/missing")
    left = replace(VARIABLE, rule="workflow/content")
    print_reports([report(VARIABLE, missing, left)], console())
    assert sorted(capsys.readouterr().out.splitlines()[-3:]) == [
        "  1 by hand: make it or restore it on GitHub, correct its name, or remove its file",
        "  1 by hand: put it right there, up would leave it",
        "  1 by hand: undo it there, declare it, or call it unmanaged",
    ]


def test_a_remedy_never_says_a_blanket_accept(capsys: pytest.CaptureFixture[str]) -> None:
    """Where consent is needed, the remedy is the command that lists the identifier to accept."""
    stricter = replace(
        REVIEWERS,
        field="wait_minutes",
        direction=Direction.STRONGER,
        repair=Repair.UP,
        rule="environment/wait_minutes",
    )
    public = replace(VARIABLE, rule="repository/visibility")
    reviewer = replace(VARIABLE, rule="environment/other_reviewer")
    print_reports([report(stricter, public, reviewer)], console())
    said = " ".join(capsys.readouterr().out.split())
    assert "--accept slipway" not in said
    assert "acme --accept" not in said
    assert said.count("slipway up acme, which lists an identifier for --accept") == 2
    # Once in the row, and once at the end.
    assert said.count("accept it: slipway up acme lists an identifier for --accept") == 4


def test_deletions_of_undeclared_objects_are_no_repairs(capsys: pytest.CaptureFixture[str]) -> None:
    """Deletions of undeclared objects are counted apart from repairs."""
    gone = replace(VARIABLE, repair=Repair.UP, rule="plan/delete")
    kept = replace(REVIEWERS, repair=Repair.UP)
    print_reports([report(gone, kept)], console())
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "  1 repaired by slipway up acme, or pulumi up --refresh --stack acme",
        "  1 not declared any more: slipway up acme would delete it",
    ]
