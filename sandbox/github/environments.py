"""Deployment environments with everything in them: state without behaviour."""

from dataclasses import dataclass, field
from datetime import datetime

from nacl.public import PrivateKey

from sandbox.github.accounts import Account, EnterpriseTeam, Team
from sandbox.github.apps import App


@dataclass(eq=False)
class BranchPolicy:
    """A pattern of branches or tags that may deploy."""

    id: int
    name: str
    type: str


@dataclass(eq=False)
class Variable:
    """A value that everybody may read."""

    name: str
    value: str
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False)
class Secret:
    """A value that GitHub never tells again; the sandbox does, to whom asserts that it arrived."""

    name: str
    #: None: it was not sealed for the environment's key.
    plaintext: str | None = field(repr=False)
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False)
class Protection:
    """The protection rules of one environment, without its branch patterns."""

    wait_timer: int = 0
    prevent_self_review: bool = False
    can_admins_bypass: bool = True
    reviewers: tuple[Account | Team | EnterpriseTeam, ...] = ()
    #: None: any branch may deploy. False: protected branches. True: the custom patterns.
    custom_branch_policies: bool | None = None
    #: Types of rules that GitHub has besides those it describes.
    further_rules: tuple[str, ...] = ()


@dataclass(eq=False)
class Environment:
    """One environment. Its variables and secrets die with it."""

    id: int
    name: str
    #: Ids of its protection rules; they outlive a change of the rule.
    rule_ids: dict[str, int]
    created_at: datetime
    updated_at: datetime
    protection: Protection = field(default_factory=Protection)
    policies: dict[int, BranchPolicy] = field(default_factory=dict)
    #: The App that provides each custom deployment protection rule, by the rule's id.
    custom_rules: dict[int, App] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict)
    key: PrivateKey = field(default_factory=PrivateKey.generate, repr=False)

    @property
    def key_id(self) -> str:
        """Names the public key; GitHub's are long decimal numbers, too."""
        return str(int.from_bytes(bytes(self.key.public_key)[:8], "big"))
