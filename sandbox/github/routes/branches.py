"""Branches: list, get, rename."""

from urllib.parse import quote

from flask import Response, request

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.git import GitError
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission
from sandbox.github.render import commits as render
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.rules.refusal import REFERENCE, refused, rule_violations
from sandbox.github.rules.update import RefUpdate

routes = Family("branches", REPOSITORY)


class RenameBody(Body):
    """A new name."""

    new_name: str


@routes.get("/branches")
def list_branches() -> Response:
    """List branches: all of them, only `protected` ones, or only unprotected ones.

    docs.github.com/rest/branches/branches#list-branches
    """
    repository = access.repository()
    branches = list(repository.git.branches().items())
    if wanted := request.args.get("protected"):
        branches = [
            (name, sha)
            for name, sha in branches
            if repository.is_protected(name) is (wanted == "true")
        ]
    return answer([render.short_branch(repository, *branch) for branch in page(branches)])


@routes.get("/branches/<path:branch>")
def get_branch(branch: str) -> Response:
    """Get a branch; the old name of a renamed branch redirects to its new one.

    docs.github.com/rest/branches/branches#get-a-branch
    """
    repository = access.repository()
    sha = repository.git.ref(f"refs/heads/{branch}")
    if sha is None and (now_called := repository.renamed_branches.get(branch)):
        place = request.url.partition("/branches/")[0]
        raise errors.moved(f"{place}/branches/{quote(now_called)}")
    if sha is None:
        raise errors.not_found("Branch not found")
    return answer(render.branch(access.store(), repository, branch, sha))


def _demand_rules(repository: Repository, old: str, new: str, sha: str) -> None:
    """Check the rulesets: a rename deletes one branch and creates another.

    GitHub documents no refusal. Classic protection does not refuse it: it follows the branch.
    """
    actor = access.actor()
    for update in (
        RefUpdate(repository, f"refs/heads/{new}", None, sha),
        RefUpdate(repository, f"refs/heads/{old}", sha, None),
    ):
        said = refused(actor, update).rulesets
        if said:
            raise rule_violations(REFERENCE, said)


@routes.post("/branches/<path:branch>/rename")
def rename_branch(branch: str) -> Response:
    """Rename a branch. A renamed default branch stays the default branch.

    docs.github.com/rest/branches/branches#rename-a-branch
    """
    is_default = access.repository().default_branch == branch
    repository = access.repository(Permission.ADMIN if is_default else Permission.PUSH)
    new = read(RenameBody).new_name
    git = repository.git
    sha = git.ref(f"refs/heads/{branch}")
    if sha is None:
        raise errors.not_found("Branch not found")
    if git.ref(f"refs/heads/{new}") is not None:
        raise errors.validation_failed("Branch", "new_name", "already_exists")
    _demand_rules(repository, branch, new, sha)
    try:
        git.set_ref(f"refs/heads/{new}", sha)
    except GitError as error:
        raise errors.validation_failed("Branch", "new_name", "invalid") from error
    git.delete_ref(f"refs/heads/{branch}")
    for found in repository.pull_requests.values():
        # Open pull requests follow (docs.github.com: renaming a branch).
        found.head = new if found.head == branch else found.head
        found.base = new if found.base == branch else found.base
    repository.renamed_branches.pop(new, None)
    repository.renamed_branches[branch] = new
    if (protection := repository.protection.pop(branch, None)) is not None:
        repository.protection[new] = protection
    if is_default:
        repository.default_branch = new
        git.set_head(new)
    repository.pushed_at = now()
    return answer(render.branch(access.store(), repository, new, sha), 201)
