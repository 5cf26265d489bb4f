"""`slipway schema` writes the JSON Schemas of the declarations, for editors and CI."""

import argparse
import ast
import inspect
import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stacks import stacks_folder
from components.model.repository import Repository
from components.model.stack import StackSettings
from operations.terminal.output import data

SCHEMAS: Final[dict[str, type[BaseModel]]] = {
    "stack.json": StackSettings,
    "repository.json": Repository,
}


def run(options: argparse.Namespace) -> int:
    """Write the schemas; with --check, report those that are stale."""
    folder = stacks_folder() / "schema"
    stale = []
    for name in SCHEMAS:
        path = folder / name
        text = schema_text(name)
        if options.check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(Problem(str(path), 0, "", "is stale: run slipway schema"))
            continue
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        data(str(path))
    if stale:
        raise ConfigurationError(stale)
    return ExitCode.SUCCESS


@cache
def schema_text(name: str) -> str:
    """The text of one schema file."""
    model = SCHEMAS[name]
    schema = model.model_json_schema()
    parts = {model.__name__: schema, **schema.get("$defs", {})}
    for part in models_of(model):
        _describe(part, parts[part.__name__])
        _nullable(part, parts[part.__name__])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, indent=2) + "\n"


def models_of(model: type[BaseModel]) -> set[type[BaseModel]]:
    """A model class and the model classes of its fields, at any depth."""
    found = {model}
    for field in model.model_fields.values():
        for inner in _classes(field.annotation) - found:
            found |= models_of(inner)
    return found


def _classes(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    inner = (_classes(part) for part in getattr(annotation, "__args__", ()))
    return {one for classes in inner for one in classes}


def takes_null(model: type[BaseModel], key: str) -> bool:
    """True if the model accepts `null` ("explicitly none") for the key."""
    try:
        model.model_validate({key: None})
    except ValidationError as error:
        return not any(details["loc"][:1] == (key,) for details in error.errors())
    return True


def _describe(model: type[BaseModel], part: dict[str, Any]) -> None:
    """Add the docstring below each field, in the order of keys that pydantic writes."""
    texts: dict[str, str] = {}
    for owner in reversed(model.__mro__):
        if issubclass(owner, BaseModel) and owner is not BaseModel:
            texts |= _docstrings(owner)
    for name, field in model.model_fields.items():
        if name in texts:
            key = field.alias or name
            described = part["properties"][key] | {"description": texts[name]}
            part["properties"][key] = dict(sorted(described.items()))


def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    """The string that stands below each field in the source of its class."""
    definition = _classes_of(inspect.getfile(model))[model.__name__]
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(definition.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(text.value.value, str)
    }


@cache
def _classes_of(file: str) -> dict[str, ast.ClassDef]:
    """The classes of a module by name, as written. `inspect.getsource` parses it for each class."""
    body = ast.parse(Path(file).read_text(encoding="utf-8")).body
    return {one.name: one for one in body if isinstance(one, ast.ClassDef)}


def _nullable(model: type[BaseModel], part: dict[str, Any]) -> None:
    """Allow `null` where the model accepts it: pydantic's schema ignores validators."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        value = part["properties"][key]
        if takes_null(model, key) and not _admits_null(value):
            described = {k: value.pop(k) for k in ("description", "default") if k in value}
            part["properties"][key] = {"anyOf": [value, {"type": "null"}], **described}


def _admits_null(value: dict[str, Any]) -> bool:
    return any(option.get("type") == "null" for option in value.get("anyOf", []))
