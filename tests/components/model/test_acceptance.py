from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from components.model.acceptance import Acceptance, one_year_after, read_acceptance

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(9000, 1, 1))


@given(st.text(min_size=1).filter(lambda text: text.strip() and text.isprintable()), DAYS)
def test_a_reason_and_a_day_are_read_back(reason: str, day: date) -> None:
    """Any reason is kept, also one with the word `until` in it; white space is one space."""
    assert read_acceptance(f"{reason} until {day}") == Acceptance(" ".join(reason.split()), day)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("until 2027-03-31", "does not have the form REASON until YYYY-MM-DD"),
        (" until 2027-03-31", "does not have the form"),
        ("the team moves", "does not have the form"),
        ("the team moves until 31.3.2027", "does not have the form"),
        ("the team moves 2027-03-31", "does not have the form"),
        ("the team moves until 2027-03-31, or later", "does not have the form"),
        ("the team moves until 2027-02-29", "there is no day 2027-02-29"),
        ("", "does not have the form"),
    ],
)
def test_another_form_is_refused(text: str, message: str) -> None:
    """A reason must not be empty, and the day must be one that the calendar has."""
    with pytest.raises(PydanticCustomError, match=message):
        read_acceptance(text)


@given(DAYS)
def test_the_last_day_counts(day: date) -> None:
    """An acceptance holds through its day and not on the next one."""
    acceptance = read_acceptance(f"why until {day}")
    assert acceptance.holds(day)
    assert acceptance.holds(day - timedelta(days=400))
    assert not acceptance.holds(day + timedelta(days=1))


def test_a_year_after_a_leap_day_is_the_last_of_february() -> None:
    """A year later is the same day, or the day before if there is none."""
    assert one_year_after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert one_year_after(date(2027, 3, 1)) == date(2028, 3, 1)
