"""Users, organisations with their teams, and tokens: state without behaviour."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sandbox.github.permissions import Permission
from sandbox.github.rules.ruleset import Ruleset


@dataclass(eq=False)
class Account:
    """A user, or the part of an organisation that owns repositories like a user."""

    id: int
    login: str
    name: str
    created_at: datetime
    #: `free` or `pro`, for an organisation `free`, `team` or `enterprise`. It decides which
    #: protection rules private repositories may have.
    plan: str = "free"

    @property
    def kind(self) -> str:
        """GitHub's `type`."""
        return "User"


@dataclass(eq=False)
class Team:
    """A team of an organisation. It inherits the access of the teams above it, not their members.

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
    #: By repository id, without grants of the teams above.
    grants: dict[int, Permission] = field(default_factory=dict)

    def granted(self, repository_id: int) -> Permission:
        """The permission in a repository. The organisation's base permission is not for teams."""
        own = self.grants.get(repository_id, Permission.NONE)
        return own if self.parent is None else max(own, self.parent.granted(repository_id))

    def is_below(self, other: "Team") -> bool:
        """Whether `other` is this team or a team above it."""
        return self is other or (self.parent is not None and self.parent.is_below(other))


@dataclass(frozen=True)
class EnterpriseTeam:
    """A team of an enterprise. As a reviewer its type is `BusinessTeam`, which is undocumented."""

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
    #: By id.
    rulesets: dict[int, Ruleset] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """GitHub's `type`."""
        return "Organization"

    def is_admin(self, login: str) -> bool:
        """Whether the user owns the organisation."""
        return self.members.get(login.lower()) == "admin"


class TokenKind(StrEnum):
    """Kinds of tokens. GitHub's refusals have other words for each kind."""

    CLASSIC = "classic"
    FINE_GRAINED = "fine-grained"
    APP = "app"


@dataclass(eq=False)
class Token:
    """A token. It never has more permissions than its user."""

    value: str
    login: str
    kind: TokenKind = TokenKind.CLASSIC
    #: The App of an installation token.
    app_id: int | None = None
    #: By `owner/name` in lower case; `*` is any other repository. None: no limit.
    rights: dict[str, Permission] | None = None
    #: Permissions of a fine-grained or App's token: `read`, `write` or `admin` by name.
    #: None: all permissions.
    permissions: dict[str, str] | None = None
    #: Scopes of a classic token (docs.github.com: scopes for OAuth apps); other kinds have none.
    scopes: frozenset[str] = frozenset({"admin:org", "repo", "workflow"})
    #: Requests an hour. Far above GitHub's 5,000: only a test that sets it reaches the limit.
    rate_limit: int = 100_000
    #: By resource: `core` is REST; `graphql` has its own limit.
    used: Counter[str] = field(default_factory=Counter)
    window: int = 0

    @property
    def writes_workflows(self) -> bool:
        """Whether the token may change files in .github/workflows/."""
        if self.kind is TokenKind.CLASSIC:
            return "workflow" in self.scopes
        return self.permissions is None or self.permissions.get("workflows") == "write"

    def cap(self, full_name: str) -> Permission:
        """The highest permission that this token may use in a repository."""
        if self.rights is None:
            return Permission.ADMIN
        return self.rights.get(full_name.lower(), self.rights.get("*", Permission.NONE))
