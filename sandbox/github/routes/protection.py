"""Classic branch protection and rulesets: stored and returned, but not enforced."""

from typing import Any, Literal

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission
from sandbox.github.protection import BranchProtection, Ruleset
from sandbox.github.render import protection as render
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("protection", REPOSITORY)


class ReviewsBody(Body):
    """How many approvals a pull request needs."""

    required_approving_review_count: int = 0


class ProtectionBody(Body):
    """The four members that GitHub requires; null switches one off."""

    required_status_checks: dict[str, Any] | None
    enforce_admins: bool | None
    required_pull_request_reviews: ReviewsBody | None
    restrictions: dict[str, Any] | None


class RefNameBody(Body):
    """Name patterns of references."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class ConditionsBody(Body):
    """The references that a ruleset applies to."""

    ref_name: RefNameBody = RefNameBody()


class RuleBody(Body):
    """One rule."""

    type: str
    parameters: dict[str, Any] | None = None


class RulesetBody(Body):
    """A ruleset."""

    name: str
    enforcement: Literal["disabled", "active", "evaluate"]
    target: Literal["branch", "tag", "push"] = "branch"
    conditions: ConditionsBody = ConditionsBody()
    rules: tuple[RuleBody, ...] = ()
    bypass_actors: tuple[dict[str, Any], ...] = ()


@routes.get("/branches/<path:branch>/protection")
def get_branch_protection(branch: str) -> Response:
    """Get branch protection.

    docs.github.com/rest/branches/branch-protection#get-branch-protection
    """
    repository = access.repository(Permission.ADMIN)
    found = repository.protection.get(branch)
    if found is None:
        raise errors.not_found("Branch not protected")
    return answer(render.branch_protection(repository, branch, found))


@routes.put("/branches/<path:branch>/protection")
def update_branch_protection(branch: str) -> Response:
    """Update branch protection.

    docs.github.com/rest/branches/branch-protection#update-branch-protection
    """
    repository = _with_branch(branch)
    body = read(ProtectionBody)
    if body.required_status_checks is not None or body.restrictions is not None:
        raise errors.not_emulated()
    reviews = body.required_pull_request_reviews
    approvals = reviews.required_approving_review_count if reviews else None
    found = BranchProtection(bool(body.enforce_admins), approvals)
    repository.protection[branch] = found
    return answer(render.branch_protection(repository, branch, found))


@routes.delete("/branches/<path:branch>/protection")
def delete_branch_protection(branch: str) -> Response:
    """Delete branch protection.

    docs.github.com/rest/branches/branch-protection#delete-branch-protection
    """
    if _with_branch(branch).protection.pop(branch, None) is None:
        raise errors.not_found("Branch not protected")
    return Response(status=204)


@routes.post("/rulesets")
def create_ruleset() -> Response:
    """Create a repository ruleset.

    docs.github.com/rest/repos/rules#create-a-repository-ruleset
    """
    repository = access.repository(Permission.ADMIN)
    body = read(RulesetBody)
    if body.target != "branch" or body.bypass_actors:
        raise errors.not_emulated()
    found = Ruleset(
        access.store().next_id(),
        body.name,
        body.enforcement,
        body.conditions.ref_name.include,
        body.conditions.ref_name.exclude,
        tuple(rule.model_dump(exclude_none=True) for rule in body.rules),
        now(),
    )
    repository.rulesets[found.id] = found
    return answer(render.ruleset(repository, found), 201)


@routes.delete("/rulesets/<int:ruleset_id>")
def delete_ruleset(ruleset_id: int) -> Response:
    """Delete a repository ruleset.

    docs.github.com/rest/repos/rules#delete-a-repository-ruleset
    """
    if access.repository(Permission.ADMIN).rulesets.pop(ruleset_id, None) is None:
        raise errors.not_found()
    return Response(status=204)


@routes.get("/rules/branches/<path:branch>")
def get_rules_for_a_branch(branch: str) -> Response:
    """Get rules for a branch: those of active rulesets. The branch need not exist.

    docs.github.com/rest/repos/rules#get-rules-for-a-branch
    """
    repository = access.repository()
    found = repository.rules_of(branch)
    return answer([render.rule(repository, *one) for one in page(found)])


def _with_branch(branch: str) -> Repository:
    repository = access.repository(Permission.ADMIN)
    if repository.git.ref(f"refs/heads/{branch}") is None:
        raise errors.not_found("Branch not found")
    return repository
