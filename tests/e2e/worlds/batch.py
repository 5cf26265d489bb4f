"""Take a world through `validate --live`, `up`, preview and drift; say where the property breaks.

The repositories of a world are in one stack, as an engine run takes seconds. One that is refused
leaves the stack, and the others go on.
"""

from itertools import count
from pathlib import Path
from typing import Final

from tests.e2e.conftest import World as Sandbox
from tests.e2e.worlds.applying import carry_out, nothing_drifts, nothing_left
from tests.e2e.worlds.facts import Data, World
from tests.e2e.worlds.outcome import BrokenError, Outcome
from tests.e2e.worlds.planted import differences
from tests.e2e.worlds.refusing import refused_now
from tests.e2e.worlds.stack import Stack

_NUMBERS: Final = count(1)


def outcome(sandbox: Sandbox, world: World, folder: Path) -> Outcome:
    """Plant a world and take it through everything.

    Raises:
        BrokenError: a refusal wrote something or has no place, or `up` failed or left work.
    """
    stack, found = Stack(sandbox, world, folder, next(_NUMBERS)), Outcome(world)
    before = stack.looked()
    # A file's own problems come first, and the account's OIDC provider concerns all.
    while found.accepted and refused_now(stack, found):
        pass
    _nothing_written(stack, before)
    if found.accepted:
        carry_out(stack, found)
        nothing_left(stack, found)
        nothing_drifts(stack, found)
    if stack.unserved:
        raise BrokenError(f"the sandbox does not have {stack.unserved}", set())
    after = stack.looked()
    for name in found.refused:
        was, now = _of(stack, name, before), _of(stack, name, after)
        if changed := list(differences(was, now)):
            raise BrokenError(f"{name} was refused, and is changed: {changed}", {name})
    return found


def _nothing_written(stack: Stack, before: Data) -> None:
    if any(stack.writes.values()):
        raise BrokenError(f"validate sent requests that write: {stack.writes}", set())
    if changed := list(differences(before, stack.looked())):
        raise BrokenError(f"validate changed something: {changed}", set())


def _of(stack: Stack, name: str, everything: Data) -> Data:
    """The live state of one repository: on GitHub, and its roles in AWS."""
    prefix = f"{stack.place.owner}.{name}-".lower()
    roles = {
        f"{account}/{role}": text
        for account, found in everything["aws"].items()
        for role, text in found["roles"].items()
        if role.lower().startswith(prefix)
    }
    return {"repository": everything["repositories"][name], "roles": roles}
