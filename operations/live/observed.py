"""The live world as it was read: data only, no judgement.

If GitHub or AWS compares a name case-insensitively, the key is in lower case and the value has the
name as written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from components.model.delivery import ByPullRequest
from components.model.environment import TEAM
from components.model.plan import Offered, Plan

#: Branches and tags that may deploy: all, those with a protection rule, those of patterns, or
#: those of a policy that is not known here.
BranchPolicy = Literal["any", "protected", "custom", "unknown"]


@dataclass(frozen=True, kw_only=True)
class ObservedEnvironment:
    """One GitHub environment with everything in it that GitHub tells."""

    name: str
    """As GitHub writes it."""
    users: frozenset[str]
    """Logins of required reviewers, in lower case."""
    teams: frozenset[str]
    """Slugs of required reviewers."""
    other_reviewers: frozenset[str] = frozenset()
    """Required reviewers of types that are not known here: the type and a name."""
    reviewer_ids: Mapping[str, int] = field(default_factory=dict)
    """Numeric ids of reviewers, spelled as in `reviewers`."""
    wait_minutes: int
    """Wait timer; 0 is none."""
    prevent_self_review: bool
    """True if the user who triggered a run may not approve it; it needs reviewers."""
    admin_bypass: bool
    """True if administrators may bypass the rules."""
    branch_policy: BranchPolicy
    """The patterns below are in force if it is `custom`."""
    branches: Mapping[str, int]
    """Ids of deployment branch policies by branch pattern; empty unless `custom`."""
    tags: Mapping[str, int]
    """The same for tag patterns."""
    variables: Mapping[str, str]
    """Values by name, in upper case as GitHub keeps it."""
    secrets: Mapping[str, datetime]
    """When each secret was last written (UTC), by name in upper case; GitHub tells no values."""
    created: datetime | None = None
    """When it was created (UTC)."""
    id: int | None = None
    """The numeric id, which the address of its settings has."""
    custom_rules: frozenset[str] = frozenset()
    """Slugs of GitHub Apps with an enabled custom deployment protection rule."""
    other_rules: frozenset[str] = frozenset()
    """Types of protection rules that are not known here."""
    other_patterns: frozenset[tuple[str, str]] = frozenset()
    """Deployment patterns of types that are not known here: the type and the pattern."""

    @property
    def reviewers(self) -> frozenset[str]:
        """Every required reviewer: a login, `team SLUG`, or an unknown type and a name."""
        return self.known_reviewers | self.other_reviewers

    @property
    def known_reviewers(self) -> frozenset[str]:
        """The same without those of unknown types."""
        return self.users | {f"{TEAM}{slug}" for slug in self.teams}


@dataclass(frozen=True)
class ObservedWorkflow:
    """One file of `.github/workflows` on one branch."""

    blob: str
    """Git's id of the content (40 hex digits)."""
    text: str | None
    """The content, if it was read: of files that slipway does not write."""


class NextPlace(NamedTuple):
    """What GitHub has at the place of a planned move, as far as the token sees it."""

    repository_id: int | None
    """The id of the repository with that name."""
    owner_id: int | None
    """The id of the owner with that name."""


@dataclass(frozen=True, kw_only=True)
class RepositoryFacts:
    """The facts that one GraphQL query returns about a repository."""

    full_name: str
    """`OWNER/NAME` now; it differs from the declared one after a rename or a transfer."""
    id: int
    """The numeric id. A rename does not change it."""
    owner_id: int | None = None
    """The owner's numeric id. A transfer changes it."""
    html_url: str
    """The address of its page, without a trailing slash."""
    visibility: str
    """Who sees it: `public`, `private`, `internal`, or a later word of GitHub's."""
    archived: bool
    """True if it is read-only."""
    default_branch: str
    """The branch that `workflow_run` reads workflow files from; `main` before the first commit."""
    workflows: Mapping[str, Mapping[str, ObservedWorkflow]]
    """Workflow files by branch and file name: of the default branch and the trigger branches. A
    branch that does not exist is absent."""
    administered: bool = True
    """False if GitHub says that the token's user has a lower role than administrator. GitHub tells
    no role for an App installation: its permissions are the App's own."""
    former_names: Mapping[str, int] = field(default_factory=dict)
    """Ids of the repositories that GitHub finds by the declared former names."""
    after_move: NextPlace | None = None
    """What there is at the declared `next_name`; None without one."""
    created: datetime | None = None
    """When it was created (UTC)."""

    @property
    def public(self) -> bool:
        """True if it is public."""
        return self.visibility == "public"

    @property
    def empty(self) -> bool:
        """True if it has no commit, and therefore no branch."""
        return self.default_branch not in self.workflows

    def has_branch(self, name: str) -> bool:
        """Whether the default branch or a declared trigger branch exists."""
        return name in self.workflows


@dataclass(frozen=True, kw_only=True)
class RepositoryDetails(RepositoryFacts):
    """Facts, and the answers of REST that the program needs besides."""

    subject_prefix: str
    """The beginning of the subjects of its id-tokens, as GitHub tells it."""
    subject_claims: tuple[str, ...]
    """Claims that a customised subject consists of; empty: the default subject."""
    protection: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Rules that a push must pass, by branch that leads to prod. A branch that does not exist is
    absent."""
    by_pull_request: Mapping[str, ByPullRequest] = field(default_factory=dict)
    """Branches that get their workflow files by pull request, by name."""
    uncreatable: Mapping[str, str] = field(default_factory=dict)
    """Missing branches that slipway would make and cannot: by name, why and the way out."""
    outsiders: frozenset[str] = frozenset()
    """Reviewers, declared or required by an environment, who have no access to the repository:
    GitHub drops them when an environment is written. Spelled as in
    `ObservedEnvironment.reviewers`."""


@dataclass(frozen=True, kw_only=True)
class ObservedRepository(RepositoryDetails):
    """One repository with everything that slipway compares."""

    environments: Mapping[str, ObservedEnvironment]
    """dev, test and prod, if they exist, by name in lower case."""
    other_environments: tuple[str, ...]
    """Names of all other environments, as GitHub writes them."""
    admitted: Mapping[str, Mapping[str, ObservedWorkflow]] = field(default_factory=dict)
    """Workflow files by full ref and file name: of every other branch and tag that a pattern of its
    environments admits."""
    unread_refs: int = 0
    """The number of further branches and tags of that kind, which were not read."""
    plan: Plan | None = None
    """The owner's plan. None if it is unknown, or if the repository is public: then every plan
    offers the same."""

    @property
    def offered(self) -> Offered:
        """The features that GitHub offers it."""
        return Offered(plan=self.plan, public=self.public)


@dataclass(frozen=True)
class ObservedRole:
    """One IAM role with everything in it."""

    name: str
    arn: str
    path: str
    """Begins and ends with a slash."""
    description: str
    trust: Mapping[str, Any]
    """The trust policy document."""
    inline_policies: Mapping[str, Mapping[str, Any]]
    """Documents by policy name."""
    managed_policies: frozenset[str]
    """ARNs of attached policies."""
    permissions_boundary: str | None
    """ARN, or none."""
    max_session_seconds: int
    tags: Mapping[str, str]
    created: datetime | None = None
    """When it was created (UTC)."""


@dataclass(frozen=True)
class ObservedAccount:
    """The roles of one AWS account, and its provider for GitHub."""

    account_id: str
    """12 digits."""
    roles: Mapping[str, ObservedRole]
    """Every role that was read, by name in lower case."""
    oidc_provider_arn: str
    """The ARN of the account's provider for GitHub, even if it does not exist."""
    oidc_audiences: frozenset[str] | None
    """Client ids of GitHub's OIDC provider; None if the account has no such provider."""
    complete: bool = True
    """True if all roles were read, False if only those of the given names."""
    oidc_tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of GitHub's OIDC provider; one tells whether slipway created it."""


@dataclass(frozen=True)
class Observed:
    """The live world of one stack."""

    repositories: Mapping[str, ObservedRepository | None]
    """By declared name; None if GitHub shows no repository of that name."""
    accounts: Mapping[str, ObservedAccount]
    """By account id."""
    reviewers: Mapping[str, int | None] = field(default_factory=dict)
    """Ids of declared reviewers who are missing in an environment that has other reviewers; None if
    no account has the name."""
    unseen: Mapping[str, str] = field(default_factory=dict)
    """Reasons by id of an account that could not be read; `accounts` does not have it."""


def offers(observed: Observed) -> dict[str, Offered]:
    """The features that GitHub offers each existing repository, by declared name."""
    return {name: live.offered for name, live in observed.repositories.items() if live}


def provider_tags(observed: Observed) -> dict[str, Mapping[str, str] | None]:
    """Tags of each account's OIDC provider for GitHub by account id; None if there is none."""
    return {
        number: None if account.oidc_audiences is None else account.oidc_tags
        for number, account in observed.accounts.items()
    }
