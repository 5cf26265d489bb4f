"""Convert the engine's property values to plain Python, with unknown and secret values marked.

The SDK's own `PropertyValue` cannot read unknown values, which are frequent in previews.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import struct_pb2

#: Signatures in the engine's wire format (Pulumi SDK: sdk/go/common/resource/plugin/rpc.go).
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark, not a secret
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS: Final = {
    _UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}


class Unknown:
    """A value that is unknown until the update."""

    def __repr__(self) -> str:
        return "unknown"


#: The only instance.
UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Properties:
    """Values by name, and the names of values that contain a secret."""

    values: Mapping[str, Any]
    secrets: frozenset[str] = frozenset()


def read_properties(message: struct_pb2.Struct) -> Properties:
    """The properties of a message, without nulls: a null means that no value was given."""
    values: dict[str, Any] = {}
    secrets = set()
    for name, sent in message.fields.items():
        value, secret = _read(sent)
        if value is None:
            continue
        values[name] = value
        if secret:
            secrets.add(name)
    return Properties(values, frozenset(secrets))


def write_properties(properties: Properties) -> struct_pb2.Struct:
    """The message of some properties."""
    fields = {}
    for name, value in properties.values.items():
        secret = name in properties.secrets
        fields[name] = _write({_SIGNATURE: _SECRET, "value": value} if secret else value)
    return struct_pb2.Struct(fields=fields)


def has_unknown(value: Any) -> bool:
    """Whether the value is or contains an unknown value."""
    if isinstance(value, Mapping):
        return any(map(has_unknown, value.values()))
    if isinstance(value, list):
        return any(map(has_unknown, value))
    return value is UNKNOWN


def _read(sent: struct_pb2.Value) -> tuple[Any, bool]:
    kind = sent.WhichOneof("kind")
    if kind == "struct_value":
        return _read_struct(sent.struct_value)
    if kind == "list_value":
        members = [_read(member) for member in sent.list_value.values]
        return [value for value, _ in members], any(secret for _, secret in members)
    if kind == "number_value":
        number = sent.number_value
        return (int(number) if number.is_integer() else number), False
    if kind == "string_value":
        text = sent.string_value
        return (UNKNOWN if text in _UNKNOWNS else text), False
    return (sent.bool_value if kind == "bool_value" else None), False


def _read_struct(sent: struct_pb2.Struct) -> tuple[Any, bool]:
    fields = sent.fields
    signature = fields[_SIGNATURE].string_value if _SIGNATURE in fields else ""
    if signature == _SECRET:
        return _read(fields["value"])[0], True
    if signature == _OUTPUT:
        value, secret = _read(fields["value"]) if "value" in fields else (UNKNOWN, False)
        return value, secret or ("secret" in fields and fields["secret"].bool_value)
    if signature:
        raise ValueError("an asset, archive or resource is no value of an AWS property")
    members = {name: _read(member) for name, member in fields.items()}
    return (
        {name: value for name, (value, _) in members.items()},
        any(secret for _, secret in members.values()),
    )


def _write(value: Any) -> struct_pb2.Value:
    sent: dict[str, Any]
    match value:
        case None:
            sent = {"null_value": struct_pb2.NULL_VALUE}
        case Unknown():
            sent = {"string_value": _UNKNOWN}
        case bool():
            sent = {"bool_value": value}
        case int() | float():
            sent = {"number_value": value}
        case str():
            sent = {"string_value": value}
        case Mapping():
            members = {str(name): _write(member) for name, member in value.items()}
            sent = {"struct_value": struct_pb2.Struct(fields=members)}
        case _:
            sent = {"list_value": struct_pb2.ListValue(values=map(_write, value))}
    return struct_pb2.Value(**sent)
