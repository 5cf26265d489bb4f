"""Take over objects that exist exactly as declared although Pulumi's state does not have them.

A killed run leaves such objects, and so does a state that was lost. They are imported, since GitHub
or AWS would refuse to create some of them again: variables (409), roles (EntityAlreadyExists). An
object that differs from its declaration is left out: a user may have made it, and
`operations.guard.refused_creations` or the user's consent to the plan decides. A role must have
slipway's tags, a provider of OIDC those of this stack.

Deliberately absent: secrets, whose values cannot be compared. The next step of the run writes them.
"""

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from components.model.stack import Stack
from components.objects.kind import Place
from components.objects.kinds import KINDS, ROLE, SECRET
from operations.adoption.importing import Imports, filled
from operations.engine.stack_state import Export, resources
from operations.engine.steps import Step, object_of, plan_steps, repository_of
from operations.live.observed import Observed

#: Inputs that an import does not read, by type.
_UNREAD: Final = {
    kind.type: {field.property for field in kind.fields if not (field.imported and field.live)}
    for kind in KINDS
    if kind.type and kind is not SECRET
}


def found_again(
    document: Mapping[str, Any],
    plan: Mapping[str, Any],
    stack: Stack,
    observed: Observed,
    differing: Collection[Place],
) -> Imports:
    """The objects to import.

    Args:
        document: the import file that Pulumi wrote with the plan.
        plan: the JSON of `pulumi preview --json`.
        stack: the declaration, resolved.
        observed: the live world.
        differing: places of the differences between both.
    """
    left = {step.urn for step in _left_out(list(plan_steps(plan)), stack, observed, differing)}
    steps = [step for step in plan["steps"] if step["urn"] not in left]
    return Imports(stack.name, filled(document, {**plan, "steps": steps}, stack, observed))


def completed(export: Export, plan: Mapping[str, Any]) -> Export:
    """The state after the import, with the declared inputs that an import does not read.

    The objects are as declared, so the next `up` would write them again for nothing: a file's
    message, for example, would become a second commit.

    Args:
        export: the state.
        plan: the one that would have created the objects.
    """
    after = deepcopy(export)
    planned = {step["urn"]: step for step in plan["steps"] if step["op"] == "create"}
    for resource in resources(after):
        step = planned.get(resource["urn"])
        given = step["newState"].get("inputs", {}) if step else {}
        for unread in _UNREAD.get(resource["type"], set()) & given.keys():
            resource["inputs"][unread] = resource["outputs"][unread] = given[unread]
            # The provider would apply it to the former outputs.
            resource["outputs"].pop("__pulumi_raw_state_delta", None)
    return after


def _left_out(
    steps: Collection[Step], stack: Stack, observed: Observed, differing: Collection[Place]
) -> Iterator[Step]:
    roles = stack.role_owners()
    foreign = {
        step.role.lower()
        for step in steps
        if step.type == ROLE.type and not _is_tagged(step, observed)
    }
    for step in steps:
        place = (repository_of(step, roles), object_of(step))
        if step.type == SECRET.type or place in differing or step.role.lower() in foreign:
            yield step


def _is_tagged(step: Step, observed: Observed) -> bool:
    """True if a live role of the name has the declared tags: slipway and the repository."""
    tags = step.new.get("tags") or {}
    found = [account.roles.get(step.role.lower()) for account in observed.accounts.values()]
    return bool(tags) and any(role and role.tags.items() >= tags.items() for role in found)
