"""Judge a plan: collect the reasons why it needs the user's consent.

Three kinds of reasons stop an `up`: more than a quarter of the repositories would lose something,
a protection would become weaker, or an object would be deleted that is still declared. More reasons
are about consequences that are easily overlooked: foreign objects in an environment that is to be
deleted, foreign files with the names of slipway's, and names that refer to another repository.
Deliberately absent: new objects. A first `up` needs no consent.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from components.config.sanitize import visible
from components.model.stack import Stack
from components.objects.desired import desired
from components.objects.kind import Key, Place
from components.objects.kinds import OIDC_PROVIDER
from operations.diff.finding import Finding
from operations.engine.steps import Step, object_of, plan_steps, repository_of
from operations.guard.consent import weakens
from operations.guard.foreign import (
    would_be_written_over,
    would_go_along,
    would_lose_the_unknown,
)
from operations.guard.names import former_roles, is_renamed, with_other_meaning
from operations.guard.reason import Reason
from operations.live.observed import Observed

#: An `up` stops if more than this part of a stack's repositories would lose something.
MOST: Final = 0.25


def reasons_against(
    stack: Stack,
    plan: Mapping[str, Any],
    observed: Observed,
    findings: Sequence[Finding],
    roles: Mapping[str, str],
) -> list[Reason]:
    """Reasons why a plan needs the user's consent; empty if it needs none.

    Args:
        stack: the declaration.
        plan: the JSON of `pulumi preview --json`, of a refreshed state.
        observed: the live world, including repositories that are to be offboarded.
        findings: declaration against live world, with the plan's remedies.
        roles: declared name of the repository by its roles' names in lower case.
    """
    renamed = former_roles(stack)
    losses = [
        step
        for step in plan_steps(plan)
        if step.op in {"delete", "replace"} and not step.retained and not is_renamed(step, renamed)
    ]
    others = chain(
        would_go_along(losses, observed),
        with_other_meaning(findings),
        would_lose_the_unknown(plan, observed),
    )
    reasons: Iterable[_Found] = chain(
        _too_many(stack, losses, roles),
        _weakened(findings, _declared(plan, roles)),
        _unasked(stack, losses, observed, roles),
        ((text, ()) for text in others),
        would_be_written_over(plan, findings, roles, observed),
    )
    return [Reason(stack.name, visible(text), bound) for text, bound in reasons]


#: A reason's text, and what the text does not say in full.
_Found = tuple[str, tuple[str, ...]]


def _declared(plan: Mapping[str, Any], roles: Mapping[str, str]) -> dict[Place, tuple[str, ...]]:
    """The properties that the plan gives to each object; secret values are `[secret]` there."""
    found: dict[Place, tuple[str, ...]] = {}
    for step in plan_steps(plan):
        place = repository_of(step, roles), object_of(step)
        found[place] = (*found.get(place, ()), _properties(step))
    return found


def _properties(step: Step) -> str:
    return json.dumps(dict(step.new), sort_keys=True)


def _too_many(stack: Stack, losses: Sequence[Step], roles: Mapping[str, str]) -> Iterator[_Found]:
    losers = {name for step in losses if (name := repository_of(step, roles))}
    declared = {repository.name for repository in stack.repositories}
    count = len(declared | losers)
    if losers and len(losers) > MOST * count:
        names = ", ".join(sorted(losers))
        lost = sorted(f"{step.op} {step.urn}" for step in losses)
        yield f"{len(losers)} of {count} repositories would lose something: {names}", tuple(lost)


def _weakened(
    findings: Sequence[Finding], declared: Mapping[Place, tuple[str, ...]]
) -> Iterator[_Found]:
    for found in findings:
        if weakens(found):
            field = f", {found.field}" if found.field else ""
            change = f"{found.live or 'nothing'} -> {found.declared or 'nothing'}"
            part = " in part" if found.both_ways else ""
            # Objects of an account have no repository.
            place = f"{found.repository}: {found.object}" if found.repository else found.object
            text = f"{place}{field} would become weaker{part}: {change}"
            yield text, declared.get(found.place, ())


def _unasked(
    stack: Stack, losses: Sequence[Step], observed: Observed, roles: Mapping[str, str]
) -> Iterator[_Found]:
    # The list renders every workflow file, so it is made only if the plan deletes something.
    wanted = {one.place for one in desired(stack, observed.repositories)} if losses else set()
    for step in losses:
        repository, name = repository_of(step, roles), _lost(step)
        if (repository, name) in wanted:
            lost, how = name, "deleted"
            if step.op == "replace":
                lost = object_of(replace(step, new={}))
                other = f" as {name}" if lost != name else ""
                why = ", ".join(step.fields) or "properties"
                how = f"deleted and made again{other}, for its {why}"
            place = f"{repository}: {lost}" if repository else lost
            yield f"{place} would be {how}, though it is declared", (_properties(step),)


def _lost(step: Step) -> Key:
    """The object, independent of its logical name, which may change for an OIDC provider."""
    if step.type == OIDC_PROVIDER.type and (arn := step.old.get("arn")):
        return OIDC_PROVIDER.at(str(arn).split(":")[4])
    return object_of(step)
