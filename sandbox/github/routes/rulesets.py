"""Rulesets of a repository: list, create, get, update, delete; the rules of one branch."""

from flask import Response, request

from sandbox.github import access, errors
from sandbox.github.body import read
from sandbox.github.clock import now
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission
from sandbox.github.render import rulesets as render
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.routes.ruleset_body import RulesetBody, apply, created
from sandbox.github.rules.ruleset import Ruleset

routes = Family("rulesets", REPOSITORY)


@routes.get("/rulesets")
def list_rulesets() -> Response:
    """Get all repository rulesets; those of the organisation too, unless `includes_parents=false`.

    docs.github.com/rest/repos/rules#get-all-repository-rulesets
    """
    repository = _with_rules(Permission.PULL)
    above = request.args.get("includes_parents", "true") != "false"
    every = repository.all_rulesets if above else list(repository.rulesets.values())
    targets = request.args.get("targets", "branch,tag,push").split(",")
    found = [each for each in every if each.target in targets]
    return answer([render.listed(repository, each) for each in page(found)])


@routes.post("/rulesets")
def create_ruleset() -> Response:
    """Create a repository ruleset.

    docs.github.com/rest/repos/rules#create-a-repository-ruleset
    """
    repository = _with_rules(Permission.ADMIN)
    found = created(access.store().next_id(), read(RulesetBody), repository.rulesets.values())
    repository.rulesets[found.id] = found
    return answer(render.full(access.actor(), repository, found, writer=True), 201)


@routes.get("/rulesets/<int:ruleset_id>")
def get_ruleset(ruleset_id: int) -> Response:
    """Get a repository ruleset; only who may write it sees the bypass list.

    docs.github.com/rest/repos/rules#get-a-repository-ruleset
    """
    repository = _with_rules(Permission.PULL)
    above = request.args.get("includes_parents", "true") != "false"
    every = repository.all_rulesets if above else repository.rulesets.values()
    found = next((each for each in every if each.id == ruleset_id), None)
    if found is None:
        raise errors.not_found()
    writer = access.permission(repository) is Permission.ADMIN and access.has("administration")
    return answer(render.full(access.actor(), repository, found, writer=writer))


@routes.put("/rulesets/<int:ruleset_id>")
def update_ruleset(ruleset_id: int) -> Response:
    """Update a repository ruleset: members that the body does not have stay.

    docs.github.com/rest/repos/rules#update-a-repository-ruleset
    """
    repository = _with_rules(Permission.ADMIN)
    found = _own(repository, ruleset_id)
    apply(found, read(RulesetBody), repository.rulesets.values())
    found.updated_at = now()
    return answer(render.full(access.actor(), repository, found, writer=True))


@routes.delete("/rulesets/<int:ruleset_id>")
def delete_ruleset(ruleset_id: int) -> Response:
    """Delete a repository ruleset.

    docs.github.com/rest/repos/rules#delete-a-repository-ruleset
    """
    repository = _with_rules(Permission.ADMIN)
    del repository.rulesets[_own(repository, ruleset_id).id]
    return Response(status=204)


@routes.get("/rules/branches/<path:branch>")
def get_rules_for_a_branch(branch: str) -> Response:
    """Get rules for a branch: those of active rulesets. The branch need not exist.

    docs.github.com/rest/repos/rules#get-rules-for-a-branch
    """
    repository = _with_rules(Permission.PULL)
    found = repository.rules_of(f"refs/heads/{branch}")
    return answer([render.rule(repository, *one) for one in page(found)])


def _with_rules(need: Permission) -> Repository:
    repository = access.repository(need)
    if not repository.has_rules:
        raise errors.no_rules_in_plan()
    return repository


def _own(repository: Repository, ruleset_id: int) -> Ruleset:
    found = repository.rulesets.get(ruleset_id)
    if found is None:
        raise errors.not_found()
    return found
