"""Take facts away from a world for as long as the property still breaks.

What is tried: single repositories, then each of their facts. Hypothesis would need hundreds of
engine runs for it; this needs one for each fact that is not at its default.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from pydantic import ValidationError

from tests.e2e.worlds.facts import Repository, World

#: Engine runs; each takes about ten seconds.
_RUNS: Final = 40
#: What a repository always has.
_KEPT: Final = {"name"}


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
    changed = True
    while changed:
        changed = False
        for other in _simpler(found):
            if still(other):
                found, changed = other, True
                break
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


def _simpler(world: World) -> Iterator[World]:
    """Worlds with one fact fewer."""
    data = world.model_dump()
    plain = World().model_dump()
    for key in data.keys() - {"repositories"}:
        if data[key] != plain[key]:
            yield World.model_validate(data | {key: plain[key]})
    for index, one in enumerate(data["repositories"]):
        for other in _fewer(one):
            repositories = [*data["repositories"]]
            repositories[index] = other
            try:
                yield World.model_validate(data | {"repositories": repositories})
            except ValidationError:
                # Not every fact can be left out: a role belongs to an environment.
                continue


def _fewer(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A repository with one fact at its default, or with one part of a fact fewer."""
    plain = Repository(name="r").model_dump()
    for key in one.keys() - _KEPT:
        if one[key] != plain[key]:
            yield one | {key: plain[key]}
    for key in one.keys() - _KEPT:
        for other in _parts(one[key]):
            yield one | {key: other}


def _parts(value: Any) -> Iterator[Any]:
    """A value with one item less, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {name: each for name, each in value.items() if name != key}
            for other in _parts(inner):
                yield value | {key: other}
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield value[:index] + value[index + 1 :]
            for other in _parts(inner):
                yield [*value[:index], other, *value[index + 1 :]]
