"""Check an answer against GitHub's OpenAPI description.

The check is stricter than the description: an object may have published members only, so that a
misspelt optional member is found.
"""

import json
from functools import cache
from typing import Any, Final

from openapi_schema_validator import OAS30Validator, oas30_format_checker

from tests.sandbox.github.openapi_extract import EXTRACT

#: Members that GitHub sends although its description does not have them, by schema.
UNPUBLISHED: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "environment": {"can_admins_bypass": {"type": "boolean"}},
    # It is published as nullable, but null is not among its choices.
    "issue": {"state_reason": {"type": "string", "nullable": True}},
    "team-repository": {"organization": {"type": "object"}},
    "validation-error": {"status": {"type": "string"}},
    "validation-error-simple": {"status": {"type": "string"}},
}
#: The error answer of every route.
_ERROR: Final = {
    "type": "object",
    "required": ["message", "documentation_url", "status"],
    "properties": {
        "message": {"type": "string", "minLength": 1},
        "documentation_url": {"type": "string", "format": "uri"},
        "status": {"type": "string", "pattern": "^[345][0-9]{2}$"},
        "url": {"type": "string"},
        "errors": {"type": "array"},
    },
    "additionalProperties": False,
}


@cache
def description() -> Any:
    """The extract, changed so that unpublished members are errors."""
    found = json.loads(EXTRACT.read_text(encoding="utf-8"))
    for name, members in UNPUBLISHED.items():
        found["components"]["schemas"][name]["properties"] |= members
    for operations in found["paths"].values():
        for operation in operations.values():
            _add_status(operation["responses"])
    return _closed(_merged(found, found["components"]["schemas"]))


def _add_status(responses: dict[str, Any]) -> None:
    """Let errors have the unpublished `status` that all of GitHub's errors have."""
    for status, schema in responses.items():
        if int(status) >= 400 and schema and "properties" in schema:
            schema["properties"]["status"] = UNPUBLISHED["validation-error"]["status"]


def problems(method: str, path: str, status: int, body: object | None) -> list[str]:
    """The differences of an answer from the description; `body` is None if it has no body."""
    route = description()["paths"][path][method.lower()]
    found = []
    if status >= 300:
        found += _mismatches(_ERROR, body)
    elif str(status) not in route["responses"]:
        return [f"{status} is none of {', '.join(route['responses'])}"]
    schema = route["responses"].get(str(status))
    if schema is not None:
        found += _mismatches(schema, body)
    elif status < 300 and body is not None:
        found.append(f"{status} has no body, but {body!r} came")
    return found


def _mismatches(schema: dict[str, Any], body: object) -> list[str]:
    whole = {"components": description()["components"], "allOf": [schema]}
    validator = OAS30Validator(whole, format_checker=oas30_format_checker)
    return [f"{error.json_path}: {error.message[:400]}" for error in validator.iter_errors(body)]


def _merged(node: Any, schemas: dict[str, Any]) -> Any:
    """Replace each `allOf` of references by one object: closed parts would exclude each other."""
    if isinstance(node, list):
        return [_merged(item, schemas) for item in node]
    if not isinstance(node, dict):
        return node
    parts = node.get("allOf") or ()
    if len(parts) > 1 and all(part.keys() == {"$ref"} for part in parts):
        found = [schemas[part["$ref"].rpartition("/")[2]] for part in parts]
        properties = {name: value for part in found for name, value in part["properties"].items()}
        required = [name for part in found for name in part.get("required", ())]
        node = {"type": "object", "properties": properties}
        node |= {"required": required} if required else {}
    return {key: _merged(value, schemas) for key, value in node.items()}


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "allOf" in node:
        # Let each part accept the members of the others; the referenced schema closes the object.
        node = node | {"allOf": [{"additionalProperties": True} | part for part in node["allOf"]]}
    # Treat `oneOf` as `anyOf`: GitHub's error schemas overlap, and an error may match two of them.
    closed = {"anyOf" if key == "oneOf" else key: _closed(value) for key, value in node.items()}
    if isinstance(closed.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed
