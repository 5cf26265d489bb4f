"""The name of a repository after a planned rename or transfer.

GitHub sends subjects with ids for a repository that was renamed or transferred (docs.github.com:
OpenID Connect reference). So a role can admit them beforehand: no other repository ever has them.
"""

from typing import Annotated, Final

from pydantic import AfterValidator

from components.model.base import Frozen
from components.model.token_facts import TokenFacts
from components.model.types import matching

_NAME: Final = r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}"
NextName = Annotated[
    str,
    AfterValidator(
        matching(
            rf"(?:[A-Za-z0-9][A-Za-z0-9_-]{{0,99}}@[1-9]\d{{0,17}}/)?{_NAME}",
            "a name after a move",
            "NAME after a rename, OWNER@ID/NAME after a transfer, with the new owner's numeric id",
        )
    ),
]


class Moved(Frozen):
    """Facts about the repository after the move."""

    full_name: str
    id: int
    owner_id: int
    visibility: str
    subject_claims: tuple[str, ...]

    @property
    def subject_prefix(self) -> str:
        """The form with ids, which GitHub sends after every move."""
        owner, _, name = self.full_name.partition("/")
        return f"repo:{owner}@{self.owner_id}/{name}@{self.id}"


def place_after_move(owner: str, next_name: str) -> tuple[str, int | None, str]:
    """The owner, the owner's declared id and the name after the move; no id after a rename.

    Args:
        owner: the present one.
        next_name: as declared.
    """
    place, _, name = next_name.rpartition("/")
    new_owner, _, number = place.partition("@")
    return new_owner or owner, int(number) if number else None, name


def after_move(next_name: str | None, facts: TokenFacts) -> Moved | None:
    """The facts after the declared move; None without one, or if GitHub was not asked for ids."""
    if next_name is None or not facts.id or not facts.owner_id:
        return None
    owner, number, name = place_after_move(facts.full_name.partition("/")[0], next_name)
    return Moved(
        full_name=f"{owner}/{name}",
        id=facts.id,
        owner_id=number or facts.owner_id,
        visibility=facts.visibility,
        subject_claims=facts.subject_claims,
    )
