"""Places, texts and acceptances of declarations whose prod is weaker than test."""

from datetime import date

import pytest

from components.config.baseline import judged
from components.config.stack_files import StackFiles
from tests.operations.live.reading import problems
from tests.stacks import SETTINGS, WriteStack

DAY = date(2026, 11, 29)
WAITS = "repository: a\nenvironments:\n  test: {wait_minutes: 5}\n"
ACCEPTED = WAITS + "  prod:\n    wait_minutes: 1\n    accept_weaker: TEXT\n"
DEFAULTS = (
    SETTINGS + "defaults:\n  environments:\n    prod:\n      accept_weaker: moves until DATE\n"
)
FINE = "repository: fine\n"


def told(folder_files: StackFiles, day: date = DAY) -> tuple[list[str], list[str]]:
    """Return the problems and the accepted settings as the user sees them."""
    found = judged(folder_files, day)
    return [str(one) for one in found.problems], [str(one) for one in found.accepted]


def test_a_default_of_prod_is_reported_at_tests_key(write_stack: WriteStack) -> None:
    """Prod's value is a default, so the line is the one that made test stricter."""
    files = StackFiles(write_stack(a=WAITS, fine=FINE))
    (problem,), accepted = told(files)
    assert problem == (
        "stacks/s/a.yaml:3: environments.test.wait_minutes: a: wait_minutes is 0 in prod, and 5 "
        "in test: prod must not be weaker than test; write 5 or more for prod, or write "
        "`accept_weaker: REASON until YYYY-MM-DD` below environments.prod"
    )
    assert not accepted


def test_a_declared_value_of_prod_is_reported_itself(write_stack: WriteStack) -> None:
    """The line is that of prod's key in the same file."""
    files = StackFiles(write_stack(a=WAITS + "  prod:\n    wait_minutes: 1\n"))
    (problem,), _ = told(files)
    assert problem.startswith(
        "stacks/s/a.yaml:5: environments.prod.wait_minutes: a: wait_minutes is 1"
    )


def test_defaults_are_reported_once(write_stack: WriteStack) -> None:
    """A mistake of the stack's defaults has one line for all repositories that inherit it."""
    settings = SETTINGS + "defaults:\n  environments:\n    test: {wait_minutes: 5}\n"
    names = {name: f"repository: {name}\n" for name in ("a", "b", "c")}
    own = "repository: d\nenvironments: {prod: {wait_minutes: 1}}\n"
    (first, second), _ = told(StackFiles(write_stack(settings, d=own, **names)))
    assert first.startswith(
        "stacks/s/_stack.yaml:8: defaults.environments.test.wait_minutes: a and"
    )
    assert " a and 2 more: wait_minutes is 0" in first
    assert second.startswith(
        "stacks/s/d.yaml:2: environments.prod.wait_minutes: d: wait_minutes is 1"
    )


@pytest.mark.parametrize("until", ["2026-11-29", "2026-11-30", "2027-11-29"])
def test_an_acceptance_holds_through_its_day(write_stack: WriteStack, until: str) -> None:
    """What is accepted is no problem; it is listed with the reason and the day."""
    files = StackFiles(
        write_stack(a=ACCEPTED.replace("TEXT", f"the vendor approves until {until}"))
    )
    found, (accepted,) = told(files)
    assert not found
    assert accepted == (
        f"stacks/s/a.yaml:6: environments.prod.accept_weaker: accepted until {until} (the vendor "
        "approves): a: wait_minutes is 1 in prod, and 5 in test"
    )


def test_an_expired_acceptance_is_a_problem_again(write_stack: WriteStack) -> None:
    """The problem is that of the setting, and names the day and the reason."""
    files = StackFiles(
        write_stack(a=ACCEPTED.replace("TEXT", "the vendor approves until 2026-11-28"))
    )
    (problem,), accepted = told(files)
    assert problem.startswith(
        "stacks/s/a.yaml:5: environments.prod.wait_minutes: a: wait_minutes is 1"
    )
    assert problem.endswith("for prod. It was accepted until 2026-11-28: the vendor approves")
    assert not accepted


def test_a_year_is_the_longest(write_stack: WriteStack) -> None:
    """A day that is more than a year ahead is refused, and the last possible day is named."""
    files = StackFiles(write_stack(a=ACCEPTED.replace("TEXT", "why until 2027-11-30")))
    (problem,), _ = told(files)
    assert problem == (
        "stacks/s/a.yaml:6: environments.prod.accept_weaker: 2027-11-30 is more than a year ahead: "
        "write 2027-11-29 or an earlier day"
    )
    assert not told(files, date(2026, 11, 30))[0]


def test_an_acceptance_of_nothing_is_a_problem(write_stack: WriteStack) -> None:
    """It would hide what becomes weaker later, so it must go; also if it has expired."""
    text = "repository: a\nenvironments:\n  prod:\n    accept_weaker: why until {}\n"
    files = StackFiles(write_stack(a=text.format("2026-01-01")))
    (problem,), _ = told(files)
    assert problem == (
        "stacks/s/a.yaml:4: environments.prod.accept_weaker: accepts nothing, as prod is not "
        "weaker than test: remove it, or it hides what becomes weaker later"
    )


def test_defaults_may_accept(write_stack: WriteStack) -> None:
    """An acceptance in the defaults is fine if one repository needs it, and each may cancel it."""
    none = WAITS.replace("a\n", "b\n", 1) + "  prod: {accept_weaker: null}\n"
    files = StackFiles(
        write_stack(DEFAULTS.replace("DATE", "2027-01-31"), a=WAITS, b=none, fine=FINE)
    )
    (problem,), (accepted,) = told(files)
    assert problem.startswith(
        "stacks/s/b.yaml:3: environments.test.wait_minutes: b: wait_minutes is 0"
    )
    assert accepted.startswith(
        "stacks/s/_stack.yaml:9: defaults.environments.prod.accept_weaker: accepted until "
        "2027-01-31 (moves): a:"
    )


def test_unused_defaults_are_a_problem(write_stack: WriteStack) -> None:
    """An acceptance in the defaults that no repository needs is reported once."""
    other = "repository: other\n"
    folder = write_stack(DEFAULTS.replace("DATE", "2027-01-31"), fine=FINE, other=other)
    (problem,), _ = told(StackFiles(folder))
    assert problem.startswith(
        "stacks/s/_stack.yaml:9: defaults.environments.prod.accept_weaker: acc"
    )
    part = StackFiles(folder, without=["other.yaml"])
    assert not told(part)[0], "the file that is left out may need it"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "  prod:\n    accept_weaker: soon\n",
            5,
            "environments.prod.accept_weaker: 'soon' does not",
        ),
        (
            "  prod:\n    accept_weaker: 2027-01-31\n",
            5,
            "environments.prod.accept_weaker: '2027-01-",
        ),
        (
            "  prod:\n    accept_weaker: a until 2027-13-01\n",
            5,
            "there is no day 2027-13-01: write",
        ),
        ("  dev:\n    accept_weaker: a until 2027-01-31\n", 5, "belongs below environments.prod"),
    ],
)
def test_another_form_is_a_mistake(
    write_stack: WriteStack, text: str, line: int, message: str
) -> None:
    """A wrong text is refused by each command, with file and line, and so is a wrong place."""
    (found,) = problems(write_stack(a=WAITS + text))
    assert found.startswith(f"stacks/s/a.yaml:{line}: ")
    assert message in found
