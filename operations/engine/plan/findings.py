"""Read findings from `pulumi preview --refresh --json`: what the next `up` would change."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from components.objects import kinds
from components.objects.kind import Key
from operations.diff.finding import Direction, Finding, Repair
from operations.engine.plan.values import in_words
from operations.engine.steps import LISTS, Step, object_of, plan_steps, repository_of

#: Properties of a file that GitHub does not return, so an import leaves them out of the state.
_UNREAD: Final = {field.property for field in kinds.WORKFLOW.fields if not field.imported}
_CAPITAL: Final = re.compile("(?<=[a-z0-9])(?=[A-Z])")


def preview_findings(plan: Mapping[str, Any], roles: Mapping[str, str]) -> Iterator[Finding]:
    """The plan's changes, as differences between the declaration and the live world.

    Args:
        plan: the JSON of `pulumi preview --refresh --json`.
        roles: declared name of the repository by its roles' names in lower case.
    """
    for step in plan_steps(plan):
        yield from step_findings(step, roles)


def step_findings(step: Step, roles: Mapping[str, str]) -> Iterator[Finding]:
    """The changes of one step."""
    repository = repository_of(step, roles)
    fields = _fields(step)
    if _is_moved(step):
        former = f"{step.old['repository']} in the state"
        text = ("name", str(step.new["repository"]), former)
        yield _finding(repository, kinds.REPOSITORY.at(), text, "update")
        is_branch = step.type == kinds.BRANCH.type
        fields = () if is_branch else tuple(field for field in fields if field != "repository")
    if step.type == kinds.BRANCH_POLICY.type and step.op == "update":
        yield from _moved_pattern(repository, step)
        return
    if step.type in LISTS:
        yield from _listed(repository, step)
        return
    name = object_of(step)
    if step.op == "create":
        # The object may exist on GitHub or AWS: only the comparison with the live world knows.
        yield _finding(repository, name, ("", "there", "not in the state"), step.op)
    elif step.op == "delete":
        yield _finding(repository, name, ("", "", "there"), step.op)
    elif fields == ("",):
        # The engine gives no reason: a provider was replaced, or the user asked for it.
        again = "made again" if step.op == "replace" else "written again"
        yield _finding(repository, name, ("", again, "there"), step.op)
    else:
        for field in fields:
            key = field.partition("[")[0].partition(".")[0]
            texts, diff = in_words(key, step.new.get(key), step.old.get(key))
            found = _finding(repository, name, (_declared_name(name, key), *texts), step.op)
            yield replace(found, diff=diff)


def _finding(
    repository: str,
    key: Key,
    text: tuple[str, str, str],
    op: str,
    direction: Direction = Direction.NEUTRAL,
) -> Finding:
    """A finding that `up` repairs; `text` is the field, its declared and its live value."""
    return Finding(repository, key, *text, direction, Repair.UP, f"plan/{op}")


def _declared_name(key: Key, property_: str) -> str:
    """The declaration's name for a property of the provider's resource.

    A property that no declaration has is spelled as the others: `name_prefix`.
    """
    for field in key.kind.fields:
        if field.property == property_:
            return field.name
    for part, input_ in key.kind.inputs.items():
        if input_ == property_:
            return part
    return _CAPITAL.sub("_", property_).lower()


def _fields(step: Step) -> tuple[str, ...]:
    """The properties that differ.

    Properties of a file that GitHub does not return are one commit: they are shown as its message,
    or not at all if the content differs as well.
    """
    shown = step.fields
    if step.type == kinds.WORKFLOW.type:
        shown = tuple(field for field in step.fields if field not in _UNREAD)
        if len(shown) < len(step.fields) and "content" not in shown:
            shown += ("commitMessage",)
    return shown or ("",)


def _is_moved(step: Step) -> bool:
    """True if the object stays in its repository and the repository has another name now."""
    old, new = step.old.get("repository"), step.new.get("repository")
    return bool(old and new) and old != new


def _moved_pattern(repository: str, step: Step) -> Iterator[Finding]:
    """An edited pattern of a policy: the declared one is missing and the live one is extra."""
    for kind in kinds.BY_TYPE[step.type]:
        named = kind.inputs["pattern"]
        declared, live = ({str(state.get(named) or "")} - {""} for state in (step.new, step.old))
        environment = str(step.inputs["environment"])
        for pattern in (*(declared - live), *(live - declared)):
            place, missing = (repository, kind.at(environment, pattern)), pattern in declared
            yield _missing_or_extra(*place, pattern, missing=missing)


def _missing_or_extra(repository: str, key: Key, shown: str, *, missing: bool) -> Finding:
    text = ("", shown, "") if missing else ("", "", shown)
    direction = Direction.STRONGER if missing else Direction.WEAKER
    return _finding(repository, key, text, "update", direction)


def _listed(repository: str, step: Step) -> Iterator[Finding]:
    """Policies that a role lacks, or has in addition.

    If the list itself is new to the state, the plan does not know which policies it will remove.
    The comparison with the live world reports these.
    """
    if step.op != "update":
        return
    list_ = LISTS[step.type]
    assert list_.lists is not None
    named = list_.field("policies").property
    role = str(step.inputs[list_.inputs["role"]])
    declared, live = (set(state.get(named) or ()) for state in (step.new, step.old))
    for policy in sorted(declared ^ live):
        place, missing = (repository, list_.lists.at(role, policy)), policy in declared
        yield _missing_or_extra(*place, "there", missing=missing)
