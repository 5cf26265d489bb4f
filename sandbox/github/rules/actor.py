"""Who changes a reference, and which rules do not bind this actor."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sandbox.github.accounts import Organization, Token, TokenKind
from sandbox.github.permissions import Permission
from sandbox.github.repositories import Repository
from sandbox.github.rules.protection import Actors
from sandbox.github.rules.ruleset import BypassActor, Ruleset
from sandbox.github.store import Store

#: Ids of the roles that may bypass. GitHub documents them by example only; the provider's
#: documentation lists them (github_repository_ruleset, `actor_id`): maintain 2, write 4, admin 5.
ROLES: Final = {2: Permission.MAINTAIN, 4: Permission.PUSH, 5: Permission.ADMIN}


@dataclass(frozen=True)
class Actor:
    """A user or an App; its permission in the repository decides too."""

    store: Store
    login: str
    #: The App of an installation token; other actors are users.
    is_app: bool = False
    app_id: int | None = None

    @classmethod
    def of(cls, store: Store, token: Token) -> "Actor":
        """The actor that a token stands for."""
        return cls(store, token.login, token.kind is TokenKind.APP, token.app_id)

    def administers(self, repository: Repository) -> bool:
        """Whether classic protection without `enforce_admins` lets the actor through.

        It binds Apps in any case: they have no role in the repository.
        """
        granted = self.store.permission(self.login, repository)
        return not self.is_app and granted is Permission.ADMIN

    def is_among(self, actors: Actors) -> bool:
        """Whether users, teams and Apps include this one."""
        if self.is_app:
            return any(app.id == self.app_id for app in actors.apps)
        login = self.login.lower()
        named = any(user.login.lower() == login for user in actors.users)
        return named or any(login in team.members for team in actors.teams)

    def bypass(self, ruleset: Ruleset, repository: Repository) -> str:
        """How the ruleset lets the actor through: GitHub's `current_user_can_bypass`."""
        modes = {each.mode for each in self._entries(ruleset.bypass_actors, repository)}
        for mode, said in (("exempt", "exempt"), ("always", "always")):
            if mode in modes:
                return said
        return "pull_requests_only" if modes else "never"

    def _entries(
        self, actors: Iterable[BypassActor], repository: Repository
    ) -> Iterable[BypassActor]:
        return (each for each in actors if self._is(each, repository))

    def _is(self, entry: BypassActor, repository: Repository) -> bool:
        if self.is_app:
            return entry.kind == "Integration" and entry.id == self.app_id
        owner, login = repository.owner, self.login.lower()
        match entry.kind:
            case "OrganizationAdmin":
                return isinstance(owner, Organization) and owner.is_admin(login)
            case "RepositoryRole":
                needed = ROLES.get(entry.id or 0)
                return (
                    needed is not None and self.store.permission(self.login, repository) >= needed
                )
            case "Team":
                pair = self.store.team_by_id(entry.id or 0)
                return pair is not None and login in pair[1].members
            case "User":
                account = self.store.account(login)
                return account is not None and account.id == entry.id
        return False
