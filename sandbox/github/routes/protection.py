"""Classic protection of a branch: get, put, delete."""

from typing import Any

from flask import Response, request
from pydantic import Field

from sandbox.github import access, errors
from sandbox.github.accounts import Organization, TokenKind
from sandbox.github.body import Body, read
from sandbox.github.paging import answer
from sandbox.github.permissions import Permission
from sandbox.github.render import protection as render
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.rules.protection import (
    Actors,
    BranchProtection,
    RequiredChecks,
    RequiredReviews,
)

routes = Family("protection", REPOSITORY)


class ActorsBody(Body):
    """Logins of users, slugs of teams and slugs of Apps."""

    users: list[str] = Field(default_factory=list)
    teams: list[str] = Field(default_factory=list)
    apps: list[str] | None = None


class CheckBody(Body):
    """One required status check."""

    context: str
    app_id: int | None = None


class ChecksBody(Body):
    """Required status checks: `contexts` is deprecated, `checks` is new."""

    strict: bool = False
    contexts: list[str] | None = None
    checks: list[CheckBody] | None = None


class ReviewsBody(Body):
    """Reviews that a pull request needs."""

    required_approving_review_count: int = Field(0, ge=0, le=6)
    dismiss_stale_reviews: bool = False
    require_code_owner_reviews: bool = False
    require_last_push_approval: bool = False
    dismissal_restrictions: ActorsBody | None = None
    bypass_pull_request_allowances: ActorsBody | None = None


class ProtectionBody(Body):
    """Four members that GitHub requires (null switches one off), and others."""

    required_status_checks: ChecksBody | None
    enforce_admins: bool | None
    required_pull_request_reviews: ReviewsBody | None
    restrictions: ActorsBody | None
    required_linear_history: bool | None = None
    allow_force_pushes: bool | None = None
    allow_deletions: bool | None = None
    block_creations: bool | None = None
    required_conversation_resolution: bool | None = None
    lock_branch: bool | None = None
    allow_fork_syncing: bool | None = None


@routes.get("/branches/<path:branch>/protection")
def get_branch_protection(branch: str) -> Response:
    """Get branch protection.

    docs.github.com/rest/branches/branch-protection#get-branch-protection
    """
    return answer(render.branch_protection(*protected(branch)))


@routes.put("/branches/<path:branch>/protection")
def update_branch_protection(branch: str) -> Response:
    """Update branch protection: it replaces everything but the requirement of signatures.

    docs.github.com/rest/branches/branch-protection#update-branch-protection
    """
    repository = with_branch(branch)
    body = read(ProtectionBody)
    old = repository.protection.get(branch)
    found = BranchProtection(
        enforce_admins=bool(body.enforce_admins),
        checks=_checks(body.required_status_checks),
        reviews=reviews(repository, body.required_pull_request_reviews),
        restrictions=actors(repository, body.restrictions),
        signatures=bool(old and old.signatures),
        linear_history=bool(body.required_linear_history),
        force_pushes=bool(body.allow_force_pushes),
        deletions=bool(body.allow_deletions),
        block_creations=bool(body.block_creations),
        conversations=bool(body.required_conversation_resolution),
        locked=bool(body.lock_branch),
        fork_syncing=bool(body.allow_fork_syncing),
    )
    repository.protection[branch] = found
    return answer(render.branch_protection(repository, branch, found))


@routes.delete("/branches/<path:branch>/protection")
def delete_branch_protection(branch: str) -> Response:
    """Delete branch protection.

    docs.github.com/rest/branches/branch-protection#delete-branch-protection
    """
    if with_branch(branch).protection.pop(branch, None) is None:
        raise errors.not_found("Branch not protected")
    return Response(status=204)


def with_branch(branch: str) -> Repository:
    """The repository in the path, which must have the branch and a plan with rules.

    A classic token of somebody else than an administrator is answered 404 when it reads, as if the
    branch had no protection (github.com/ossf/scorecard/issues/138).

    Raises:
        GitHubError: as `access.repository`; 403 by the plan; 404 without the branch.
    """
    repository = access.repository()
    if access.permission(repository) < Permission.ADMIN:
        hidden = request.method == "GET" and access.token().kind is TokenKind.CLASSIC
        raise errors.not_found() if hidden else access.refusal()
    if not repository.has_rules:
        raise errors.no_rules_in_plan()
    if repository.git.ref(f"refs/heads/{branch}") is None:
        raise errors.not_found("Branch not found")
    return repository


def protected(branch: str) -> tuple[Repository, str, BranchProtection]:
    """The protection of a branch, with its place.

    Raises:
        GitHubError: as `with_branch`, and 404 if the branch is not protected.
    """
    repository = with_branch(branch)
    found = repository.protection_of(branch)
    if found is None:
        raise errors.not_found("Branch not protected")
    return repository, branch, found


def reviews(repository: Repository, body: ReviewsBody | None) -> RequiredReviews | None:
    """The required reviews of a body."""
    if body is None:
        return None
    return RequiredReviews(
        approvals=body.required_approving_review_count,
        dismiss_stale=body.dismiss_stale_reviews,
        code_owners=body.require_code_owner_reviews,
        last_push=body.require_last_push_approval,
        dismissal=actors(repository, body.dismissal_restrictions),
        bypass=actors(repository, body.bypass_pull_request_allowances),
    )


def actors(repository: Repository, body: ActorsBody | None) -> Actors | None:
    """The actors of a body; GitHub drops names that it does not know."""
    if body is None:
        return None
    store, owner = access.store(), repository.owner
    teams = owner.teams if isinstance(owner, Organization) else {}
    return Actors(
        [user for login in body.users if (user := store.account(login)) is not None],
        [teams[slug.lower()] for slug in body.teams if slug.lower() in teams],
        [store.apps[slug] for slug in body.apps or () if slug in store.apps],
    )


def _checks(body: ChecksBody | None) -> RequiredChecks | None:
    if body is None:
        return None
    apps: dict[str, Any] = {each.context: each.app_id for each in body.checks or ()}
    contexts = [*apps, *(name for name in body.contexts or () if name not in apps)]
    return RequiredChecks(body.strict, contexts, apps)
