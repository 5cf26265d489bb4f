"""Users, organisations with their teams, and tokens: state without behaviour."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sandbox.github.permissions import Permission


@dataclass(eq=False)
class Account:
    """A user, or the part of an organisation that owns repositories like a user."""

    id: int
    login: str
    name: str
    created_at: datetime
    #: `free` or `pro`; an organisation's is `free`, `team` or `enterprise`. What private
    #: repositories may be protected with.
    plan: str = "free"

    @property
    def kind(self) -> str:
        """GitHub's `type`."""
        return "User"


@dataclass(eq=False)
class Team:
    """A team of an organisation. It has the access of the teams above it; their members it has not.

    docs.github.com/organizations/organizing-members-into-teams/about-teams
    """

    id: int
    name: str
    slug: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    privacy: str = "secret"
    notification_setting: str = "notifications_enabled"
    parent: "Team | None" = None
    #: `member` or `maintainer` by login in lower case.
    members: dict[str, str] = field(default_factory=dict)
    #: By repository id, without what comes from the teams above.
    grants: dict[int, Permission] = field(default_factory=dict)

    def granted(self, repository_id: int) -> Permission:
        """What it may do in a repository: the base permission is for members, not for teams."""
        own = self.grants.get(repository_id, Permission.NONE)
        return own if self.parent is None else max(own, self.parent.granted(repository_id))

    def is_below(self, other: "Team") -> bool:
        """Whether the other is this team, or one above it."""
        return self is other or (self.parent is not None and self.parent.is_below(other))


@dataclass(frozen=True)
class EnterpriseTeam:
    """A team of an enterprise, which reviews as type `BusinessTeam`: no description lists it."""

    slug: str


@dataclass(eq=False)
class Organization(Account):
    """An organisation."""

    #: `admin` or `member` by login in lower case.
    members: dict[str, str] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    base_permission: Permission = Permission.PULL
    plan: str = "enterprise"
    include_claim_keys: tuple[str, ...] = ("repo", "context")
    use_immutable_subject: bool = False

    @property
    def kind(self) -> str:
        """GitHub's `type`."""
        return "Organization"

    def is_admin(self, login: str) -> bool:
        """Whether the user owns the organisation."""
        return self.members.get(login.lower()) == "admin"


class TokenKind(StrEnum):
    """GitHub words its refusals by the kind of token."""

    CLASSIC = "classic"
    FINE_GRAINED = "fine-grained"
    APP = "app"


@dataclass(eq=False)
class Token:
    """A credential. It never grants more than its login has."""

    value: str
    login: str
    kind: TokenKind = TokenKind.CLASSIC
    #: By `owner/name` in lower case; `*` is any other repository. None limits nothing.
    rights: dict[str, Permission] | None = None
    #: What a fine-grained or App's token is for: `read`, `write` or `admin` by the name of a
    #: permission. None: for everything.
    permissions: dict[str, str] | None = None
    #: What a classic token is for (docs.github.com: scopes for OAuth apps); others have none.
    scopes: frozenset[str] = frozenset({"admin:org", "repo", "workflow"})
    #: Requests an hour. Far above GitHub's 5,000, so that only who asks for it is stopped.
    rate_limit: int = 100_000
    #: By resource: `core` is REST, `graphql` has a limit of its own.
    used: Counter[str] = field(default_factory=Counter)
    window: int = 0

    @property
    def writes_workflows(self) -> bool:
        """Whether it may touch files in .github/workflows/."""
        if self.kind is TokenKind.CLASSIC:
            return "workflow" in self.scopes
        return self.permissions is None or self.permissions.get("workflows") == "write"

    def cap(self, full_name: str) -> Permission:
        """The most that this token may do in a repository."""
        if self.rights is None:
            return Permission.ADMIN
        return self.rights.get(full_name.lower(), self.rights.get("*", Permission.NONE))
