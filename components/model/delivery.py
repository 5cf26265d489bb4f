"""How the workflow files of a branch reach it, and what GitHub has of a pull request for it.

`operations/live` reads the facts. Deliberately absent: the texts of the pull request, which
`components.documents` writes, and its resources.
"""

from typing import Final, Literal

from components.model.base import Frozen

Delivery = Literal["auto", "direct", "pull_request"]

#: Branches below this name are slipway's own.
HEADS: Final = "slipway/"
#: Of these, the branches that remove the workflow files of an offboarded repository.
REMOVALS: Final = f"{HEADS}offboarding/"


class ByPullRequest(Frozen):
    """A branch whose files arrive by pull request, or leave by one in an offboarding."""

    there: frozenset[str]
    """Names of declared files that the branch has, with any content."""
    pending: tuple[str, ...]
    """Names of declared files that the branch lacks or has with other content; in an offboarding,
    those that it still has."""
    content: str = ""
    """Identifies the declared content of all of the branch's files; see `content_id`."""
    head: str = ""
    """The branch that brings the pending files."""
    head_exists: bool = False
    """Whether that branch exists."""
    number: int | None = None
    """The number of the open pull request from it."""
    brought: bool = False
    """Whether this request brings the declared content already, so that no commit is left."""
    url: str = ""
    """The page of the newest pull request that brings, or brought, this content."""
    since: str = ""
    """When it was opened, or closed, as GitHub writes times."""
    refused: str = ""
    """Why the files cannot arrive: what stops `head`, and the way out; empty if nothing does."""
    declined: bool = False
    """Whether its owner closed it without merging: it is not opened again for this content."""
    foreign: tuple[str, ...] = ()
    """Pages of open pull requests of others from branches with slipway's names: left alone."""

    @property
    def opens(self) -> bool:
        """Whether there is something to bring that its owner has not declined."""
        return bool(self.pending) and not self.declined
