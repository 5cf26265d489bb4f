"""Classic branch protection of one branch: state only."""

from dataclasses import dataclass, field

from sandbox.github.accounts import Account, Team
from sandbox.github.apps import App


@dataclass
class Actors:
    """Users, teams and Apps that an exception or a restriction names."""

    users: list[Account] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    apps: list[App] = field(default_factory=list)


@dataclass
class RequiredChecks:
    """Status checks that a commit needs."""

    strict: bool
    contexts: list[str]
    #: The App that must report a check, by context; None: any.
    apps: dict[str, int | None] = field(default_factory=dict)


@dataclass
class RequiredReviews:
    """Reviews that a pull request needs."""

    approvals: int = 0
    dismiss_stale: bool = False
    code_owners: bool = False
    last_push: bool = False
    dismissal: Actors | None = None
    bypass: Actors | None = None


@dataclass(eq=False)
class BranchProtection:
    """The classic protection of one branch."""

    enforce_admins: bool = False
    checks: RequiredChecks | None = None
    #: None: pull requests are not required.
    reviews: RequiredReviews | None = None
    #: None: every user and App that may push may push here.
    restrictions: Actors | None = None
    signatures: bool = False
    linear_history: bool = False
    force_pushes: bool = False
    deletions: bool = False
    block_creations: bool = False
    conversations: bool = False
    locked: bool = False
    fork_syncing: bool = False
