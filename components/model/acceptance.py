"""The text `REASON until YYYY-MM-DD`, by which a declaration accepts something until a day.

Deliberately absent: the day of today. A text is right or wrong on every day; whether it still
holds is for those who know the day.
"""

import re
from datetime import date
from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator, Field

from components.model.base import mistake

_FORM: Final = re.compile(r"(?P<reason>.*\S)\s+until\s+(?P<until>\d{4}-\d{2}-\d{2})", re.DOTALL)
_EXAMPLE: Final = "REASON until YYYY-MM-DD, as in `moved to the new team until 2027-03-31`"


class Acceptance(NamedTuple):
    """A reason, and the last day on which it holds."""

    reason: str
    """Why it is accepted, in the words of the declaration."""
    until: date
    """The last day, in UTC."""

    def holds(self, today: date) -> bool:
        """Whether it holds on a day."""
        return today <= self.until


def read_acceptance(text: str) -> Acceptance:
    """The reason and the day of a text.

    Raises:
        PydanticCustomError: the text has another form, or names a day that no calendar has.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise mistake(f"{text!r} does not have the form {_EXAMPLE}")
    try:
        until = date.fromisoformat(found["until"])
    except ValueError:
        raise mistake(f"there is no day {found['until']}: write {_EXAMPLE}") from None
    return Acceptance(" ".join(found["reason"].split()), until)


def one_year_after(day: date) -> date:
    """The same day a year later; 28 February after a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _checked(text: str) -> str:
    read_acceptance(text)
    return text


AcceptanceText = Annotated[
    str,
    AfterValidator(_checked),
    Field(json_schema_extra={"pattern": r"\S\s+until\s+\d{4}-\d{2}-\d{2}\s*$"}),
]
