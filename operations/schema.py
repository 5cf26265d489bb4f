"""`slipway schema`: JSON Schemas of the declarations, for editors and CI."""

import argparse
import json
from typing import Any, Final

from pydantic import BaseModel

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.model.repository import Repository
from components.model.stack import StackSettings
from operations.terminal import STACKS, data

SCHEMAS: Final[dict[str, type[BaseModel]]] = {
    "stack.json": StackSettings,
    "repository.json": Repository,
}


def run(options: argparse.Namespace) -> int:
    """Write the schemas, or with --check say which are stale."""
    folder = STACKS / "schema"
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


def schema_text(name: str) -> str:
    """The text of one schema, as committed."""
    schema = SCHEMAS[name].model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | _nullable(schema), indent=2) + "\n"


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Let `null` stand for "explicitly none" wherever a value has a default."""
    for part in [schema, *schema.get("$defs", {}).values()]:
        required = part.get("required", [])
        for name, value in part.get("properties", {}).items():
            if name not in required and not _admits_null(value):
                described = {k: value.pop(k) for k in ("description", "default") if k in value}
                part["properties"][name] = {"anyOf": [value, {"type": "null"}], **described}
    return schema


def _admits_null(value: dict[str, Any]) -> bool:
    return any(option.get("type") == "null" for option in value.get("anyOf", []))
