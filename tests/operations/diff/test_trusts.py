"""The direction of a role's live trust, for each declared kind of trust."""

import json
from dataclasses import replace
from typing import Any

import pytest

from components.documents.role_trust import role_trust
from components.model.stack import Stack
from operations.diff.compare import compare
from operations.diff.finding import Repair
from operations.live.observed import Observed
from operations.reports.words import shown
from tests.operations.diff import worlds
from tests.operations.diff.cases import like, trusting

PROD = "333333333333"
ISSUER = "token.actions.githubusercontent.com"
CLASSIC, IMMUTABLE = "repo:acme/billing", "repo:acme@1/billing@7"
SUBJECT: dict[str, Any] = {}
KEPT: dict[str, Any] = {"claims": "pinned"}
PINNED: dict[str, Any] = {"claims": "pinned", "keep_subject_statement": False}


def declared(trust: dict[str, Any], **changes: Any) -> Stack:
    """The stack with this trust in prod, which only main may deploy to."""
    prod = worlds.BILLING["environments"]["prod"] | {"deployment_tags": None, "trust": trust}
    return worlds.stack(environments={"prod": prod}, **changes)


def trust_of(trust: dict[str, Any], prefix: str = CLASSIC) -> dict[str, Any]:
    """Prod's policy for this trust."""
    stack = declared(trust)
    live = worlds.as_declared(stack, subject_prefix=prefix).repositories["billing"]
    assert live is not None
    return role_trust(stack.settings, stack.repositories[0], "prod", live)


def with_prod_trust(world: Observed, trust: dict[str, Any]) -> Observed:
    """The world in which prod's role has this policy."""
    return worlds.with_role(world, PROD, trust=trust)


def found(
    trust: dict[str, Any], live: dict[str, Any], prefix: str = CLASSIC
) -> list[tuple[str, str]]:
    """Rules and directions of a declared trust, with another policy in AWS."""
    stack = declared(trust)
    world = with_prod_trust(worlds.as_declared(stack, subject_prefix=prefix), live)
    return [(one.rule, one.direction.value) for one in compare(stack, world)]


@pytest.mark.parametrize("trust", [SUBJECT, KEPT, PINNED, {"subject": "both"}])
@pytest.mark.parametrize("prefix", [CLASSIC, IMMUTABLE])
def test_a_role_as_declared_has_no_finding(trust: dict[str, Any], prefix: str) -> None:
    """Each trust is stable: the second look finds nothing."""
    stack = declared(trust)
    assert list(compare(stack, worlds.as_declared(stack, subject_prefix=prefix))) == []


@pytest.mark.parametrize(
    ("wanted", "live", "direction"),
    [
        (PINNED, SUBJECT, "weaker"),
        (PINNED, KEPT, "weaker"),
        (KEPT, SUBJECT, "neutral"),
        (KEPT, PINNED, "stronger"),
        (SUBJECT, KEPT, "neutral"),
        (SUBJECT, PINNED, "stronger"),
    ],
)
def test_a_trust_without_the_pinned_claims_is_weaker(
    wanted: dict[str, Any], live: dict[str, Any], direction: str
) -> None:
    """As long as a statement compares the subject alone, the other claims protect nothing."""
    assert found(wanted, trust_of(live)) == [("role/trust", direction)]


@pytest.mark.parametrize(
    ("wanted", "live", "texts"),
    [
        (PINNED, KEPT, ("nothing", "audience and subject alone")),
        (PINNED, SUBJECT, ("also environment prod, ", "audience and subject alone")),
        (SUBJECT, PINNED, ("audience and subject alone", "also environment prod, ")),
        (KEPT, PINNED, ("audience and subject alone", "nothing")),
    ],
)
def test_a_statement_that_compares_the_subject_alone_is_named(
    wanted: dict[str, Any], live: dict[str, Any], texts: tuple[str, str]
) -> None:
    """A report names the statement that admits the subject alone, and all claims of the other."""
    stack = declared(wanted)
    world = with_prod_trust(worlds.as_declared(stack), trust_of(live))
    (found,) = compare(stack, world)
    for shown_text, text in zip(shown(found), texts, strict=True):
        assert shown_text.startswith(text)
        assert not shown_text.endswith("…")
        assert "also" not in shown_text or shown_text.endswith("repository_owner_id 1")


@pytest.mark.parametrize(
    ("sent", "wanted", "live", "expected"),
    [
        (CLASSIC, "both", "auto", "neutral"),
        (CLASSIC, "auto", "both", "neutral"),
        (IMMUTABLE, "both", "auto", "stronger"),
        (IMMUTABLE, "auto", "both", "weaker"),
        (IMMUTABLE, "immutable", "both", "weaker"),
        (IMMUTABLE, "both", "classic", "neutral"),
    ],
)
@pytest.mark.parametrize("more", [SUBJECT, PINNED], ids=["subject", "pinned"])
def test_a_subject_without_ids_is_weaker_than_one_with_them(
    sent: str, wanted: str, live: str, expected: str, more: dict[str, Any]
) -> None:
    """The name alone may become another repository's; the same name with ids never does.

    So to open a window for ids weakens nothing, and to close it makes the role stronger.
    """
    policy = trust_of({"subject": live, **more}, sent)
    assert found({"subject": wanted, **more}, policy, sent) == [("role/trust", expected)]


@pytest.mark.parametrize(
    "claim", ["repository_id", "repository_owner_id", "environment", "ref", "job_workflow_ref"]
)
def test_a_live_policy_without_one_claim_is_weaker(claim: str) -> None:
    """A claim that was removed, widened or replaced by a pattern by hand is a weaker trust."""
    for change in ("removed", "widened", "pattern"):
        policy = json.loads(json.dumps(trust_of(PINNED)))
        condition = policy["Statement"][0]["Condition"]
        value = condition["StringEquals"].pop(f"{ISSUER}:{claim}")
        if change == "widened":
            condition["StringEquals"][f"{ISSUER}:{claim}"] = [value, "other"]
        elif change == "pattern":
            condition["StringLike"] = {f"{ISSUER}:{claim}": "*"}
        assert found(PINNED, policy) == [("role/trust", "weaker")]


def test_a_repository_that_took_the_name_is_weaker() -> None:
    """A role that is pinned to another repository's id opens for that one, not for this one."""
    policy = json.loads(json.dumps(trust_of(PINNED)).replace('"7"', '"8"'))
    assert found(PINNED, policy) == [("role/trust", "weaker")]


def test_the_subject_that_github_sends_is_named_beside_another_repositorys() -> None:
    """A declared trust of several statements has no one subject: the sent one is told."""
    stack = declared(KEPT)
    live = trusting("repo:acme@1/billing@6:environment:prod")
    world = with_prod_trust(worlds.as_declared(stack, subject_prefix=IMMUTABLE), live)
    (told,) = compare(stack, world)
    assert (told.rule, told.declared) == ("role/other_repository", f"{IMMUTABLE}:environment:prod")


@pytest.mark.parametrize(
    ("trust", "direction"), [(SUBJECT, "neutral"), (KEPT, "neutral"), (PINNED, "weaker")]
)
def test_another_role_that_compares_the_subject_alone_is_weaker_than_pinned(
    trust: dict[str, Any], direction: str
) -> None:
    """Another role with the declared subject admits no more, unless the declared one is pinned."""
    stack = declared(trust)
    world = worlds.as_declared(stack)
    (made,) = world.accounts[PROD].roles.values()
    other = replace(
        made, name="ci", arn=f"arn:aws:iam::{PROD}:role/ci", tags={}, trust=trust_of(SUBJECT)
    )
    roles = {**world.accounts[PROD].roles, "ci": other}
    (told,) = compare(stack, worlds.with_account(world, PROD, roles=roles))
    assert (told.rule, told.direction.value) == ("role/other_trust", direction)


def test_a_pattern_is_only_weaker_in_both_forms() -> None:
    """A pattern that was written for the name is wider than the declared subject, not narrower."""
    stack = declared(SUBJECT)
    world = with_prod_trust(worlds.as_declared(stack), like("repo:acme/billing:*"))
    (told,) = compare(stack, world)
    assert (told.direction.value, told.both_ways) == ("weaker", False)


def test_a_form_that_github_no_longer_sends_is_a_finding() -> None:
    """The role is as declared, and yet no job can assume it: a person must change the declaration.

    So is a template that needs literal branches, where a pattern is declared.
    """
    stack = declared({"subject": "classic"})
    world = worlds.as_declared(stack, subject_prefix=IMMUTABLE)
    (told,) = compare(stack, world)
    assert (told.rule, told.repair) == ("repository/subject_form", Repair.HAND)
    assert (told.declared, told.live) == ("classic in prod", IMMUTABLE)
    wild = worlds.stack()
    (told,) = compare(wild, worlds.as_declared(wild, subject_claims=("repo", "context", "ref")))
    assert (told.rule, told.live) == ("repository/subject_claims", "repo, context, ref")


def test_a_template_that_is_followed_is_no_finding() -> None:
    """The role has the template's subject; one that cannot be followed is reported."""
    stack = declared(SUBJECT)
    template = ("repository_id", "context", "job_workflow_ref")
    world = worlds.as_declared(stack, subject_claims=template)
    (prod,) = world.accounts[PROD].roles.values()
    file = "acme/billing/.github/workflows/python-prd.yml@refs/heads/main"
    assert (
        prod.trust["Statement"][0]["Condition"]["StringEquals"][f"{ISSUER}:sub"]
        == f"repository_id:7:environment:prod:job_workflow_ref:{file}"
    )
    assert list(compare(stack, world)) == []
    (told,) = compare(stack, worlds.as_declared(stack, subject_claims=("repo", "actor")))
    assert (told.rule, told.repair) == ("repository/subject_claims", Repair.HAND)
