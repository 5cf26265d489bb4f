from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from operations.diff.compare import compare
from operations.diff.finding import Finding
from operations.diff.merge import merge
from operations.engine.plan.findings import preview_findings
from operations.engine.steps import Step
from operations.guard.waivers import repaired_places, to_judge, unfinished_places
from operations.live.observed import Observed
from tests.operations.diff import worlds
from tests.operations.guard.plans import ENVIRONMENT, ROLE, ROLES, step, texts_against
from tests.operations.keys import key

POLICY = "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
HOTFIX = ("billing", key("environment prod, branch policy hotfix/*"))


def creation(environment: str) -> Step:
    """Return a plan's step that would let hotfix/* deploy."""
    inputs = {"repository": "billing", "environment": environment, "branchPattern": "hotfix/*"}
    return Step("create", "urn:pulumi:s::p::t::n", POLICY, {}, inputs, ())


KNOWN = datetime(2026, 11, 1, 12, 0, 30, tzinfo=UTC)


def state(*roles: str, **known: Any) -> dict[str, Any]:
    """Return a state with these roles, which has the repository since KNOWN, or as given."""
    made: list[dict[str, Any]] = [
        {"urn": name, "type": ROLE, "inputs": {"name": name}} for name in roles
    ]
    kind = "slipway:index:OnboardedRepository"
    urn, since = f"urn:pulumi:s::slipway::{kind}::billing", "2026-11-01T12:00:30.123456789Z"
    repository = {"urn": urn, "type": kind, "created": since, **known}
    return {"deployment": {"resources": [*made, repository]}}


def made_at(prod: datetime | None) -> Observed:
    """Return the world as declared, whose prod was created then."""
    return worlds.with_environment(worlds.as_declared(worlds.stack()), "prod", created=prod)


def test_a_pattern_is_new_only_while_the_environment_has_no_role() -> None:
    """A new pattern needs no consent while the environment has no role in the state."""
    half_done = state("acme.billing-dev", "ACME.billing-test")
    steps = [creation("dev"), creation("test"), creation("prod")]
    steps.append(
        replace(creation("prod"), op="update", new={**creation("prod").new, "branchPattern": "x"})
    )
    world = made_at(KNOWN)
    assert unfinished_places(steps, half_done, worlds.stack(), world) == {HOTFIX}


def test_an_adopted_or_shared_environment_is_finished() -> None:
    """A new pattern of an environment that was adopted or has foreign contents needs consent."""
    stack, world = worlds.stack(), made_at(KNOWN + timedelta(hours=1))
    live = world.repositories["billing"]
    assert live is not None
    prod = live.environments["prod"]

    def new(observed: Observed, before: dict[str, Any]) -> bool:
        return bool(unfinished_places([creation("prod")], before, stack, observed))

    assert new(world, state())
    assert new(made_at(KNOWN), state()), "GitHub's times have seconds"
    for older in (KNOWN - timedelta(seconds=30), None):
        assert not new(made_at(older), state()), "it was there before slipway"
    unknown = state(type="x")
    assert not new(world, unknown), "Pulumi does not know the repository"
    args = ([creation("prod")], unknown, stack, world)
    assert unfinished_places(*args, KNOWN), "a killed run made it"
    assert not unfinished_places(*args, KNOWN + timedelta(hours=2)), "it is older than that run"
    for changed in (
        {"secrets": {**prod.secrets, "THEIRS": worlds.WRITTEN}},
        {"variables": {**prod.variables, "THEIRS": "1"}},
        {"variables": {**prod.variables, "LOG_LEVEL": "theirs"}},
        {"branches": {**prod.branches, "theirs": 9}},
        {"tags": {**prod.tags, "theirs": 9}},
    ):
        assert not new(worlds.with_environment(world, "prod", **changed), state()), changed
    gone = worlds.with_repository(world, environments={})
    assert new(gone, state())


def test_roles_of_one_name_must_all_have_their_former_inputs() -> None:
    """Roles of one name count as repaired only if none of them has other inputs than before."""
    inputs = {"name": "deployer", "permissionsBoundary": "x"}
    before = {
        "deployment": {
            "resources": [
                {"urn": "one", "type": ROLE, "inputs": inputs},
                {"urn": "gone", "type": ROLE, "inputs": inputs, "delete": True},
            ]
        }
    }
    roles = {"deployer": "billing"}
    one, other, gone = (Step("update", urn, ROLE, {}, inputs, ()) for urn in ("one", "two", "gone"))
    assert repaired_places([one], before, roles) == {("billing", key("role deployer"))}
    assert repaired_places([one, other], before, roles) == set()
    assert repaired_places([gone], before, roles) == set()


def test_a_reviewer_replaced_by_hand_is_repaired_without_consent() -> None:
    """The repair of a manually replaced reviewer needs no consent; a newly declared one does."""
    stack = worlds.stack()
    world = worlds.with_environment(worlds.as_declared(stack), "prod", users=frozenset({"hubot"}))
    place = {"repository": "billing", "environment": "prod"}
    plan = {"steps": [step("update", ENVIRONMENT, "reviewers", **place, reviewers=[1])]}
    steps = [
        Step("update", plan["steps"][0]["urn"], ENVIRONMENT, {}, {**place, "reviewers": [1]}, ())
    ]
    findings = merge(compare(stack, world), preview_findings(plan, ROLES))

    def reasons(found: list[Finding]) -> list[str]:
        return texts_against(stack, plan, world, found, ROLES)

    assert len(reasons(findings)) == 1
    for reviewers, count in {(1,): 0, (2,): 1}.items():
        inputs = {**place, "reviewers": list(reviewers), "__defaults": []}
        before = state()
        before["deployment"]["resources"] = [
            {"urn": steps[0].urn, "type": ENVIRONMENT, "inputs": inputs}
        ]
        repaired = repaired_places(steps, before, ROLES)
        assert len(reasons(to_judge(findings, (), repaired))) == count
    assert to_judge(findings, [("billing", key("environment prod"))], ()) == []
