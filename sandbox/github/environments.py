"""Deployment environments and their content: state without behaviour."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from nacl.public import PrivateKey

from sandbox.github.accounts import Account, EnterpriseTeam, Team
from sandbox.github.apps import App


@dataclass(eq=False)
class BranchPolicy:
    """A name pattern: branches or tags that match it may deploy."""

    id: int
    name: str
    type: str


@dataclass(eq=False)
class Variable:
    """A variable; collaborators of the repository may read its value."""

    name: str
    value: str
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False)
class Secret:
    """A secret. GitHub never shows its value; the sandbox's control route does, for assertions."""

    name: str
    #: None: the value was not sealed for the environment's key.
    plaintext: str | None = field(repr=False)
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False)
class Protection:
    """The built-in protection rules of one environment, without its branch patterns."""

    wait_timer: int = 0
    prevent_self_review: bool = False
    can_admins_bypass: bool = True
    reviewers: tuple[Account | Team | EnterpriseTeam, ...] = ()
    #: None: any branch may deploy. False: protected branches. True: branches by pattern.
    custom_branch_policies: bool | None = None
    #: Types of rules that GitHub's description does not have, for tests of clients.
    further_rules: tuple[str, ...] = ()


@dataclass(eq=False)
class Environment:
    """One environment. Deleting it deletes its variables and secrets."""

    id: int
    name: str
    #: Ids of its built-in rules by type. A changed rule keeps its id.
    rule_ids: dict[str, int]
    created_at: datetime
    updated_at: datetime
    protection: Protection = field(default_factory=Protection)
    policies: dict[int, BranchPolicy] = field(default_factory=dict)
    #: The App that provides each custom deployment protection rule, by the rule's id.
    custom_rules: dict[int, App] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict)

    @cached_property
    def key(self) -> PrivateKey:
        """The key that opens secrets. It is made when a client asks for its public half."""
        return PrivateKey.generate()

    @property
    def key_id(self) -> str:
        """The id of the public key: a long decimal number, as at GitHub."""
        return str(int.from_bytes(bytes(self.key.public_key)[:8], "big"))
