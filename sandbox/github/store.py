"""The whole state of the emulated GitHub, and the permissions of users in repositories.

One lock guards everything; the application holds it while a route runs. Deliberately absent: HTTP.
"""

from itertools import count
from threading import RLock

from sandbox.faults import Faults
from sandbox.github.accounts import Account, Organization, Team, Token
from sandbox.github.apps import App
from sandbox.github.clock import now
from sandbox.github.faults import Fault
from sandbox.github.permissions import Permission
from sandbox.github.repositories import Repository
from sandbox.github.request_log import RequestLog
from sandbox.github.site import Site
from sandbox.github.workflow_runs import WorkflowRun


class Store:
    """Accounts, repositories and tokens, and the sandbox's own request log and faults."""

    def __init__(self) -> None:
        """Make an empty store."""
        self.lock = RLock()
        self.log = RequestLog()
        self.faults: Faults[Fault] = Faults()
        self.reset()

    def reset(self) -> None:
        """Delete everything, including faults and request counts."""
        self._ids = count(1_000_001)
        self.site = Site()
        self.accounts: dict[str, Account] = {}
        #: By slug.
        self.apps: dict[str, App] = {}
        #: True: store a secret that is not sealed, as GitHub does. False: refuse it, because a
        #: client that sends it has a bug.
        self.accepts_unsealed_secrets = False
        self.tokens: dict[str, Token] = {}
        self.repositories: dict[int, Repository] = {}
        #: By id.
        self.workflow_runs: dict[int, WorkflowRun] = {}
        self._names: dict[tuple[str, str], int] = {}
        self._redirects: dict[tuple[str, str], int] = {}
        self.log.clear()
        self.faults.clear()

    def next_id(self) -> int:
        """A number that is no other object's id."""
        return next(self._ids)

    def account(self, login: str) -> Account | None:
        """A user or an organisation; logins ignore case."""
        return self.accounts.get(login.lower())

    def organization(self, login: str) -> Organization | None:
        """An organisation."""
        found = self.account(login)
        return found if isinstance(found, Organization) else None

    def account_by_id(self, account_id: int) -> Account | None:
        """A user or an organisation."""
        return next((a for a in self.accounts.values() if a.id == account_id), None)

    def team_by_id(self, team_id: int) -> tuple[Organization, Team] | None:
        """A team with its organisation."""
        for account in self.accounts.values():
            if isinstance(account, Organization):
                for team in account.teams.values():
                    if team.id == team_id:
                        return account, team
        return None

    def add_account(self, account: Account) -> None:
        """Add an account; it replaces an account with the same login."""
        self.accounts[account.login.lower()] = account

    def repository(self, owner: str, name: str) -> Repository | None:
        """A repository by its present name; names ignore case."""
        found = self._names.get((owner.lower(), name.lower()))
        return self.repositories[found] if found is not None else None

    def moved_repository(self, owner: str, name: str) -> Repository | None:
        """A repository by a former name."""
        found = self._redirects.get((owner.lower(), name.lower()))
        return self.repositories.get(found) if found is not None else None

    def owned_by(self, account: Account) -> list[Repository]:
        """Repositories of an account, sorted by name."""
        owned = [r for r in self.repositories.values() if r.owner is account]
        return sorted(owned, key=lambda repository: repository.name.lower())

    def add_repository(self, repository: Repository) -> None:
        """Add a repository under its name, which must be free."""
        repository.git.set_head(repository.default_branch)
        self.repositories[repository.id] = repository
        key = (repository.owner.login.lower(), repository.name.lower())
        self._names[key] = repository.id
        self._redirects.pop(key, None)

    def remove_repository(self, repository: Repository) -> None:
        """Delete a repository with its content and the teams' grants."""
        del self.repositories[repository.id]
        del self._names[repository.owner.login.lower(), repository.name.lower()]
        for account in self.accounts.values():
            if isinstance(account, Organization):
                for team in account.teams.values():
                    team.grants.pop(repository.id, None)

    def move_repository(self, repository: Repository, owner: Account, name: str) -> None:
        """Rename or transfer a repository; its old name redirects from then on."""
        old = (repository.owner.login.lower(), repository.name.lower())
        new = (owner.login.lower(), name.lower())
        del self._names[old]
        self._names[new] = repository.id
        if old != new:
            self._redirects[old] = repository.id
        self._redirects.pop(new, None)
        repository.owner, repository.name = owner, name
        repository.moved_at = repository.updated_at = now()

    def has_immutable_subject(self, repository: Repository) -> bool:
        """Whether the `sub` claim of a repository's id-tokens contains ids."""
        owner = repository.owner
        opted_in = isinstance(owner, Organization) and owner.use_immutable_subject
        immutable = repository.has_immutable_subject(organization_opted_in=opted_in)
        return immutable and not self.site.is_server

    def subject_prefix(self, repository: Repository) -> str:
        """The beginning of the `sub` claim of a repository's id-tokens."""
        if self.has_immutable_subject(repository):
            owner = repository.owner
            return f"repo:{owner.login}@{owner.id}/{repository.name}@{repository.id}"
        return f"repo:{repository.full_name}"

    def permission(self, login: str, repository: Repository) -> Permission:
        """The permission of a user in a repository; all users may read a public one."""
        public = Permission.NONE if repository.private else Permission.PULL
        return max(public, self.granted(login, repository))

    def granted(self, login: str, repository: Repository) -> Permission:
        """The same for collaborators only: a public repository grants nothing to other users."""
        login = login.lower()
        owner = repository.owner
        granted = repository.collaborators.get(login, Permission.NONE)
        if owner.login.lower() == login:
            return Permission.ADMIN
        if isinstance(owner, Organization) and login in owner.members:
            if owner.is_admin(login):
                return Permission.ADMIN
            everybody = Permission.PULL if repository.internal else Permission.NONE
            granted = max(granted, owner.base_permission, everybody)
            teams = [team for team in owner.teams.values() if login in team.members]
            granted = max([granted, *(team.granted(repository.id) for team in teams)])
        return granted
