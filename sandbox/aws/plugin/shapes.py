"""The properties of resource types and functions, and the effect of changing them.

The plugin checks inputs, finds differences and writes its schema from these descriptions.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sandbox.aws.plugin.values import has_unknown
from sandbox.aws.policy_documents import same_policy
from sandbox.aws.refusal import RefusedError


class Kind(StrEnum):
    """The kinds of properties that the supported types have."""

    TEXT = "string"
    NUMBER = "integer"
    TRUTH = "boolean"
    POLICY = "policy"
    """A policy document in JSON, which is compared by meaning."""
    ADDRESS = "address"
    """A URL; AWS drops its scheme."""
    LIST = "list"
    """Texts in a given order."""
    SET = "set"
    """Texts without an order."""
    MAP = "map"
    """Texts by key."""
    ANY = "any"
    """A value that the plugin passes on without checking it."""


_PYTHON: Final[Mapping[Kind, type]] = {
    Kind.TEXT: str,
    Kind.NUMBER: int,
    Kind.TRUTH: bool,
    Kind.POLICY: str,
    Kind.ADDRESS: str,
    Kind.LIST: list,
    Kind.SET: list,
    Kind.MAP: dict,
}


@dataclass(frozen=True)
class Property:
    """One property of a resource type."""

    kind: Kind = Kind.TEXT
    required: bool = False
    """Whether an input must be given; whether an output is always present."""
    replaces: bool = False
    """Whether a change needs a new resource."""
    default: Any = None
    """AWS's default if no value is given."""
    computed: bool = False
    """Whether AWS chooses a value if none is given, and keeps it."""
    check: Callable[[Any], None] | None = None
    """A function that raises `RefusedError` for a value that AWS would refuse."""

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values have the same meaning."""
        if self.kind == Kind.POLICY and isinstance(one, str) and isinstance(other, str):
            return same_policy(one, other)
        if self.kind == Kind.ADDRESS and isinstance(one, str) and isinstance(other, str):
            return _bare(one) == _bare(other)
        if self.kind == Kind.SET and isinstance(one, list) and isinstance(other, list):
            return sorted(map(str, one)) == sorted(map(str, other))
        return bool(one == other)

    def normal(self, value: Any) -> Any:
        """The value in the form that AWS accepts: a policy given as an object becomes its text."""
        if self.kind == Kind.POLICY and isinstance(value, dict) and not has_unknown(value):
            return json.dumps(value, separators=(",", ":"))
        if self.kind == Kind.NUMBER and isinstance(value, str) and value.isdigit():
            return int(value)
        return value

    def problem(self, value: Any) -> str | None:
        """The reason why AWS would refuse the value; None for a valid or unknown value."""
        if has_unknown(value):
            return None
        expected: type = _PYTHON.get(self.kind, object)
        if not isinstance(value, expected):
            return f"expected {self.kind}, got {type(value).__name__}"
        members: Any = value.values() if isinstance(value, dict) else value
        if expected in (list, dict) and not all(isinstance(member, str) for member in members):
            return f"expected {self.kind} of strings"
        try:
            if self.check is not None:
                self.check(value)
        except RefusedError as refused:
            return refused.message
        return None


def _bare(address: str) -> str:
    return address.removeprefix("https://").rstrip("/")


Properties = Mapping[str, Property]


def schema_of(properties: Properties) -> dict[str, Any]:
    """The part of a Pulumi package schema that describes the properties."""
    return {name: _SCHEMA[described.kind] for name, described in properties.items()}


def required(properties: Properties) -> list[str]:
    """Names of the properties that are required, or always present."""
    return [name for name, described in properties.items() if described.required]


_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
_SCHEMA: Final[Mapping[Kind, dict[str, Any]]] = {
    Kind.TEXT: {"type": "string"},
    Kind.NUMBER: {"type": "integer"},
    Kind.TRUTH: {"type": "boolean"},
    Kind.POLICY: {"type": "string"},
    Kind.ADDRESS: {"type": "string"},
    Kind.LIST: _TEXTS,
    Kind.SET: _TEXTS,
    Kind.MAP: {"type": "object", "additionalProperties": {"type": "string"}},
    Kind.ANY: {"$ref": "pulumi.json#/Any"},
}
