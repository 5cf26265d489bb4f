"""Take facts away from a world for as long as the property still breaks.

First repositories, then facts of those that are left: whole ones, then parts of them. Hypothesis
would need hundreds of engine runs for it; this needs one for each fact that is not at its default.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any, Final

from pydantic import ValidationError

from tests.e2e.worlds.facts import World

#: Engine runs; each takes about ten seconds.
_RUNS: Final = 40
#: The way to a fact: members of mappings and places in lists.
_Path = tuple[str | int, ...]


def smallest(
    world: World, breaks: Callable[[World], bool], names: set[str], runs: int = _RUNS
) -> World:
    """The smallest world that was found to break.

    Args:
        world: one that breaks.
        breaks: whether a world does.
        names: the repositories to look at first.
        runs: the most calls of `breaks`.
    """
    left = iter(range(runs))

    def still(other: World) -> bool:
        return next(left, None) is not None and breaks(other)

    found = _few(world, still, sorted(names))
    tried = set[_Path]()
    while path := next((path for path in _paths(found) if path not in tried), None):
        other = _without(found, path)
        if other is not None and still(other):
            # In a list, another item is at this place now.
            found = other
        else:
            tried.add(path)
    return found


def _few(world: World, still: Callable[[World], bool], names: list[str]) -> World:
    """One repository if one alone breaks; otherwise halves, as long as one of them breaks."""
    for name in names:
        if still(one := world.only(name)):
            return one
    every = [one.name for one in world.repositories]
    while len(every) > 1:
        half = len(every) // 2
        parts = (every[:half], every[half:])
        part = next((part for part in parts if still(world.only(*part))), None)
        if part is None:
            break
        every = part
    return world.only(*every)


def _paths(world: World) -> Iterator[_Path]:
    """The ways to all facts that can be taken away, the short ways first."""
    data = world.model_dump(exclude_defaults=True)
    found = list(_below(data, ()))
    yield from sorted(found, key=len)


def _below(value: Any, path: _Path) -> Iterator[_Path]:
    keys = range(len(value)) if isinstance(value, list) else value
    for key in keys if isinstance(value, dict | list) else ():
        yield (*path, key)
        yield from _below(value[key], (*path, key))


def _without(world: World, path: _Path) -> World | None:
    """The world without one fact; None if it would be none, as a repository without a name."""
    data = copy.deepcopy(world.model_dump(exclude_defaults=True))
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    try:
        found = World.model_validate(data)
    except ValidationError:
        return None
    return found if found.repositories else None
