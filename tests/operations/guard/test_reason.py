"""Identifiers of reasons, and what consent to some of them covers."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from components.documents.delivery import blob_id
from operations.diff.compare import compare
from operations.diff.finding import Direction, Finding, Repair
from operations.diff.merge import merge
from operations.engine.plan.findings import preview_findings
from operations.guard.judgement import reasons_against
from operations.guard.reason import ALL, Consent, Reason, consent, joined
from operations.live.observed import ObservedWorkflow
from tests.operations.diff import worlds
from tests.operations.guard.plans import FILE, ROLES, VARIABLE, several, step
from tests.operations.keys import key

POLICY = "aws:iam/rolePolicy:RolePolicy"

REASONS = st.lists(
    st.builds(Reason, st.just("s"), st.text(), st.tuples(st.text())), max_size=6, unique=True
)


@given(REASONS, st.data())
def test_consent_is_complete_or_refused(reasons: list[Reason], data: st.DataObject) -> None:
    """Only consent to each reason, and to nothing else, lets a plan pass."""
    chosen = data.draw(st.lists(st.sampled_from(reasons), unique=True)) if reasons else []
    other = data.draw(st.booleans())
    given_ = consent([joined(chosen)] * bool(chosen) + ["000000000000"] * other)
    verdict = given_.judged(reasons)
    assert verdict.consented is (set(chosen) == set(reasons) and not other)
    assert given_.covers(chosen)
    lines = list(verdict.lines())
    for one in reasons:
        mark = "accepted " if one in chosen else ""
        assert f"  {mark}{one.identifier}  {one.text}" in lines
    assert ("  000000000000 is no reason of this plan" in lines) is other


@given(REASONS)
def test_all_is_consent_to_each_reason(reasons: list[Reason]) -> None:
    """`all`, the meaning of the option without a value, accepts what the run lists."""
    assert consent([ALL]) == Consent(everything=True)
    assert consent([ALL]).judged(reasons).consented
    assert consent([ALL]).covers(reasons)
    assert not Consent().judged([*reasons, Reason("s", "x")]).consented


@given(st.builds(Reason, st.text(), st.text(), st.lists(st.text()).map(tuple)))
def test_an_identifier_is_of_one_reason(reason: Reason) -> None:
    """Another stack, text or bound value gives another identifier; the same give the same."""
    assert reason.identifier == replace(reason).identifier
    others = [
        replace(reason, stack=f"{reason.stack}x"),
        replace(reason, text=f"{reason.text}x"),
        replace(reason, bound=(*reason.bound, "")),
        replace(reason, stack="", text=reason.stack + reason.text),
    ]
    assert all(one.identifier != reason.identifier for one in others if one != reason)


def lost(*names: str) -> dict[str, Any]:
    """A plan that deletes these variables of billing."""
    place = {"repository": "billing", "environment": "dev"}
    steps = [step("delete", VARIABLE, **place, variableName=name) for name in names]
    named = zip(steps, names, strict=True)
    return {"steps": [one | {"urn": f"{one['urn']}-{name}"} for one, name in named]}


def test_the_number_of_losers_binds_what_they_lose() -> None:
    """The text names repositories only: consent to one loss is none to another loss."""
    stack = several(2)
    world = worlds.as_declared(worlds.stack())
    plans = [lost("A"), lost("A", "B"), lost("A")]
    first, more, again = (reasons_against(stack, one, world, [], ROLES)[0] for one in plans)
    assert first.text == more.text
    assert first.identifier != more.identifier
    assert first.identifier == again.identifier


def test_consent_to_a_change_is_bound_to_its_new_value() -> None:
    """The same words about another value of the same object are another reason."""
    stack, world = worlds.stack(), worlds.as_declared(worlds.stack())
    finding = Finding(
        "billing",
        key("role acme.billing-prod, inline policy own"),
        "",
        "another document",
        "a document",
        Direction.STRONGER,
        Repair.UP,
        "role/inline_policy",
    )
    reasons = []
    for document in ("{}", '{"Action": "*"}', "{}"):
        own = {"role": "acme.billing-prod", "name": "own", "policy": document}
        plan = {"steps": [step("update", POLICY, "policy", **own)]}
        reasons += reasons_against(stack, plan, world, [finding], ROLES)
    first, other, again = reasons
    assert first.text == other.text
    assert first.identifier == again.identifier != other.identifier


def test_consent_to_overwrite_is_bound_to_both_files() -> None:
    """A file that its owner edits after the consent is not overwritten by it."""
    stack, path = worlds.stack(), ".github/workflows/python-prd.yml"
    identifiers = []
    for live, new in (("a", "x"), ("b", "x"), ("a", "y"), ("a", "x")):
        there = ObservedWorkflow(blob_id(live), live)
        world = worlds.with_workflow(worlds.as_declared(stack), "main", "python-prd.yml", there)
        made = step("create", FILE, repository="billing", file=path, content=new)
        made["urn"] = f"urn:pulumi:s::p::{FILE}::billing-python-prd.yml:main"
        plan = {"steps": [made]}
        findings = merge(compare(stack, world), preview_findings(plan, ROLES))
        reasons = reasons_against(stack, plan, world, findings, ROLES)
        identifiers += [one.identifier for one in reasons if "be overwritten" in one.text]
    assert identifiers[0] == identifiers[3]
    assert len(set(identifiers)) == 3
