"""Everything that requests can change, as data: for comparing what was before and after a run.

An object inside another one that exists by itself, such as a user in a team, is its name. Commits
are compared by the references that lead to them. Deliberately absent: tokens and request counts,
which every request changes, and keys of secrets.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import Any, Final

from nacl.public import PrivateKey

from sandbox.github.accounts import Account, EnterpriseTeam, Team
from sandbox.github.apps import App
from sandbox.github.git import GitRepository
from sandbox.github.store import Store


def snapshot(store: Store) -> dict[str, Any]:
    """Accounts by login, repositories by full name, Apps and runs."""
    return {
        "accounts": {one.login: _members(one) for one in store.accounts.values()},
        "repositories": {one.full_name: _members(one) for one in store.repositories.values()},
        "apps": {one.slug: _members(one) for one in store.apps.values()},
        "runs": {str(key): _members(one) for key, one in store.workflow_runs.items()},
    }


def _members(found: Any) -> dict[str, Any]:
    """The members of an object; those of an organisation's teams as well."""
    members = {one.name: getattr(found, one.name) for one in fields(found)}
    plain = {name: _plain(value) for name, value in members.items()}
    if isinstance(found, Account) and "teams" in members:
        plain["teams"] = {slug: _members(team) for slug, team in members["teams"].items()}
    return plain


def _plain(value: Any) -> Any:
    """A member's value, of any type that members have."""
    for kinds, plain in _PLAIN:
        if isinstance(value, kinds):
            return plain(value)
    return _members(value) if is_dataclass(value) else value


#: How a value of a type becomes JSON; the first type that fits.
_PLAIN: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...]] = (
    (Account, attrgetter("login")),
    ((Team, EnterpriseTeam, App), attrgetter("slug")),
    (GitRepository, GitRepository.refs),
    (PrivateKey, lambda _key: None),
    (Mapping, lambda found: {str(key): _plain(one) for key, one in found.items()}),
    ((set, frozenset), lambda found: sorted(map(str, found))),
    ((list, tuple), lambda found: [_plain(one) for one in found]),
    (datetime, datetime.isoformat),
    (Enum, attrgetter("name")),
)
