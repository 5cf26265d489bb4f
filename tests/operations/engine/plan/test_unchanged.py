"""An update is left out only if it would change neither an object nor Pulumi's state."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from components.objects.kind import Place
from components.objects.kinds import BRANCH_POLICY, ENVIRONMENT
from operations.engine.plan.unchanged import changes_nothing

URN = "urn:pulumi:s::slipway::"
STACK = f"{URN}pulumi:pulumi:Stack::slipway-s"
PROVIDER = f"{URN}pulumi:providers:github::github"
COMPONENT = f"{URN}slipway:index:OnboardedRepository::invoices"
ENVIRONMENT_URN = f"{URN}{ENVIRONMENT.type}::invoices-dev"
POLICY_URN = f"{URN}{BRANCH_POLICY.type}::invoices-dev-main"
DEV: Place = ("invoices", ENVIRONMENT.at("dev"))
State = dict[str, dict[str, Any]]
Change = Callable[[State, State], None]


def state() -> State:
    """A state by URN: a component with outputs, a provider, and an environment with a policy."""
    policy = {"repository": "invoices", "environment": "dev", "branchPattern": "main"}
    environment = {"repository": "invoices", "environment": "dev", "__defaults": ["waitTimer"]}
    provider = f"{PROVIDER}::id"
    return {
        STACK: {"custom": False, "type": "pulumi:pulumi:Stack", "outputs": {"invoices": {"a": 1}}},
        PROVIDER: {"custom": True, "type": "pulumi:providers:github", "inputs": {"owner": "acme"}},
        COMPONENT: {"custom": False, "type": "slipway:index:OnboardedRepository", "parent": STACK},
        ENVIRONMENT_URN: {
            "custom": True,
            "type": ENVIRONMENT.type,
            "inputs": environment,
            "parent": COMPONENT,
            "provider": provider,
            "retainOnDelete": True,
            "ignoreChanges": ["sourceBranch"],
        },
        POLICY_URN: {
            "custom": True,
            "type": BRANCH_POLICY.type,
            "inputs": policy,
            "parent": COMPONENT,
            "provider": provider,
            "dependencies": [ENVIRONMENT_URN, PROVIDER],
            "propertyDependencies": {"environment": [ENVIRONMENT_URN], "branchPattern": None},
            "deletedWith": ENVIRONMENT_URN,
        },
    }


def plans(resources: State) -> State:
    """A saved plan that leaves each resource of a state as it is."""
    found = {}
    for urn, one in deepcopy(resources).items():
        outputs, inputs = one.pop("outputs", None), one.pop("inputs", None)
        options = {
            name: value
            for name, value in one.items()
            if name not in {"retainOnDelete", "deletedWith"}
        }
        if "dependencies" in options:
            options["dependencies"].reverse()
        more = {"protect": False, "customTimeouts": {}, "inputDiff": {}, "outputDiff": {}}
        plan = {
            "goal": options | more,
            "steps": ["same"],
            "state": outputs if inputs is None else {},
        }
        found[urn] = plan
    return found


def left_out(change: Change | None = None, kept: frozenset[Place] = frozenset({DEV})) -> bool:
    """Whether the update is left out after a change of the plans and the state."""
    found = state()
    saved = plans(found)
    if change:
        change(saved, found)
    listed = [{"urn": urn, **one} for urn, one in found.items()]
    export: dict[str, Any] = {"deployment": {"resources": listed}}
    return changes_nothing({"resourcePlans": saved}, export, kept, {})


def test_a_plan_that_changes_nothing() -> None:
    """The order of dependencies does not matter, nor does which inputs are defaults."""
    assert left_out()

    def other_defaults(saved: State, _: State) -> None:
        saved[ENVIRONMENT_URN]["goal"]["inputDiff"] = {"updates": {"__defaults": []}}

    assert left_out(other_defaults)


def _goal(urn: str, **options: Any) -> Change:
    return lambda saved, _: saved[urn]["goal"].update(options)


def _found(urn: str, **options: Any) -> Change:
    return lambda _, found: found[urn].update(options)


@pytest.mark.parametrize(
    "change",
    [
        _goal(ENVIRONMENT_URN, inputDiff={"adds": {"waitTimer": 5}}),
        _goal(ENVIRONMENT_URN, inputDiff={"updates": {"__defaults": []}, "deletes": ["wait"]}),
        _goal(COMPONENT, inputDiff={"updates": {"__defaults": []}}),
        _goal(ENVIRONMENT_URN, outputDiff={"updates": {"waitTimer": 5}}),
        _goal(POLICY_URN, parent=STACK),
        _goal(POLICY_URN, protect=True),
        _goal(POLICY_URN, dependencies=[PROVIDER]),
        _goal(POLICY_URN, provider=f"{PROVIDER}::other"),
        _goal(POLICY_URN, propertyDependencies={"environment": []}),
        _goal(ENVIRONMENT_URN, ignoreChanges=[]),
        _goal(PROVIDER, additionalSecretOutputs=["token"]),
        _goal(ENVIRONMENT_URN, customTimeouts={"create": 60}),
        _found(POLICY_URN, protect=True),
        _found(ENVIRONMENT_URN, retainOnDelete=False),
        _found(POLICY_URN, retainOnDelete=True),
        _found(COMPONENT, retainOnDelete=True),
        _found(POLICY_URN, deletedWith=""),
        _found(ENVIRONMENT_URN, deletedWith=COMPONENT),
        _found(STACK, outputs={"invoices": {"a": 2}}),
        _found(COMPONENT, outputs={"files": []}),
        _found(POLICY_URN, delete=True),
        _found(POLICY_URN, initErrors=["timeout"]),
        _found(POLICY_URN, pendingReplacement=True),
        lambda saved, _: saved[PROVIDER].update({"steps": ["update"]}),
        lambda saved, _: saved[PROVIDER].update({"steps": ["read"]}),
        lambda saved, _: saved.pop(POLICY_URN),
        lambda _, found: found.pop(POLICY_URN),
        lambda saved, _: saved.update({POLICY_URN + "2": saved.pop(POLICY_URN)}),
    ],
)
def test_any_difference_lets_the_update_run(change: Change) -> None:
    """An input, an output, an option, a step, an unfinished resource or another resource."""
    assert not left_out(change)


def test_another_fate_lets_the_update_run() -> None:
    """The declaration decides whether an object stays when it is not declared any more."""
    assert not left_out(kept=frozenset())
    policy = ("invoices", BRANCH_POLICY.at("dev", "main"))
    assert not left_out(kept=frozenset({DEV, policy}))


def test_a_resource_twice_or_pending_lets_the_update_run() -> None:
    """A state may have a former resource of the same URN, and operations of a killed run."""
    found = state()
    listed = [{"urn": urn, **one} for urn, one in found.items()]
    deployment: dict[str, Any] = {"resources": listed}
    saved = {"resourcePlans": plans(found)}
    assert changes_nothing(saved, {"deployment": deployment}, {DEV}, {})
    twice = {"resources": [*listed, listed[-1]]}
    assert not changes_nothing(saved, {"deployment": twice}, {DEV}, {})
    pending = deployment | {"pending_operations": [{"resource": listed[-1], "type": "creating"}]}
    assert not changes_nothing(saved, {"deployment": pending}, {DEV}, {})
