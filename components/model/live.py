"""What GitHub knows and a declaration cannot: ids, default branches, subject prefixes.

The config layer reads these facts; documents and resources only use them.
"""

from pydantic import Field

from components.model.base import Frozen
from components.model.plan import Offered, Plan


class LiveRepository(Frozen):
    """What GitHub says of one repository."""

    id: int
    """The numeric id."""
    html_url: str
    """The address people open, without a trailing slash."""
    default_branch: str
    """The branch that `workflow_run` reads workflow files from."""
    subject_prefix: str
    """What its id tokens' subjects start with: `repo:OWNER/REPO` or `repo:OWNER@ID/REPO@ID`."""
    visibility: str
    """Who sees it: `public`, `private`, `internal`, or a further word of GitHub's."""
    protection: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """What stands before a push to prod's branch and the default one, in GitHub's words, sorted."""
    missing_branches: frozenset[str] = frozenset()
    """Declared trigger branches that do not exist."""


class Live(Frozen):
    """What GitHub says of everything a stack names."""

    users: dict[str, int]
    """Numeric ids by lower-case login."""
    teams: dict[str, int]
    """Numeric ids by slug."""
    repositories: dict[str, LiveRepository]
    """Repositories by declared name."""
    plan: Plan | None = None
    """The owner's plan, by GitHub or else by the stack; None where neither tells it, or where it
    makes no difference, as every repository is public."""

    def offered(self, name: str) -> Offered:
        """What GitHub offers a repository."""
        public = self.repositories[name].visibility == "public"
        return Offered(plan=self.plan, public=public)
