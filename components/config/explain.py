"""Translate pydantic's errors into messages for a user who wrote YAML.

Each message has the found value, the allowed values and the remedy. Custom validators of the model
have such a message already; this module translates the other errors.
"""

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from components.config.problems import Problem
from components.config.yaml_files import Path_

_KEYS = "keys and values"
#: The most places that a message names for a key in the wrong place.
_PLACES = 3
_KINDS = {
    "string_type": "text (in quotes)",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "tuple_type": "a list",
    "dict_type": _KEYS,
    "model_type": _KEYS,
    "model_attributes_type": _KEYS,
}


def explain(
    error: ValidationError,
    model: type[BaseModel],
    problem: Callable[[Path_, str], Problem],
) -> Iterator[Problem]:
    """One problem for each finding, placed by `problem`."""
    for details in error.errors(include_url=False):
        path = tuple(part for part in details["loc"] if part != "[key]")
        extra = details.get("ctx", {}).get("at", ())
        yield problem((*path, *extra), _text(details, path, model))


def _text(details: ErrorDetails, path: Path_, model: type[BaseModel]) -> str:
    kind, found, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "mistake":
        return str(context["text"])
    if kind == "missing":
        return "is missing; it has no default"
    if kind == "extra_forbidden":
        return _unknown_key(str(path[-1]), allowed_keys(model, path[:-1]), model)
    if "secrets" in path:
        # Never quote the value: the user may have pasted a secret here, and CI keeps its logs.
        return (
            "expected a list of names, or for each name `config`, {env: NAME}, "
            "{secretsmanager: NAME} or {ssm: NAME}; values never stand in a declaration"
        )
    if kind in _KINDS:
        # The user chooses the keys of a mapping by name, so there is no list of them.
        keys = allowed_keys(model, path) if kind.startswith("model_") else []
        below = f": {', '.join(keys)}" if keys else ""
        return f"found {_shown(found)}, expected {_KINDS[kind]}{below}{_to_inherit(found)}"
    message = details["msg"].removeprefix("Input ").replace("should be", "allowed is")
    if kind == "too_short":
        message = f"expected at least {context['min_length']} in it"
    return f"found {_shown(found)}; {message}{_to_inherit(found)}"


def _to_inherit(found: Any) -> str:
    """The advice for a `null` in a field that has no "none"."""
    return "; leave the key out to inherit" if found is None else ""


def _unknown_key(key: str, allowed: list[str], model: type[BaseModel]) -> str:
    text = f"unknown key, allowed are {', '.join(allowed)}"
    if places := places_of(key, model):
        named = [f"below {one}" if one else "at the top of the file" for one in places[:_PLACES]]
        here = f"; allowed here are {', '.join(allowed)}"
        return f"unknown key here, it belongs {' or '.join(named)}{here}"
    longer = [name for name in allowed if key.startswith(name)]
    close = longer or difflib.get_close_matches(key, allowed, n=1)
    guess = f"; did you mean {close[0]}?" if close else ""
    return f"{text}{guess}"


def allowed_keys(model: type[BaseModel], path: Path_) -> list[str]:
    """The keys that the model allows at `path`."""
    current: Any = model
    for part in path:
        fields = _fields(current)
        current = _model_of(fields[part].annotation) if part in fields else current
    return list(_fields(current))


def places_of(key: str, model: type[BaseModel]) -> list[str]:
    """The places of a key, the nearest to the top of the file first; empty for the top itself.

    Keys with the same keys below are in braces, `environments.{dev,test}`; a name that the user
    chooses is in capitals, `packages.PACKAGE`.
    """
    places: list[str] = []
    level: list[tuple[str, Any]] = [("", model)]
    while level:
        for place, one in level:
            if key in _fields(one):
                places.append(place)
        level = [pair for place, one in level for pair in _below(place, one)]
    return places


def _below(place: str, model: Any) -> Iterator[tuple[str, Any]]:
    """The places with keys below a place, with the model of each."""
    names: dict[Any, list[str]] = {}
    for name, field in _fields(model).items():
        if (below := _model_of(field.annotation)) is not None:
            chosen = f".{name.removesuffix('s').upper()}" if _is_mapping(field.annotation) else ""
            names.setdefault(below, []).append(f"{name}{chosen}")
    for below, alike in names.items():
        part = alike[0] if len(alike) == 1 else f"{{{','.join(alike)}}}"
        yield f"{place}.{part}".lstrip("."), below


def _is_mapping(annotation: Any) -> bool:
    if get_origin(annotation) in {dict, Mapping}:
        return True
    return any(_is_mapping(inner) for inner in get_args(annotation))


def _fields(model: Any) -> dict[Any, Any]:
    """The model's fields by the key that users write."""
    fields = getattr(model, "model_fields", {})
    return {field.alias or name: field for name, field in fields.items()}


def _model_of(annotation: Any) -> Any:
    """The model class inside `X`, `X | None`, `Annotated[X, ...]` or `dict[str, X]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_of(inner)
        if found is not None:
            return found
    return None


def _shown(value: Any) -> str:
    """The value as written, shortened; only its kind for null, mappings and lists."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - one line of a terminal
