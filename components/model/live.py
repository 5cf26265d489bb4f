"""Facts that GitHub has and a declaration cannot have: ids, default branches, subject prefixes.

`operations/live` reads these facts; documents and resources only use them.
"""

from pydantic import Field

from components.model.base import Frozen
from components.model.delivery import ByPullRequest
from components.model.plan import Offered, Plan


class LiveRepository(Frozen):
    """GitHub's facts about one repository."""

    id: int
    """The numeric id."""
    html_url: str
    """The address of its page, without a trailing slash."""
    default_branch: str
    """The branch that `workflow_run` reads workflow files from."""
    full_name: str
    """`OWNER/NAME`, spelled as GitHub has it."""
    owner_id: int | None = None
    """The owner's numeric id."""
    subject_prefix: str
    """Start of the subjects of its id-tokens: `repo:OWNER/REPO` or `repo:OWNER@ID/REPO@ID`."""
    subject_claims: tuple[str, ...] = ()
    """Claims of a customised subject, in order; empty: GitHub's default."""
    visibility: str
    """`public`, `private`, `internal`, or a newer word of GitHub's."""
    protection: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Protection of prod's branch and of the default branch, in GitHub's words, sorted."""
    by_pull_request: dict[str, ByPullRequest] = Field(default_factory=dict)
    """Branches whose workflow files arrive by pull request, by name."""
    missing_branches: frozenset[str] = frozenset()
    """Declared trigger branches that do not exist."""

    def has_branch(self, name: str) -> bool:
        """Whether a declared trigger branch exists."""
        return name not in self.missing_branches


class Live(Frozen):
    """GitHub's facts about everything that a stack names."""

    users: dict[str, int]
    """Numeric ids by lower-case login."""
    teams: dict[str, int]
    """Numeric ids by slug."""
    repositories: dict[str, LiveRepository]
    """Repositories by declared name."""
    leaving: dict[str, dict[str, ByPullRequest]] = Field(default_factory=dict)
    """By name of a repository that is offboarded: the branches that its workflow files leave by
    pull request."""
    plan: Plan | None = None
    """The owner's plan, from GitHub or else from the stack; None if neither tells it, or if every
    repository is public, so that it makes no difference."""

    def offered(self, name: str) -> Offered:
        """The features that GitHub offers a repository."""
        public = self.repositories[name].visibility == "public"
        return Offered(plan=self.plan, public=public)
