"""GitHub's facts about a repository that its jobs' id-tokens contain."""

from typing import Protocol

from components.model.base import Frozen


class TokenFacts(Protocol):
    """Facts that a declaration cannot have; `operations/live` reads them."""

    @property
    def full_name(self) -> str:
        """`OWNER/NAME`, spelled as GitHub has it: AWS compares claims case-sensitively."""

    @property
    def id(self) -> int | None:
        """The repository's numeric id; None if GitHub was not asked."""

    @property
    def owner_id(self) -> int | None:
        """The owner's numeric id; None if GitHub was not asked."""

    @property
    def visibility(self) -> str:
        """`public`, `private`, `internal`, or a newer word of GitHub's."""

    @property
    def subject_prefix(self) -> str:
        """GitHub's `sub_claim_prefix`: `repo:OWNER/REPO` or `repo:OWNER@ID/REPO@ID`."""

    @property
    def subject_claims(self) -> tuple[str, ...]:
        """Claims of a customised subject, in order; empty: GitHub's default, repo and context."""


class Unasked(Frozen):
    """A repository about which GitHub was not asked: its subject is in the classic form."""

    full_name: str
    """`OWNER/NAME` as declared."""
    id: None = None
    owner_id: None = None
    visibility: str = ""
    subject_claims: tuple[str, ...] = ()

    @property
    def subject_prefix(self) -> str:
        """The classic form."""
        return f"repo:{self.full_name}"
