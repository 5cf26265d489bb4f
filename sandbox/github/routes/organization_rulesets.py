"""Rulesets of an organisation; GitHub Team and Enterprise have them."""

from flask import Response, request

from sandbox.github import access, errors
from sandbox.github.accounts import Organization
from sandbox.github.body import read
from sandbox.github.clock import now
from sandbox.github.paging import answer, page
from sandbox.github.render import rulesets as render
from sandbox.github.routes.family import Family
from sandbox.github.routes.ruleset_body import RulesetBody, apply, created
from sandbox.github.rules.ruleset import Ruleset

routes = Family("organization_rulesets")


@routes.get("/orgs/<org>/rulesets")
def list_rulesets(org: str) -> Response:
    """Get all organization repository rulesets.

    docs.github.com/rest/orgs/rules#get-all-organization-repository-rulesets
    """
    owner = _owned(org)
    targets = request.args.get("targets", "branch,tag,push").split(",")
    found = [each for each in owner.rulesets.values() if each.target in targets]
    return answer([render.listed(owner, each) for each in page(found)])


@routes.post("/orgs/<org>/rulesets")
def create_ruleset(org: str) -> Response:
    """Create an organization repository ruleset.

    docs.github.com/rest/orgs/rules#create-an-organization-repository-ruleset
    """
    owner = _owned(org)
    others = owner.rulesets.values()
    found = created(access.store().next_id(), read(RulesetBody), others, "Organization")
    owner.rulesets[found.id] = found
    return answer(render.full(access.actor(), owner, found, writer=True), 201)


@routes.get("/orgs/<org>/rulesets/<int:ruleset_id>")
def get_ruleset(org: str, ruleset_id: int) -> Response:
    """Get an organization repository ruleset.

    docs.github.com/rest/orgs/rules#get-an-organization-repository-ruleset
    """
    owner, found = _one(org, ruleset_id)
    return answer(render.full(access.actor(), owner, found, writer=True))


@routes.put("/orgs/<org>/rulesets/<int:ruleset_id>")
def update_ruleset(org: str, ruleset_id: int) -> Response:
    """Update an organization repository ruleset.

    docs.github.com/rest/orgs/rules#update-an-organization-repository-ruleset
    """
    owner, found = _one(org, ruleset_id)
    apply(found, read(RulesetBody), owner.rulesets.values())
    found.updated_at = now()
    return answer(render.full(access.actor(), owner, found, writer=True))


@routes.delete("/orgs/<org>/rulesets/<int:ruleset_id>")
def delete_ruleset(org: str, ruleset_id: int) -> Response:
    """Delete an organization repository ruleset.

    docs.github.com/rest/orgs/rules#delete-an-organization-repository-ruleset
    """
    owner, found = _one(org, ruleset_id)
    del owner.rulesets[found.id]
    return Response(status=204)


def _owned(login: str) -> Organization:
    """The organisation, which the user must own; others do not see its rulesets."""
    owner = access.organization(login)
    if not owner.is_admin(access.token().login):
        raise errors.not_found()
    return owner


def _one(login: str, ruleset_id: int) -> tuple[Organization, Ruleset]:
    owner = _owned(login)
    found = owner.rulesets.get(ruleset_id)
    if found is None:
        raise errors.not_found()
    return owner, found
