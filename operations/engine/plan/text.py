"""Show a plan as lines, for the user who is asked whether to carry it out."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, zip_longest
from typing import Final

from components.config.sanitize import visible
from operations.diff.finding import Finding
from operations.engine.plan.findings import step_findings
from operations.engine.steps import Step, object_of, repository_of
from operations.terminal.lists import counted
from operations.terminal.shorten import pair, short

#: Values are shown up to here.
_WIDTH: Final = 200
#: A trust is shown in full: a part of its conditions can be misread.
_TRUST_WIDTH: Final = 1000
#: Of a text: so many changed lines, each up to so many characters.
_MOST: Final = 3
_LINE: Final = 120


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
        name = visible(found.field or str(found.object))
        if found.diff:
            yield f"          {name}: - live, + declared"
            yield from _lines(found)
            continue
        width = _TRUST_WIDTH if found.field == "trust" else _WIDTH
        live, declared = pair(found.live, found.declared, width)
        yield f"          {name}: live {live} -> declared {declared}"


def _lines(found: Finding) -> Iterator[str]:
    """The first lines that differ: `-` is live, `+` is declared."""
    changes = list(_changes(found.diff[2:]))
    for declared, live in changes[:_MOST]:
        both = (live, declared)
        if declared is not None and live is not None:
            both = pair(live, declared, _LINE)
        for sign, text in zip("-+", both, strict=True):
            if text is not None:
                yield f"            {sign} {short(text, _LINE)}"
    if len(changes) > _MOST:
        yield f"            … {counted(len(changes) - _MOST, 'more line', 'more lines')}"


def _changes(diff: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Each changed line, declared and live; None for a line that only the other text has."""
    for changed, group in groupby(diff, key=lambda line: line[:1] in ("-", "+")):
        if changed:
            lines = list(group)
            sides = ([line[1:] for line in lines if line[0] == sign] for sign in "-+")
            yield from zip_longest(*sides)
