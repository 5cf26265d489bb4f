"""The question of a role's trust policy, and the one change that opens it for the job.

It judges the live document, whatever its shape is; that of `slipway up` if the role does not exist.
"""

import re
from functools import partial
from typing import Final

from components.model.types import EnvironmentName
from operations.commands.explain.iam.conditions import Condition
from operations.commands.explain.iam.request import Missing, Request
from operations.commands.explain.iam.trust import Statement, Trust, judge
from operations.commands.explain.job import path_of
from operations.commands.explain.mends import other_claim
from operations.commands.explain.seen.world import World
from operations.commands.explain.step import AWS, Mend, Result, Step
from operations.diff.roles import DeclaredRole
from operations.live.observed import ObservedRole

_found = partial(Step, side=AWS, name="trust")
#: The ids of an immutable subject.
_IDS: Final = re.compile(r"@\d+")
_TRUST_RULES: Final = ("role/trust", "role/subject", "role/other_repository")


def trust_step(
    world: World, environment: EnvironmentName, request: Request, role: ObservedRole | None
) -> Step:
    """Whether the role's trust policy admits the token."""
    declared = _declared(world, environment, request)
    if role is None:
        if declared is None:
            return _found(result=Result.NOT_ASKED, answer="there is no role")
        words = {True: "would admit it", False: "would not admit it", None: "cannot be judged"}
        answer = f"there is no role; the declared trust policy {words[declared.allowed]}"
        return _found(result=Result.NOT_ASKED, answer=answer, trust=declared)
    trust = judge(role.trust, request)
    if trust.allowed:
        (first, *_) = trust.applying("Allow")
        answer = f"{_name(first)} admits the token"
        return _found(result=Result.OK, answer=answer, trust=trust)
    if trust.allowed is None:
        return _found(result=Result.UNKNOWN, answer=_unknown(trust), trust=trust)
    denial = next(trust.applying("Deny"), None)
    failed = None if denial else _nearest(trust)
    answer = f"{_name(denial)} denies it" if denial else _refused(trust, failed)
    mend = _mend(world, environment, request, declared)
    values = (expected(failed), got(failed)) if failed else ("", "")
    return _found(
        result=Result.NO,
        answer=answer,
        expected=values[0],
        got=values[1],
        mend=mend,
        trust=trust,
    )


def expected(condition: Condition) -> str:
    """The values that a condition wants, on one line."""
    return " or ".join(condition.wanted) or "nothing"


def got(condition: Condition) -> str:
    """The value that it gets."""
    return condition.got.value if isinstance(condition.got, Missing) else condition.got


def _declared(world: World, environment: EnvironmentName, request: Request) -> Trust | None:
    """The declared trust policy, judged; None if GitHub does not tell the subject."""
    if world.home is None:
        return None
    role = DeclaredRole.of(world.settings, world.repository, environment, world.home.live)
    return judge(role.trust, request)


def _mend(
    world: World, environment: EnvironmentName, request: Request, declared: Trust | None
) -> Mend:
    """`slipway up` if the declared policy admits the token; else a change of the job."""
    if declared is not None and declared.allowed:
        return world.up("writes the declared trust policy", *_TRUST_RULES)
    if (first := world.obstacle_mend()) is not None:
        return first  # such as a customised subject, or a repository that GitHub does not show
    nearest = _nearest(declared) if declared else None
    if nearest is None:
        text = f"deploy from {path_of(environment)}, whose job the declared trust policy admits"
        return Mend(text=text)
    claim = nearest.key.rpartition(":")[2]
    if claim == "sub" and _without_ids(got(nearest)) in map(_without_ids, nearest.wanted):
        text = f"run the job again: GitHub sends {expected(nearest)} by now"
        return Mend(text=text)
    return other_claim(environment, request.claims, claim, nearest.wanted)


def _without_ids(subject: str) -> str:
    return _IDS.sub("", subject)


def _nearest(trust: Trust) -> Condition | None:
    """The first condition that fails in the Allow with the fewest that do."""
    failing = [
        [one for one in statement.conditions if one.met is False]
        for statement in trust.statements
        if statement.effect == "Allow" and statement.principal and statement.action
    ]
    nearest = min((each for each in failing if each), key=len, default=None)
    return nearest[0] if nearest else None


def _refused(trust: Trust, failed: Condition | None) -> str:
    if failed is not None:
        return f"no statement admits the token: {failed.key} is another"
    if not any(one.effect == "Allow" for one in trust.statements):
        return "no statement allows anything"
    return "no statement allows this provider to assume the role"


def _unknown(trust: Trust) -> str:
    """The first reason why it cannot be said."""
    statement = next(one for one in trust.statements if one.applies is None)
    reasons = (f"{one.operator} {one.key}: {one.why}" for one in statement.conditions if one.why)
    why = statement.why or next(reasons, "it names no action")
    return f"{_name(statement)} cannot be judged: {why}"


def _name(statement: Statement) -> str:
    sid = f" ({statement.sid})" if statement.sid else ""
    return f"statement {statement.number}{sid}"
