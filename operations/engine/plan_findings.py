"""Read findings from `pulumi preview --refresh --json`: what the next `up` would change."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from components.objects import kinds
from operations.diff.finding import Direction, Finding, Repair
from operations.engine.steps import LISTS, Step, object_of, plan_steps, repository_of

#: Properties that GitHub does not tell of a file, so that an import leaves them out of the state.
_UNREAD: Final = {field.property for field in kinds.WORKFLOW.fields if not field.imported}
_SHOWN: Final = 300
#: How a preview writes what is known only once it is done (pulumi: sdk/go/common/resource/plugin).
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

#: The declaration's words for properties of the providers' resources.
_FIELDS: Final = {
    field.property: field.name for kind in kinds.KINDS for field in kind.fields if field.property
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
        place = (repository, kinds.REPOSITORY.at())
        yield Finding(*place, *text, Direction.NEUTRAL, Repair.UP, "plan/update")
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
    if step.type == kinds.WORKFLOW.type:
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
    for kind in kinds.BY_TYPE[step.type]:
        named = kind.inputs["pattern"]
        declared, live = (str(state.get(named) or "") for state in (step.new, step.old))
        for pattern, there in ((declared, False), (live, True)):
            if pattern and declared != live:
                yield Finding(
                    repository,
                    kind.at(environment, pattern),
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
    if step.op != "update":
        return
    list_ = LISTS[step.type]
    assert list_.lists is not None
    named = list_.field("policies").property
    role = str(step.inputs[list_.inputs["role"]])
    declared, live = (set(state.get(named) or ()) for state in (step.new, step.old))
    for policy in sorted(declared ^ live):
        missing = policy in declared
        yield Finding(
            repository,
            list_.lists.at(role, policy),
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
