"""Create repositories and their first commit, for the routes and for the seed."""

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
    """Add an empty repository to the store."""
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
    """The account as the author of a commit, with GitHub's no-reply address."""
    email = f"{account.id}+{account.login}@users.noreply.github.com"
    return Signature(account.name, email, now())


def initial_commit(
    repository: Repository, author: Account, *, gitignore: str | None, licence: str | None
) -> None:
    """The commit of `auto_init`: a README and the requested .gitignore and LICENSE files.

    GitHub's templates are not available here: each file only has the name of its template.
    """
    who = signature(author)
    files = {"README.md": f"# {repository.name}\n{repository.description or ''}"}
    if gitignore:
        files[".gitignore"] = f"# {gitignore}\n"
    if licence:
        files["LICENSE"] = f"{licence}\n"
    data = {path: text.encode() for path, text in files.items()}
    repository.git.commit_files(repository.default_branch, {**data}, "Initial commit", who, who)
