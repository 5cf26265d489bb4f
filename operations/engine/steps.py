"""The steps of a plan, and the objects that they are about.

Shapes as of pulumi 3.256: `steps`, each with `op`, `urn`, `oldState` (after the refresh: what is
live), `newState` (what the program declares) and `diffReasons`. Values of secrets are `[secret]`
there and stay so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from components.objects import kinds
from components.objects.kind import Key
from components.objects.kinds import KINDS

#: Steps that change nothing outside Pulumi's state.
_QUIET: Final = {
    *("same", "refresh", "read", "read-replacement", "read-discard"),
    *("import", "import-replacement", "discard", "discard-replaced"),
}
#: Parts of a replacement; the step `replace` of the same resource stands for all of them.
_PARTS: Final = {"create-replacement", "delete-replaced", "remove-pending-replace"}
#: Properties that only configure the provider; no live object has them.
_NOT_LIVE: Final = {field.property for kind in KINDS for field in kind.fields if not field.live}
#: Computed properties, each redundant where its source property is reported.
_COMPUTED: Final = {
    output: field.property for kind in KINDS for field in kind.fields for output in field.computed
}
#: Kinds of resources that list all policies of a role.
LISTS: Final = {kind.type: kind for kind in KINDS if kind.lists}
#: Stands in a plan for a value that is known only after the update
#: (pulumi: sdk/go/common/resource/plugin).
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
State = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One step of a plan that changes something live.

    Attributes:
        op: Pulumi's name of the operation: create, update, replace or delete.
        urn: of the resource.
        type: its type token, such as `aws:iam/role:Role`.
        old: live inputs and outputs as one mapping; empty for a create.
        new: declared inputs; empty for a delete.
        fields: names of the properties that differ.
        retained: True if Pulumi leaves the live object in place when it deletes or replaces it.
    """

    op: str
    urn: str
    type: str
    old: State
    new: State
    fields: tuple[str, ...]
    retained: bool = False

    @property
    def name(self) -> str:
        """The last part of the URN: the resource's logical name."""
        return self.urn.split("::", 3)[3]

    @property
    def inputs(self) -> State:
        """Properties that identify the object: the declared ones, or the live ones of a delete."""
        return self.new or self.old

    @property
    def role(self) -> str:
        """Name of the role that an object of IAM's is, or belongs to."""
        given = self.inputs
        return str(given.get("role") or given.get("roleName") or given.get("name") or "")


def plan_steps(plan: Mapping[str, Any]) -> Iterator[Step]:
    """The steps of a preview's JSON that would change something live, components left out."""
    for step in plan.get("steps", ()):
        op, urn = step["op"], step["urn"]
        if op in _QUIET | _PARTS:
            continue
        old, new = step.get("oldState") or {}, step.get("newState") or {}
        kind = (new or old)["type"]
        if not (new or old).get("custom"):
            continue
        retained = bool(old.get("retainOnDelete"))
        # Pulumi only removes these from its state: AWS has no object for a list of policies.
        if op == "delete" and (retained or kind in LISTS):
            continue
        if op == "replace" and kind in LISTS:
            op = "update"
        before = {**old.get("inputs", {}), **old.get("outputs", {})}
        reasons = step.get("diffReasons") or ()
        fields = tuple(
            field
            for field in reasons
            if field not in _NOT_LIVE and _COMPUTED.get(field) not in reasons
        )
        if reasons and not fields:
            continue
        yield Step(op, urn, kind, before, new.get("inputs", {}), fields, retained)


def object_of(step: Step) -> Key:
    """The object that a step changes."""
    if step.type == kinds.WORKFLOW.type:
        # The logical name ends in `FILE:BRANCH`; the branch is no input where it is the default.
        file = str(step.inputs["file"]).rsplit("/", 1)[-1]
        return kinds.WORKFLOW.at(file, step.name.rpartition(f"{file}:")[2])
    if step.type == kinds.OIDC_PROVIDER.type:
        return kinds.OIDC_PROVIDER.at(step.name.removeprefix("oidc-"))
    for kind in kinds.BY_TYPE.get(step.type, ()):
        values = [str(step.inputs.get(name) or "") for name in kind.inputs.values()]
        if all(values):
            return kind.at(*values)
    return kinds.OTHER.at(step.type.rpartition(":")[2], step.name)


def repository_of(step: Step, roles: Mapping[str, str]) -> str:
    """Name of the repository that has the object; empty if the object belongs to an account."""
    if repository := step.inputs.get("repository") or step.inputs.get("baseRepository"):
        return str(repository)
    if step.role.lower() in roles:
        return roles[step.role.lower()]
    # The role is not declared any more, but slipway names roles after their repositories.
    parts = re.fullmatch(r"[^.]+\.(.+)-(?:dev|test|prod)", step.role)
    return parts[1] if parts else ""
