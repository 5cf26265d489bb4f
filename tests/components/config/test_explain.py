"""The model itself tells where a misplaced key belongs."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from components.config.explain import allowed_keys, places_of
from components.model.repository import Repository
from components.model.stack import StackSettings

MODELS: tuple[type[BaseModel], ...] = (Repository, StackSettings)


def places(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of each key, except keys below a name that the user chooses."""
    above = allowed_keys(model, path[:-1]) if path else None
    for key in allowed_keys(model, path):
        # For a key that has no keys below it, `allowed_keys` returns the keys around it.
        if allowed_keys(model, path) == above:
            return
        yield (*path, key)
        yield from places(model, (*path, key))


@pytest.mark.parametrize("model", MODELS)
def test_each_place_of_a_key_is_found(model: type[BaseModel]) -> None:
    """For each key of the model, the list of its places has the right one."""
    paths = list(places(model))
    assert ("defaults" if model is StackSettings else "ci",) in paths
    for path in paths:
        named = {
            ".".join(part for part in spelled.split(".") if not part.isupper())
            for place in places_of(path[-1], model)
            for spelled in without_braces(place)
        }
        assert ".".join(path[:-1]) in named, path


def without_braces(place: str) -> Iterator[str]:
    """Yield every place that a place with braces stands for."""
    before, brace, rest = place.partition("{")
    if not brace:
        yield place
        return
    names, _, after = rest.partition("}")
    for name in names.split(","):
        yield from without_braces(f"{before}{name}{after}")


def test_an_unknown_key_has_no_place() -> None:
    """A misspelt key has no place: its message suggests the right spelling instead."""
    assert [places_of("reviewer", model) for model in MODELS] == [[], []]
