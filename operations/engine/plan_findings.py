"""Read findings from `pulumi preview --refresh --json`: what the next `up` would change."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from operations.diff import objects
from operations.diff.finding import Direction, Finding, Repair
from operations.engine.steps import (
    BRANCH,
    FILE,
    LISTS,
    POLICY,
    Step,
    object_of,
    plan_steps,
    repository_of,
)

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


def preview_findings(plan: Mapping[str, Any], roles: Mapping[str, str]) -> Iterator[Finding]:
    """What a plan would change, said as what is different now.

    Args:
        plan: the JSON of `pulumi preview --refresh --json`.
        roles: declared name of the repository by its roles' names in lower case.
    """
    for step in plan_steps(plan):
        yield from step_findings(step, roles)


def step_findings(step: Step, roles: Mapping[str, str]) -> Iterator[Finding]:
    """What one step would change."""
    repository = repository_of(step, roles)
    fields = _fields(step)
    if _is_moved(step):
        text = ("name", str(step.new["repository"]), f"{step.old['repository']} in the state")
        place = (repository, objects.REPOSITORY)
        yield Finding(*place, *text, Direction.NEUTRAL, Repair.UP, "plan/update")
        fields = () if step.type == BRANCH else tuple(f for f in fields if f != "repository")
    if step.type == POLICY and step.op == "update":
        yield from _moved_pattern(repository, step)
        return
    if step.type in LISTS:
        yield from _listed(repository, step)
        return
    name = object_of(step)
    if step.op == "create":
        # It may be live: the observer says what is not.
        text, direction = ("", "there", "not in the state"), Direction.NEUTRAL
        yield Finding(repository, name, *text, direction, Repair.UP, "plan/create")
    elif step.op == "delete":
        text, direction = ("", "", "there"), Direction.NEUTRAL
        yield Finding(repository, name, *text, direction, Repair.UP, "plan/delete")
    else:
        if fields == ("",):
            # The engine does not say why: a provider was replaced, or the user asked for it.
            text = ("", "made again" if step.op == "replace" else "written again", "there")
            yield Finding(repository, name, *text, Direction.NEUTRAL, Repair.UP, f"plan/{step.op}")
            return
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
    if step.type == FILE:
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


def _listed(repository: str, step: Step) -> Iterator[Finding]:
    """Policies that a role has and should not have, or the other way round.

    Of a list that is new to the state no plan knows what it will remove: the observer does.
    """
    key, words = LISTS[step.type]
    if step.op != "update":
        return
    role = str(step.inputs["roleName"])
    declared, live = (set(state.get(key) or ()) for state in (step.new, step.old))
    for policy in sorted(declared ^ live):
        missing = policy in declared
        yield Finding(
            repository,
            words(role, policy),
            "",
            "there" if missing else "",
            "" if missing else "there",
            Direction.STRONGER if missing else Direction.WEAKER,
            Repair.UP,
            "plan/update",
        )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if value == _UNKNOWN:
        return "known after up"
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
