from typing import Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc

from sandbox.aws.plugin.values import (
    UNKNOWN,
    Properties,
    has_unknown,
    read_properties,
    write_properties,
)
from tests.sandbox.aws.plugin.engine import Secret, from_message, to_message

PLAIN = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), PLAIN, max_size=4), st.booleans())
def test_values_come_back_as_they_were_sent(values: dict[str, Any], secret: bool) -> None:  # noqa: FBT001
    """Values of all kinds, secret or not, stay the same; the SDK reads them as this module does."""
    secrets = frozenset(values) if secret else frozenset()
    sent = write_properties(Properties(values, secrets))
    assert read_properties(sent) == Properties(values, secrets)
    expected = {name: Secret(value) if secret else value for name, value in values.items()}
    assert from_message(sent) == expected


def test_a_secret_inside_makes_the_whole_secret() -> None:
    """A secret in a mapping makes the whole property secret."""
    found = read_properties(to_message({"tags": {"a": Secret("x"), "b": "y"}, "name": "z"}))
    assert found == Properties({"tags": {"a": "x", "b": "y"}, "name": "z"}, frozenset({"tags"}))
    listed = read_properties(to_message({"names": ["a", Secret("b")]}))
    assert listed == Properties({"names": ["a", "b"]}, frozenset({"names"}))


def test_nulls_are_dropped() -> None:
    """Nulls are dropped: Python programs send null for a missing value."""
    assert read_properties(to_message({"name": None})).values == {}


@pytest.mark.parametrize(
    "value", [rpc.UNKNOWN, [rpc.UNKNOWN], {"a": {"b": rpc.UNKNOWN}}, Secret(rpc.UNKNOWN)]
)
def test_an_unknown_value_stays_unknown(value: Any) -> None:
    """An unknown value stays unknown at any depth, also in the written message."""
    found = read_properties(to_message({"name": value}))
    assert has_unknown(found.values["name"])
    assert from_message(write_properties(found)) == {"name": value}


def test_an_unknown_value_is_no_text() -> None:
    """An unknown value cannot be used as a text, such as a role's name."""
    assert read_properties(to_message({"name": rpc.UNKNOWN})).values["name"] is UNKNOWN


def test_an_output_value_is_its_value() -> None:
    """Newer engines wrap outputs of resources; an output without a value is unknown."""
    signature = {rpc._special_sig_key: rpc._special_output_value_sig}
    message = struct_pb2.Struct()
    message.update({"a": {**signature, "value": "x", "secret": True}, "b": signature})
    assert read_properties(message) == Properties({"a": "x", "b": UNKNOWN}, frozenset({"a"}))


def test_an_asset_is_refused() -> None:
    """An asset is refused, because no supported property is a file."""
    message = struct_pb2.Struct()
    message.update({"a": {rpc._special_sig_key: rpc._special_asset_sig, "text": "x"}})
    with pytest.raises(ValueError, match="an asset"):
        read_properties(message)
