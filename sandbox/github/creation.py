"""Make repositories and their first commit: what a client, and the seed, need to begin with."""

from datetime import datetime

from sandbox.github.accounts import Account
from sandbox.github.clock import now
from sandbox.github.git import Signature
from sandbox.github.repositories import Repository
from sandbox.github.store import Store


def create_repository(
    store: Store,
    owner: Account,
    name: str,
    *,
    repository_id: int | None = None,
    created_at: datetime | None = None,
) -> Repository:
    """An empty repository, in the store."""
    moment = created_at or now()
    repository = Repository(
        id=repository_id or store.next_id(),
        owner=owner,
        name=name,
        created_at=moment,
        updated_at=moment,
        pushed_at=moment,
    )
    store.add_repository(repository)
    return repository


def signature(account: Account) -> Signature:
    """An account as the author of a commit: its no-reply address names it."""
    email = f"{account.id}+{account.login}@users.noreply.github.com"
    return Signature(account.name, email, now())


def initial_commit(repository: Repository, author: Account) -> None:
    """The commit of `auto_init`: a README."""
    who = signature(author)
    text = f"# {repository.name}\n{repository.description or ''}"
    repository.git.commit_files(
        repository.default_branch, {"README.md": text.encode()}, "Initial commit", who, who
    )
