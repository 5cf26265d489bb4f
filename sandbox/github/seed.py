"""The schema of a seed document; `planting` puts its content into the store.

Unknown members are refused: a misspelt one would silently leave an environment unprotected.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sandbox.github.accounts import TokenKind
from sandbox.github.permissions import Permission, permission_named


def _permission(value: object) -> object:
    return permission_named(value) if isinstance(value, str) else value


Grant = Annotated[Permission, BeforeValidator(_permission)]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid")


class UserSeed(_Document):
    """A person."""

    login: str
    id: int | None = None
    name: str | None = None
    plan: Literal["free", "pro"] = "free"


class TeamSeed(_Document):
    """A team; `repositories` grants permissions by repository name."""

    slug: str
    id: int | None = None
    name: str | None = None
    members: list[str] = []
    maintainers: list[str] = []
    repositories: dict[str, Grant] = {}


class OrganizationSeed(_Document):
    """An organisation."""

    login: str
    id: int | None = None
    name: str | None = None
    plan: Literal["free", "team", "enterprise"] = "enterprise"
    base_permission: Grant = Permission.PULL
    use_immutable_subject: bool = False
    admins: list[str] = []
    members: list[str] = []
    teams: list[TeamSeed] = []


class ReviewersSeed(_Document):
    """Logins of users and slugs of teams; the slug of an enterprise team begins with `ent:`."""

    users: list[str] = []
    teams: list[str] = []
    enterprise_teams: list[str] = []


class EnvironmentSeed(_Document):
    """An environment.

    With `branches` or `tags` it has custom branch policies. Without them, and without
    `protected_branches`, any branch may deploy.
    """

    name: str
    wait_timer: int = 0
    prevent_self_review: bool = False
    can_admins_bypass: bool = True
    reviewers: ReviewersSeed = ReviewersSeed()
    protected_branches: bool = False
    branches: list[str] = []
    tags: list[str] = []
    variables: dict[str, str] = {}
    secrets: dict[str, str] = {}


class SubjectSeed(_Document):
    """Customisation of the `sub` claim of id-tokens."""

    use_default: bool = True
    include_claim_keys: list[str] = []
    use_immutable_subject: bool | None = None


class RepositorySeed(_Document):
    """A repository. Without `files` it is empty; `branches` start at the default branch."""

    owner: str
    name: str
    id: int | None = None
    created_at: datetime | None = None
    description: str | None = None
    private: bool = False
    #: Organisations of an enterprise alone have it; an internal repository is private as well.
    internal: bool = False
    archived: bool = False
    default_branch: str = "main"
    topics: list[str] = []
    collaborators: dict[str, Grant] = {}
    files: dict[str, str] = {}
    #: Names, or names with the files that the branch has in addition to the default branch.
    branches: list[str] | dict[str, dict[str, str]] = []
    environments: list[EnvironmentSeed] = []
    oidc: SubjectSeed = SubjectSeed()


class AppSeed(_Document):
    """A GitHub App."""

    slug: str
    id: int | None = None
    #: `owner/name`, or `owner` for all repositories of the account.
    installed_on: list[str] = []


class TokenSeed(_Document):
    """A token; `rights` limits the permission of its login by repository (`owner/name` or `*`)."""

    token: str
    login: str
    kind: TokenKind = TokenKind.CLASSIC
    #: The slug of the App whose installation token it is.
    app: str | None = None
    rights: dict[str, Grant] | None = None
    scopes: list[str] | None = None
    #: Permissions of a fine-grained or App's token by name; None: all permissions.
    permissions: dict[str, Literal["read", "write", "admin"]] | None = None
    rate_limit: int | None = Field(None, ge=0)
    #: Seconds until its rate limit resets; None: an hour after its first request.
    resets_in: int | None = Field(None, ge=0, le=3600)


class SiteSeed(_Document):
    """Which GitHub the emulator is from now on."""

    host: str = "github.com"
    issuer_enterprise_slug: str = ""


class Seed(_Document):
    """Everything in a seed document."""

    site: SiteSeed | None = None

    #: GitHub stores a secret that was not sealed for the environment's key, and a workflow fails
    #: later. The sandbox refuses it at once, unless this is true.
    accept_unsealed_secrets: bool = False
    users: list[UserSeed] = []
    organizations: list[OrganizationSeed] = []
    repositories: list[RepositorySeed] = []
    apps: list[AppSeed] = []
    tokens: list[TokenSeed] = []
