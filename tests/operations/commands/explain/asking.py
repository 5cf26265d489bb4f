"""A job that asks AWS for dev's role: the account, the role, and the steps of an explanation."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from components.config.stack_files import StackFiles
from operations.commands.explain.asked import Asked
from operations.commands.explain.on_aws.steps import aws_steps
from operations.commands.explain.seen.look import Home
from operations.commands.explain.seen.world import World
from operations.commands.explain.step import Mend, Step
from operations.live.observed import ObservedAccount, ObservedRole
from tests.operations.diff import worlds
from tests.sandbox.aws.documents import GITHUB, SUBJECT, trust
from tests.stacks import WriteStack

ACCOUNT = "111111111111"
ARN = f"arn:aws:iam::{ACCOUNT}:role/slipway/acme.billing-dev"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
AUDIENCE = "sts.amazonaws.com"


def role(document: dict[str, Any], **changes: Any) -> ObservedRole:
    """Dev's role with this trust policy."""
    members: dict[str, Any] = {
        "name": "acme.billing-dev",
        "arn": ARN,
        "path": "/slipway/",
        "description": "",
        "trust": document,
        "inline_policies": {},
        "managed_policies": frozenset(),
        "permissions_boundary": None,
        "max_session_seconds": 3600,
        "tags": {},
    }
    return ObservedRole(**{**members, **changes})


@pytest.fixture
def files(write_stack: WriteStack) -> StackFiles:
    """A stack with one repository."""
    folder: Path = write_stack(billing="repository: billing\n")
    return StackFiles(folder)


def steps(
    files: StackFiles,
    *roles: ObservedRole,
    audiences: frozenset[str] | None = frozenset({AUDIENCE}),
    given: Sequence[str] = (AUDIENCE,),
    seen: bool = True,
    unseen: str = "no credentials",
    home: Home | None = None,
    **asked: Any,
) -> dict[str, Step]:
    """The steps by name, of a job with dev's subject."""
    account = ObservedAccount(
        ACCOUNT, {one.name.lower(): one for one in roles}, PROVIDER, audiences, complete=False
    )
    (repository,) = files.stack.repositories
    accounts = {ACCOUNT: account} if seen else {}
    failures = {} if seen or not unseen else {ACCOUNT: unseen}
    world = World(files, repository, home, accounts, failures)
    members: dict[str, Any] = {"claims": {"sub": SUBJECT}, "audiences": given}
    request = Asked(**{**members, "seconds": "3600", **asked})
    return {step.name: step for step in aws_steps(world, "dev", request)}


def shown(files: StackFiles, **facts: Any) -> Home:
    """The repository on GitHub."""
    live = worlds.as_declared(files.stack, **facts).repositories["billing"]
    assert live is not None
    return Home(live=live, owner="acme", owner_id="1")


def document(condition: object = None, **changes: Any) -> dict[str, Any]:
    """A trust policy."""
    found: dict[str, Any] = json.loads(trust(ACCOUNT, condition, **changes))
    return found


def consented(does: str) -> Mend:
    """`slipway up` with consent."""
    up = "`slipway up s"
    return Mend(text=f"run {up}`, which lists an identifier, and give it: {up} --accept ID` {does}")
