"""Repositories: their state, and the `sub` claim of their id-tokens."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.github.accounts import Account, Organization
from sandbox.github.environments import Environment
from sandbox.github.events import Event
from sandbox.github.git import GitRepository
from sandbox.github.issues import Issue, Label
from sandbox.github.permissions import Permission
from sandbox.github.pull_requests.pull_request import PullRequest
from sandbox.github.rules.pattern import matches
from sandbox.github.rules.protection import BranchProtection
from sandbox.github.rules.ruleset import Ruleset

#: Repositories that are created, renamed or transferred later have the immutable subject
#: (docs.github.com/actions/reference/security/oidc).
IMMUTABLE_SINCE: Final = datetime(2026, 7, 16, tzinfo=UTC)

#: Settings that a client may write and read, with GitHub's defaults.
DEFAULT_SETTINGS: Final[dict[str, bool | str]] = {
    "has_issues": True,
    "has_projects": True,
    "has_wiki": True,
    "has_discussions": False,
    "has_downloads": True,
    "is_template": False,
    "allow_squash_merge": True,
    "allow_merge_commit": True,
    "allow_rebase_merge": True,
    "allow_auto_merge": False,
    "delete_branch_on_merge": False,
    "allow_update_branch": False,
    "use_squash_pr_title_as_default": False,
    "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
    "squash_merge_commit_message": "COMMIT_MESSAGES",
    "merge_commit_title": "MERGE_MESSAGE",
    "merge_commit_message": "PR_TITLE",
    "allow_forking": True,
    "web_commit_signoff_required": False,
}

#: Features of `security_and_analysis` that a public repository has.
SECURITY: Final = (
    "secret_scanning",
    "secret_scanning_push_protection",
    "dependabot_security_updates",
)


@dataclass(eq=False)
class SubjectSettings:
    """Customisation of the `sub` claim of a repository's id-tokens."""

    use_default: bool = True
    include_claim_keys: tuple[str, ...] = ()
    #: None: the organisation and the repository's age decide.
    use_immutable_subject: bool | None = None


@dataclass(eq=False)
class Repository:
    """One repository."""

    id: int
    owner: Account
    name: str
    created_at: datetime
    updated_at: datetime
    pushed_at: datetime
    #: The last rename or transfer. After `IMMUTABLE_SINCE` it makes the subject immutable.
    moved_at: datetime | None = None
    description: str | None = None
    homepage: str | None = None
    private: bool = False
    #: Every member of the enterprise may read it; it is private, too.
    internal: bool = False
    archived: bool = False
    default_branch: str = "main"
    topics: list[str] = field(default_factory=list)
    vulnerability_alerts: bool = False
    #: `enabled` or `disabled` by security feature.
    security: dict[str, str] = field(default_factory=lambda: dict.fromkeys(SECURITY, "disabled"))
    settings: dict[str, bool | str] = field(default_factory=DEFAULT_SETTINGS.copy)
    collaborators: dict[str, Permission] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)
    #: By name in lower case.
    labels: dict[str, Label] = field(default_factory=dict)
    #: By number.
    issues: dict[int, Issue] = field(default_factory=dict)
    #: By number.
    pull_requests: dict[int, PullRequest] = field(default_factory=dict)
    #: Results of status checks, by commit and by context: `success`, `failure`, `pending`, ...
    checks: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Events that could start workflows, in order.
    events: list[Event] = field(default_factory=list)
    #: Classic protection by pattern, which is a branch's name unless a person has written another.
    protection: dict[str, BranchProtection] = field(default_factory=dict)
    #: By id.
    rulesets: dict[int, Ruleset] = field(default_factory=dict)
    subject: SubjectSettings = field(default_factory=SubjectSettings)
    git: GitRepository = field(default_factory=GitRepository)
    #: New names of renamed branches by their old ones.
    renamed_branches: dict[str, str] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """Owner and name."""
        return f"{self.owner.login}/{self.name}"

    @property
    def visibility(self) -> str:
        """GitHub's word. Of an internal repository, `private` is true as well."""
        if self.internal:
            return "internal"
        return "private" if self.private else "public"

    @property
    def next_number(self) -> int:
        """The number of the next issue or pull request: they share their numbers."""
        return max((*self.issues, *self.pull_requests, 0)) + 1

    @property
    def has_rules(self) -> bool:
        """Whether its plan has rules: with GitHub Free, private repositories have none.

        docs.github.com: about rulesets, about protected branches.
        """
        return not self.private or self.owner.plan != "free"

    @property
    def all_rulesets(self) -> list[Ruleset]:
        """Its own rulesets, and those of its organisation that name it."""
        owner = self.owner
        above = owner.rulesets.values() if isinstance(owner, Organization) else ()
        return [
            *self.rulesets.values(),
            *(found for found in above if found.covers(self.name, self.id)),
        ]

    def rules_of(self, ref: str) -> list[tuple[Ruleset, dict[str, Any]]]:
        """The active rules that apply to a full reference name, each with its ruleset.

        Rules for every push are not among them: they have no branch (docs.github.com: about
        rulesets). Whether GitHub tells them with a branch is not documented, so a client that needs
        them has to ask for their rulesets.
        """
        sets = [s for s in self.all_rulesets if s.applies_to(ref, self.default_branch)]
        return [(found, rule) for found in sets for rule in found.rules] if self.has_rules else []

    @property
    def push_rules(self) -> list[tuple[Ruleset, dict[str, Any]]]:
        """The active rules for every push; a public repository has none (same page)."""
        sets = [s for s in self.all_rulesets if s.target == "push" and s.enforcement == "active"]
        bound = self.has_rules and self.private
        return [(found, rule) for found in sets for rule in found.rules] if bound else []

    def protection_of(self, branch: str) -> BranchProtection | None:
        """The classic protection of a name, which need not be a branch's: one at most.

        The one of exactly this name comes first (docs.github.com: managing a branch protection
        rule), then the first whose pattern matches.
        """
        if not self.has_rules:
            return None
        matching = (found for one, found in self.protection.items() if matches(one, branch))
        return self.protection.get(branch) or next(matching, None)

    def is_protected(self, branch: str) -> bool:
        """Whether classic protection or any rule applies to a branch: GitHub's `protected`."""
        classic = self.protection_of(branch) is not None
        return classic or bool(self.rules_of(f"refs/heads/{branch}"))

    @property
    def must_be_immutable(self) -> bool:
        """Whether the repository is so new that its subject is always immutable."""
        return max(self.created_at, self.moved_at or self.created_at) >= IMMUTABLE_SINCE

    def has_immutable_subject(self, *, organization_opted_in: bool) -> bool:
        """Whether the `sub` claim of its id-tokens contains ids."""
        if self.must_be_immutable:
            return True
        chosen = self.subject.use_immutable_subject
        return organization_opted_in if chosen is None else chosen
