"""Show a plan as lines, for the user who is asked whether to carry it out."""

from collections.abc import Iterator, Mapping, Sequence

from components.config.sanitize import visible
from operations.engine.plan_findings import step_findings
from operations.engine.steps import Step, object_of, repository_of
from operations.terminal.shorten import pair

#: Values are shown up to here.
_WIDTH = 200


def plan_lines(steps: Sequence[Step], roles: Mapping[str, str]) -> Iterator[str]:
    """The changes of each repository, and the properties that an update or replacement changes.

    The objects of accounts come first, then the repositories by name; the changes of one are in the
    plan's order.

    Args:
        steps: of the plan.
        roles: declared name of the repository by its roles' names in lower case.
    """
    groups: dict[str, list[Step]] = {}
    for step in steps:
        groups.setdefault(repository_of(step, roles), []).append(step)
    for repository, group in sorted(groups.items()):
        number = f"{len(group)} {'change' if len(group) == 1 else 'changes'}"
        yield visible(f"    {repository or 'accounts'}: {number}")
        for step in group:
            # A retained object is removed from the state here and imported at its new place.
            word = "take over" if step.retained else step.op
            yield visible(f"      {word} {object_of(step)}")
            if step.op not in {"create", "delete"}:
                yield from _properties(step, roles)


def _properties(step: Step, roles: Mapping[str, str]) -> Iterator[str]:
    for found in step_findings(step, roles):
        live, declared = pair(found.live, found.declared, _WIDTH)
        name = visible(found.field or str(found.object))
        yield f"          {name}: {live} -> {declared}"
