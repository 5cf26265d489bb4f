"""The steps of a plan, and the objects that they are about, in the words of findings.

Shapes as of pulumi 3.256: `steps`, each with `op`, `urn`, `oldState` (after the refresh: what is
live), `newState` (what the program declares) and `diffReasons`. Values of secrets are `[secret]`
there and stay so.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.diff import objects

#: Steps that change nothing outside Pulumi's state.
_QUIET: Final = {
    *("same", "refresh", "read", "read-replacement", "read-discard"),
    *("import", "import-replacement", "discard", "discard-replaced"),
}
#: Steps that are a part of a replacement, which another step stands for.
_PARTS: Final = {"create-replacement", "delete-replaced", "remove-pending-replace"}
#: What only tells the provider how to go about it.
_NOT_LIVE: Final = {"forceDetachPolicies"}
#: What AWS's provider makes of another property, which says it already.
_MADE_OF: Final = {"tagsAll": "tags"}
State = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One step of a plan that changes something live.

    Attributes:
        op: Pulumi's word for it: create, update, replace or delete.
        urn: of the resource.
        type: its type token, such as `aws:iam/role:Role`.
        old: live inputs and outputs as one mapping; empty for a create.
        new: declared inputs; empty for a delete.
        fields: names of the properties that differ.
        retained: whether Pulumi leaves what it deletes, or replaces, where it is.
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
        """What identifies the object: the declaration's word, or else the live one."""
        return self.new or self.old


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
        # Pulumi only forgets it; a list of a role's policies is no object of AWS's.
        if op == "delete" and (retained or kind in LISTS):
            continue
        if op == "replace" and kind in LISTS:
            op = "update"
        before = {**old.get("inputs", {}), **old.get("outputs", {})}
        reasons = step.get("diffReasons") or ()
        fields = tuple(
            field
            for field in reasons
            if field not in _NOT_LIVE and _MADE_OF.get(field) not in reasons
        )
        if reasons and not fields:
            continue
        yield Step(op, urn, kind, before, new.get("inputs", {}), fields, retained)


def _environment(given: State) -> str:
    return objects.environment(str(given["environment"]))


def _branch_policy(given: State) -> str:
    kind = "tag" if given.get("tagPattern") else "branch"
    return objects.branch_policy(
        str(given["environment"]), kind, str(given.get(f"{kind}Pattern") or "")
    )


def _variable(given: State) -> str:
    return objects.variable(str(given["environment"]), str(given["variableName"]).upper())


def _secret(given: State) -> str:
    return objects.secret(str(given["environment"]), str(given["secretName"]).upper())


def _role(given: State) -> str:
    return objects.role(str(given["name"]))


def _inline_policy(given: State) -> str:
    return objects.inline_policy(str(given["role"]), str(given["name"]))


def _managed_policy(given: State) -> str:
    return objects.managed_policy(str(given["role"]), str(given["policyArn"]))


def _inline_policies(given: State) -> str:
    return objects.inline_policies(str(given["roleName"]))


def _managed_policies(given: State) -> str:
    return objects.managed_policies(str(given["roleName"]))


POLICY: Final = (
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
)
BRANCH: Final = "github:index/branch:Branch"
FILE: Final = "github:index/repositoryFile:RepositoryFile"
_OIDC_PROVIDER: Final = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
_NAMED: Final[dict[str, Callable[[State], str]]] = {
    "github:index/repositoryEnvironment:RepositoryEnvironment": _environment,
    POLICY: _branch_policy,
    "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable": _variable,
    "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret": _secret,
    BRANCH: lambda given: objects.branch(str(given["branch"])),
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _inline_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _managed_policy,
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": _inline_policies,
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": _managed_policies,
}
#: Lists of all that a role has, by the name of the list and the words for one of it.
LISTS: Final[dict[str, tuple[str, Callable[[str, str], str]]]] = {
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": (
        "policyNames",
        objects.inline_policy,
    ),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": (
        "policyArns",
        objects.managed_policy,
    ),
}


def object_of(step: Step) -> str:
    """The object in the words that all findings share."""
    if step.type == FILE:
        # The logical name ends in `FILE:BRANCH`; the branch is no input where it is the default.
        file = str(step.inputs["file"]).rsplit("/", 1)[-1]
        return objects.workflow(file, step.name.rpartition(f"{file}:")[2])
    if step.type == _OIDC_PROVIDER:
        return objects.oidc_provider(step.name.removeprefix("oidc-"))
    if step.type in _NAMED:
        return _NAMED[step.type](step.inputs)
    return f"{step.type.rpartition(':')[2]} {step.name}"


def repository_of(step: Step, roles: Mapping[str, str]) -> str:
    """Whose object it is; empty for an account's."""
    given = step.inputs
    if repository := given.get("repository"):
        return str(repository)
    role = str(given.get("role") or given.get("roleName") or given.get("name") or "")
    if role.lower() in roles:
        return roles[role.lower()]
    # A role that nobody declares any more: slipway's own names say whose it was.
    found = re.fullmatch(r"[^.]+\.(.+)-(?:dev|test|prod)", role)
    return found[1] if found else ""
