"""A change by hand: the expected finding, its repair, and how it is undone."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.e2e.conftest import World
from tests.e2e.tampering import hands


class Tamper(NamedTuple):
    """One change and its expected finding."""

    do: Callable[[World], Any]
    #: `repository | object | field`.
    place: str
    direction: str
    repair: str
    #: How a person takes the change back, if slipway does not repair it.
    undo: Callable[[World], Any] | None = None


def by_hand(function: Callable[..., Any], *arguments: Any, **named: Any) -> Callable[[World], Any]:
    """A function of `hands`, with all but the world given."""
    return lambda world: function(world, *arguments, **named)


def edited(world: World, old: str, new: str, *, repository: str, file: str) -> None:
    """Edit a part of a workflow file on main."""
    text = hands.workflow(world, repository, "main", file)
    assert old in text
    hands.write_workflow(world, repository, "main", file, text.replace(old, new, 1))


def iam(account: str, call: str, **arguments: Any) -> Callable[[World], Any]:
    """A call of IAM in an account."""
    return lambda world: getattr(world.iam(account), call)(**arguments)


def github(method: str, path: str, body: object = None) -> Callable[[World], Any]:
    """A call of GitHub's REST API."""
    return lambda world: world.github(method, path, body)
