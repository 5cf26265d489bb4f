"""The permissions that a user or a team may have in a repository, in GitHub's order."""

from enum import IntEnum
from typing import Final


class Permission(IntEnum):
    """A permission includes every smaller one."""

    NONE = 0
    PULL = 1
    TRIAGE = 2
    PUSH = 3
    MAINTAIN = 4
    ADMIN = 5

    @property
    def key(self) -> str:
        """The name in `permissions` objects and in team grants."""
        return self.name.lower()

    @property
    def role(self) -> str:
        """The name as a role: `read` for pull, `write` for push."""
        return _ROLES.get(self, self.key)

    @property
    def legacy(self) -> str:
        """The name in `permission` fields, which have four values only."""
        if self is Permission.MAINTAIN:
            return "write"
        return "read" if self is Permission.TRIAGE else self.role


_ROLES: Final = {Permission.PULL: "read", Permission.PUSH: "write"}
_NAMES: Final = {p.key: p for p in Permission} | {p.role: p for p in Permission}


def permission_named(name: str) -> Permission | None:
    """The permission with this name, given as a key or as a role."""
    return _NAMES.get(name)


def as_flags(granted: Permission) -> dict[str, bool]:
    """The `permissions` object of an answer."""
    ordered = sorted((p for p in Permission if p), reverse=True)
    return {p.key: granted >= p for p in ordered}
