"""Read findings from `pulumi preview --refresh --json`: what the next `up` would change.

Shapes as of pulumi 3.256: `steps`, each with `op`, `urn`, `oldState` (after the refresh: what is
live), `newState` (what the program declares) and `diffReasons`. Values of secrets are `[secret]`
there and stay so.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.drifting import objects
from operations.drifting.finding import Direction, Finding, Repair

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
#: What GitHub does not tell of a file, so that after an import the state has none of it.
_UNREAD: Final = {"commitMessage", "overwriteOnCreate"}
_SHOWN: Final = 300
#: How a preview writes what is known only once it is done (pulumi: sdk/go/common/resource/plugin).
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

#: The declaration's words for properties of the providers' resources.
_FIELDS: Final = {
    "assumeRolePolicy": "trust",
    "canAdminsBypass": "admin_bypass",
    "clientIdLists": "audiences",
    "commitMessage": "commit",
    "deploymentBranchPolicy": "deployment_branches",
    "maxSessionDuration": "max_session_seconds",
    "permissionsBoundary": "permissions_boundary",
    "policy": "document",
    "preventSelfReview": "prevent_self_review",
    "waitTimer": "wait_minutes",
}

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
        if op == "delete" and retained:  # Pulumi only forgets it
            continue
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


def preview_findings(plan: Mapping[str, Any], roles: Mapping[str, str]) -> Iterator[Finding]:
    """What a plan would change, said as what is different now.

    Args:
        plan: the JSON of `pulumi preview --refresh --json`.
        roles: declared name of the repository by its roles' names in lower case.
    """
    for step in plan_steps(plan):
        repository = repository_of(step, roles)
        fields = _fields(step)
        if _is_moved(step):
            text = ("name", str(step.new["repository"]), f"{step.old['repository']} in the state")
            place = (repository, objects.REPOSITORY)
            yield Finding(*place, *text, Direction.NEUTRAL, Repair.UP, "plan/update")
            fields = () if step.type == _BRANCH else tuple(f for f in fields if f != "repository")
        if step.type == _POLICY and step.op == "update":
            yield from _moved_pattern(repository, step)
            continue
        name = object_of(step)
        if step.op == "create":
            # It may be live: the observer says what is not.
            text, direction = ("", "there", "not in the state"), Direction.NEUTRAL
            yield Finding(repository, name, *text, direction, Repair.UP, "plan/create")
        elif step.op == "delete":
            text, direction = ("", "", "there"), Direction.NEUTRAL
            yield Finding(repository, name, *text, direction, Repair.UP, "plan/delete")
        else:
            for field in fields:
                key = field.partition("[")[0].partition(".")[0]
                declared, live = _text(step.new.get(key)), _text(step.old.get(key))
                word, rule = _FIELDS.get(key, key), f"plan/{step.op}"
                yield Finding(
                    repository, name, word, declared, live, Direction.NEUTRAL, Repair.UP, rule
                )


def _fields(step: Step) -> tuple[str, ...]:
    """The properties that differ; what GitHub does not tell of a file is one commit, or a part."""
    told = step.fields
    if step.type == _FILE:
        told = tuple(field for field in step.fields if field not in _UNREAD)
        if len(told) < len(step.fields) and "content" not in told:
            told += ("commitMessage",)
    return told or ("",)


def _is_moved(step: Step) -> bool:
    """Whether the object stays in its repository, which has another name now."""
    old, new = step.old.get("repository"), step.new.get("repository")
    return bool(old and new) and old != new


def _moved_pattern(repository: str, step: Step) -> Iterator[Finding]:
    """A policy whose pattern was edited: one pattern is gone and another is there."""
    environment = str(step.inputs["environment"])
    for kind in ("branch", "tag"):
        declared, live = (str(s.get(f"{kind}Pattern") or "") for s in (step.new, step.old))
        for pattern, there in ((declared, False), (live, True)):
            if pattern and declared != live:
                yield Finding(
                    repository,
                    objects.branch_policy(environment, kind, pattern),
                    "",
                    "" if there else pattern,
                    pattern if there else "",
                    Direction.WEAKER if there else Direction.STRONGER,
                    Repair.UP,
                    "plan/update",
                )


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


_POLICY: Final = (
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
)
_BRANCH: Final = "github:index/branch:Branch"
_FILE: Final = "github:index/repositoryFile:RepositoryFile"
_OIDC_PROVIDER: Final = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
_NAMED: Final[dict[str, Callable[[State], str]]] = {
    "github:index/repositoryEnvironment:RepositoryEnvironment": _environment,
    _POLICY: _branch_policy,
    "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable": _variable,
    "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret": _secret,
    _BRANCH: lambda given: objects.branch(str(given["branch"])),
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _inline_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _managed_policy,
}


def object_of(step: Step) -> str:
    """The object in the words that all findings share."""
    if step.type == _FILE:
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
    role = str(given.get("role") or given.get("name") or "")
    if role.lower() in roles:
        return roles[role.lower()]
    # A role that nobody declares any more: slipway's own names say whose it was.
    found = re.fullmatch(r"[^.]+\.(.+)-(?:dev|test|prod)", role)
    return found[1] if found else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    if value == _UNKNOWN:
        return "known after up"
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
