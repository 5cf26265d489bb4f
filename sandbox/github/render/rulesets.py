"""Rulesets and their rules."""

from typing import Any

from sandbox.github.accounts import Organization
from sandbox.github.clock import iso
from sandbox.github.render.urls import api, html, node_id
from sandbox.github.repositories import Repository
from sandbox.github.rules.actor import Actor
from sandbox.github.rules.ruleset import BypassActor, Ruleset


def listed(place: Repository | Organization, found: Ruleset) -> dict[str, Any]:
    """`repository-ruleset` as an item of a list: without rules and conditions."""
    owner = place.owner if isinstance(place, Repository) else place
    if found.source_type == "Organization":
        source, path = owner.login, f"/orgs/{owner.login}/rulesets/{found.id}"
        page = f"organizations/{owner.login}/settings/rules/{found.id}"
    else:
        assert isinstance(place, Repository)
        source, path = place.full_name, f"/repos/{place.full_name}/rulesets/{found.id}"
        page = f"{place.full_name}/rules/{found.id}"
    return {
        "id": found.id,
        "name": found.name,
        "target": found.target,
        "source_type": found.source_type,
        "source": source,
        "enforcement": found.enforcement,
        "node_id": node_id("RepositoryRuleset", found.id),
        "created_at": iso(found.created_at),
        "updated_at": iso(found.updated_at),
        "_links": {"self": {"href": api(path)}, "html": {"href": html(page)}},
    }


def full(
    actor: Actor, place: Repository | Organization, found: Ruleset, *, writer: bool
) -> dict[str, Any]:
    """`repository-ruleset`; an organisation's answer has no `current_user_can_bypass` here."""
    body = listed(place, found) | {
        "conditions": dict(found.conditions),
        "rules": list(found.rules),
    }
    if found.target == "push" and isinstance(place, Repository):
        del body["conditions"]
    if writer:
        body["bypass_actors"] = [_actor(each) for each in found.bypass_actors]
    if isinstance(place, Repository):
        body["current_user_can_bypass"] = actor.bypass(found, place)
    return body


def rule(repository: Repository, source: Ruleset, found: dict[str, Any]) -> dict[str, Any]:
    """`repository-rule-detailed`: one rule and its ruleset."""
    organization = source.source_type == "Organization"
    return found | {
        "ruleset_source_type": source.source_type,
        "ruleset_source": repository.owner.login if organization else repository.full_name,
        "ruleset_id": source.id,
    }


def _actor(found: BypassActor) -> dict[str, Any]:
    return {"actor_id": found.id, "actor_type": found.kind, "bypass_mode": found.mode}
