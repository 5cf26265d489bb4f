"""The questions of AWS's STS, in its order: token, provider, audience, role, trust, session.

AWS STS API Reference: AssumeRoleWithWebIdentity. Deliberately absent: the token's signature, and
service control policies of the account's organisation.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Final

from components.documents.role import role_arn
from components.model.types import EnvironmentName
from operations.commands.explain.asked import Asked, Times
from operations.commands.explain.iam.request import Request
from operations.commands.explain.on_aws.trust import trust_step
from operations.commands.explain.seen.world import World
from operations.commands.explain.step import AWS, Mend, Result, Step
from operations.live.observed import ObservedAccount, ObservedRole

#: The shortest session, in seconds (AWS STS API Reference).
_SHORTEST: Final = 900
_found = partial(Step, side=AWS)


def aws_steps(world: World, environment: EnvironmentName, asked: Asked) -> Iterator[Step]:
    """Whether STS would give the role."""
    account = world.account(environment)
    if asked.times is not None:
        yield from _token(asked.issuer, account.issuer, asked.times)
    live = world.accounts.get(account.account_id)
    if live is None:
        why = world.unseen.get(account.account_id, "it was not asked")
        answer = f"{account.account_id} cannot be read: {why}"
        yield _found(name="account", result=Result.UNKNOWN, answer=answer)
        return
    yield _provider(world, environment, live)
    audience, step = _audience(world, environment, live, asked)
    yield step
    yield from _outcome(asked)
    role = live.roles.get(world.repository.role_name(world.settings.owner, environment).lower())
    yield _role(world, environment, asked, role)
    request = Request(
        provider=account.oidc_provider_arn,
        issuer=account.issuer,
        claims={**asked.claims, "aud": audience},
        session_name=asked.session_name,
    )
    yield trust_step(world, environment, request, role)
    yield _session(world, environment, asked, role)


def _token(issuer: str, wanted: str, times: Times) -> Iterator[Step]:
    step = partial(_found, name="token")
    now = time.time()
    if issuer != f"https://{wanted}":
        mend = Mend(text="give a token of that GitHub")
        answer = "another issuer made it"
        values = {"expected": f"https://{wanted}", "got": issuer}
        yield step(result=Result.NO, answer=answer, mend=mend, **values)
    elif times.ends is None:
        mend = Mend(text="request a new one in the job")
        yield step(result=Result.NO, answer="it has no expiry", mend=mend)
    elif now >= times.ends:
        mend = Mend(text="request a new one in the job, right before it is used")
        answer = f"it expired at {_time(times.ends)}"
        yield step(result=Result.NO, answer=answer, mend=mend)
    elif times.begins is not None and now < times.begins:
        mend = Mend(text="set the clock of this machine")
        answer = f"it is not valid before {_time(times.begins)}"
        yield step(result=Result.NO, answer=answer, mend=mend)
    else:
        answer = f"it is valid until {_time(times.ends)}; its signature was not checked"
        yield step(result=Result.OK, answer=answer)


def _time(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"{seconds:g} seconds since 1970"


def _provider(world: World, environment: EnvironmentName, live: ObservedAccount) -> Step:
    arn, step = live.oidc_provider_arn, partial(_found, name="provider")
    if live.oidc_audiences is not None:
        return step(result=Result.OK, answer=f"{arn} exists")
    mend = _provided(world, environment, "makes it", f"make it in IAM, with that URL: {arn}")
    answer = f"the account has no OIDC provider for {world.account(environment).issuer}"
    return step(result=Result.NO, answer=answer, expected=arn, mend=mend)


def _provided(world: World, environment: EnvironmentName, does: str, by_hand: str) -> Mend:
    """`slipway up` where the stack makes the provider; else a person or another stack does."""
    if world.account(environment).oidc_provider == "create":
        return world.up(does, "oidc_provider/")
    return Mend(text=by_hand, place=world.in_account(environment, "oidc_provider", ""))


def _audience(
    world: World, environment: EnvironmentName, live: ObservedAccount, asked: Asked
) -> tuple[str | None, Step]:
    """The audience that conditions see, and whether the provider takes it."""
    step = partial(_found, name="audience")
    taken = live.oidc_audiences
    first = next(iter(asked.audiences), None)
    if taken is None:
        return first, step(result=Result.NOT_ASKED, answer="there is no provider")
    if first is None:
        return None, step(result=Result.UNKNOWN, answer="the token's audience is not known")
    for one in asked.audiences:
        if one in taken:
            return one, step(result=Result.OK, answer=f"the provider takes {one}")
    wanted = world.account(environment).audience
    if wanted in asked.audiences:
        by_hand = f"add {wanted} to the audiences of {live.oidc_provider_arn} in IAM"
        mend = _provided(world, environment, "adds it", by_hand)
    else:
        mend = Mend(text=f"request the token in the job for the audience {wanted}")
    answer = f"the provider does not take {first}"
    listed = ", ".join(sorted(taken)) or "none"
    return first, step(result=Result.NO, answer=answer, expected=listed, got=first, mend=mend)


def _outcome(asked: Asked) -> Iterator[Step]:
    """AWS's answer to the request of the event."""
    told = asked.outcome
    if told is None:
        return
    answer = f"{told['code']}: {told['message']}" if told["code"] else "AWS gave credentials"
    text = f"at {told['when']}: {answer}; the rest is judged as things are now"
    yield _found(name="answer then", result=Result.NOTE, answer=text)


def _role(
    world: World, environment: EnvironmentName, asked: Asked, live: ObservedRole | None
) -> Step:
    wanted = role_arn(world.settings, world.repository, environment)
    step = partial(_found, name="role")
    if live is None:
        mend = world.up("makes it")
        return step(result=Result.NO, answer=f"{wanted} does not exist", mend=mend)
    if asked.outcome is not None and asked.role != live.arn:
        mend = Mend(text=f"ask for {live.arn} in the job")
        answer = "the event asks for another role"
        return step(result=Result.NO, answer=answer, expected=live.arn, got=asked.role, mend=mend)
    return step(result=Result.OK, answer=f"{live.arn} exists")


def _session(
    world: World, environment: EnvironmentName, asked: Asked, live: ObservedRole | None
) -> Step:
    step = partial(_found, name="session")
    if live is None:
        return step(result=Result.NOT_ASKED, answer="there is no role")
    if not asked.seconds:
        return step(result=Result.NOTE, answer=f"at most {live.max_session_seconds} seconds")
    if not asked.seconds.isdecimal():
        answer = f"the job asks for {asked.seconds} seconds"
        return step(result=Result.UNKNOWN, answer=answer, expected=str(live.max_session_seconds))
    most, seconds = live.max_session_seconds, int(asked.seconds)
    if _SHORTEST <= seconds <= most:
        return step(result=Result.OK, answer=f"{seconds} seconds of at most {most}")
    path = ("environments", environment, "role", "max_session_seconds")
    declared = world.repository.environment(environment).role.max_session_seconds
    mend = Mend(text=f"declare at least {seconds}", place=world.at(path, ""))
    if seconds < _SHORTEST:
        mend = Mend(text=f"ask for {_SHORTEST} seconds or more in the job")
    elif seconds <= declared:
        mend = world.up("sets it", "role/max_session")
    answer = f"the job asks for {seconds} seconds"
    expected = f"{_SHORTEST} to {most}"
    return step(result=Result.NO, answer=answer, expected=expected, got=str(seconds), mend=mend)
