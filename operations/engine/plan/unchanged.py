"""Tell whether an update within a plan would change nothing, not even Pulumi's state.

Such an update starts the program and the plugins again and compares each resource once more: a
quarter of a run's time. Pulumi's preview does not list resources that stay as they are, so the
saved plan is compared with the state, field by field as Pulumi does before it writes a state
(pulumi 3.256, pkg/backend/snapshot.go, `mustWrite`). A plan does not have `retainOnDelete` and
`deletedWith`: these are compared with the declaration and the table of kinds.

Any doubt is a change: the update then runs.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from components.objects.kind import Place
from components.objects.kinds import BY_TYPE
from operations.engine.stack_state import Export, resources
from operations.engine.steps import Step, object_of, repository_of

#: Names of inputs that the provider has filled in. An import and a program may disagree about them.
_DEFAULTS: Final = "__defaults"
#: A resource's options that both a plan and a state have, under the same name.
_OPTIONS: Final = (
    *("parent", "protect", "dependencies", "provider", "propertyDependencies"),
    *("ignoreChanges", "additionalSecretOutputs", "customTimeouts"),
)
#: Marks in a state of something that is not finished.
_UNFINISHED: Final = ("delete", "initErrors", "pendingReplacement")


def changes_nothing(
    saved: Mapping[str, Any], export: Export, kept: Collection[Place], roles: Mapping[str, str]
) -> bool:
    """True if each resource of a state stays as it is, and the plan has no other.

    Args:
        saved: the plan's file, after `free_outputs`.
        export: the state of which the plan was made.
        kept: the declared objects that Pulumi is to leave in place.
        roles: declared name of the repository by its roles' names in lower case.
    """
    found, plans = resources(export), saved["resourcePlans"]
    if export["deployment"].get("pending_operations"):
        return False
    if len(found) != len(plans) or {one["urn"] for one in found} != plans.keys():
        return False
    return all(
        _stays(one, plans[one["urn"]]) and _is_kept_as_declared(one, kept, roles) for one in found
    )


def _stays(resource: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    """Whether inputs, outputs and options are those of the state."""
    goal = plan["goal"]
    if plan["steps"] != ["same"] or any(resource.get(mark) for mark in _UNFINISHED):
        return False
    if any(_in_order(goal.get(option)) != _in_order(resource.get(option)) for option in _OPTIONS):
        return False
    if not resource["custom"]:
        # `free_outputs` has freed the difference of these.
        return not goal["inputDiff"] and _same(plan.get("state"), resource.get("outputs"))
    return not goal["outputDiff"] and not any(
        name != _DEFAULTS for names in goal["inputDiff"].values() for name in names
    )


def _is_kept_as_declared(
    resource: Mapping[str, Any], kept: Collection[Place], roles: Mapping[str, str]
) -> bool:
    """Whether the state has the same fate for the object as the declaration."""
    type_, inputs = resource["type"], resource.get("inputs") or {}
    step = Step("same", resource["urn"], type_, {}, inputs, ())
    keeps = type_ in BY_TYPE and (repository_of(step, roles), object_of(step)) in kept
    deleted_with = any(kind.deleted_with for kind in BY_TYPE.get(type_, ()))
    return bool(resource.get("retainOnDelete")) is keeps and (
        bool(resource.get("deletedWith")) is deleted_with
    )


def _in_order(value: Any) -> Any:
    """A value whose lists, which are sets, are in one order; an empty one is none."""
    if isinstance(value, Mapping):
        return {name: _in_order(one) for name, one in value.items() if one} or None
    return sorted(value) if isinstance(value, list) and value else value or None


def _same(first: Any, second: Any) -> bool:
    return (first or {}) == (second or {})
