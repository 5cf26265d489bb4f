"""GitHub Apps that offer a custom deployment protection rule: state without behaviour.

Deliberately absent: other Apps, their permissions and webhooks. No deployment waits for a rule.
"""

from dataclasses import dataclass, field


@dataclass(eq=False)
class App:
    """An App with the `deployment_protection_rule` event, and the places it is installed on."""

    id: int
    slug: str
    #: Ids of accounts where it is installed on all repositories, later ones as well.
    account_ids: set[int] = field(default_factory=set)
    #: Ids of repositories that were selected one by one.
    repository_ids: set[int] = field(default_factory=set)
