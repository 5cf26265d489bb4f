"""The installed GitHub plugin, official or built here, matches the installed Python SDK."""

import inspect
import json
import re
import subprocess
import typing
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grpc
import pulumi
import pulumi_github
import pytest
from pulumi import _types  # the SDK's own reading of the annotations it generates
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox.engine.find import ensure_engine

RESOURCES: list[type[Any]] = [
    member
    for _, member in inspect.getmembers(pulumi_github, inspect.isclass)
    if issubclass(member, pulumi.CustomResource) and member is not pulumi_github.Provider
]
SCALARS = {str: "string", int: "integer", bool: "boolean", float: "number"}

Shape = str | list[Any] | dict[str, Any]
"""`"string"`, `["array", element]`, `["map", element]`, or an object: name to (shape, required)."""


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """Ask the plugin itself, as the engine does."""
    plugin = ensure_engine(lambda _: None).folder / "pulumi-resource-github"
    with subprocess.Popen([plugin], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            unlimited = [("grpc.max_receive_message_length", -1)]
            with grpc.insecure_channel(f"127.0.0.1:{port}", options=unlimited) as channel:
                stub = provider_pb2_grpc.ResourceProviderStub(channel)
                answer = stub.GetSchema(provider_pb2.GetSchemaRequest(), timeout=30)
        finally:
            process.kill()
    parsed: dict[str, Any] = json.loads(answer.schema)
    return parsed


def test_the_plugin_has_the_version_the_sdk_asks_for(schema: dict[str, Any]) -> None:
    """The plugin has the SDK's version; the engine refuses a plugin of another version."""
    assert schema["version"] == version("pulumi_github")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.__name__)
def test_a_resource_has_the_inputs_of_the_sdk(schema: dict[str, Any], resource: type[Any]) -> None:
    """Inputs have the SDK's names, types and nested objects, and its required and secret flags."""
    described = schema["resources"][resource.pulumi_type]
    args = _args(resource)
    assert _schema_object(
        schema, described["inputProperties"], described.get("requiredInputs", [])
    ) == _sdk_object(args)
    assert _schema_secrets(described["inputProperties"]) == _sdk_secret_inputs(resource, args)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.__name__)
def test_a_resource_has_the_outputs_of_the_sdk(schema: dict[str, Any], resource: type[Any]) -> None:
    """Outputs have the SDK's names, types, nested objects, and required and secret flags."""
    described = schema["resources"][resource.pulumi_type]
    assert _schema_object(
        schema, described["properties"], described.get("required", [])
    ) == _sdk_outputs(resource)
    assert _schema_secrets(described["properties"]) == _sdk_secret_outputs(resource)


def test_the_provider_is_configured_as_the_sdk_configures_it(schema: dict[str, Any]) -> None:
    """The plugin has every setting of the SDK's provider; it ignores unknown ones silently."""
    provider = schema["provider"]
    args = pulumi_github.ProviderArgs
    assert _schema_object(
        schema, provider["inputProperties"], provider.get("requiredInputs", [])
    ) == _sdk_object(args)
    assert _schema_secrets(provider["inputProperties"]) == _sdk_secret_inputs(
        pulumi_github.Provider, args
    )
    assert provider["inputProperties"]["token"]["defaultInfo"] == {"environment": ["GITHUB_TOKEN"]}
    base_url = provider["inputProperties"]["baseUrl"]
    assert base_url["defaultInfo"] == {"environment": ["GITHUB_BASE_URL"]}
    assert base_url["default"] == "https://api.github.com/"


def test_the_plugin_knows_what_the_sdk_knows(schema: dict[str, Any]) -> None:
    """The plugin has every resource and every function that the SDK calls, and no others."""
    assert {resource.pulumi_type for resource in RESOURCES} == set(schema["resources"])
    modules = Path(pulumi_github.__file__).parent.glob("get_*.py")
    calls = [re.findall(r"invoke\('([^']+)'", module.read_text()) for module in modules]
    methods = {"pulumi:providers:github/terraformConfig"}
    assert {token for found in calls for token in found} == set(schema["functions"]) - methods


def _args(resource: type[Any]) -> Any:
    """Find the class of arguments; its name differs if a nested object has the usual name."""
    name = resource.__name__
    return getattr(pulumi_github, f"{name}InitArgs", None) or getattr(pulumi_github, f"{name}Args")


def _schema_object(
    schema: dict[str, Any], properties: Mapping[str, Any], required: Sequence[str]
) -> dict[str, Any]:
    return {
        name: (_schema_shape(schema, described), name in required)
        for name, described in properties.items()
    }


def _schema_shape(schema: dict[str, Any], described: dict[str, Any]) -> Shape:
    if "$ref" in described:
        nested = schema["types"][described["$ref"].removeprefix("#/types/")]
        return _schema_object(schema, nested["properties"], nested.get("required", []))
    if described["type"] == "array":
        return ["array", _schema_shape(schema, described["items"])]
    if described["type"] == "object":
        return ["map", _schema_shape(schema, described["additionalProperties"])]
    return str(described["type"])


def _schema_secrets(properties: Mapping[str, Any]) -> set[str]:
    return {name for name, described in properties.items() if described.get("secret")}


def _sdk_object(cls: type) -> dict[str, Any]:
    """Read a class of arguments or of a nested output; a required one has no default."""
    if _types.is_input_type(cls):
        kinds, names = _types.input_type_types(cls), _types.input_type_py_to_pulumi_names(cls)
    else:
        kinds, names = (
            _types.output_type_types(cls),
            _types._py_to_pulumi_names_from_py_properties(cls),
        )
    parameters = inspect.signature(cls).parameters
    return {
        pulumi_name: (
            _sdk_shape(kinds[pulumi_name]),
            parameters[name].default is inspect.Parameter.empty,
        )
        for name, pulumi_name in names.items()
    }


def _sdk_outputs(resource: type) -> dict[str, Any]:
    kinds = _types.resource_types(resource)
    outputs = {}
    for name, pulumi_name in _types.resource_py_to_pulumi_names(resource).items():
        returned = typing.get_type_hints(inspect.unwrap(resource.__dict__[name].fget))["return"]
        optional = type(None) in typing.get_args(typing.get_args(returned)[0])
        outputs[pulumi_name] = (_sdk_shape(kinds[pulumi_name]), not optional)
    return outputs


def _sdk_shape(kind: Any) -> Shape:
    if typing.get_origin(kind) is typing.Union:  # Input[X] is X, an awaitable or an output of it.
        return _sdk_shape(typing.get_args(kind)[0])
    if typing.get_origin(kind) in {list, Sequence}:
        return ["array", _sdk_shape(typing.get_args(kind)[0])]
    if typing.get_origin(kind) in {dict, Mapping}:
        return ["map", _sdk_shape(typing.get_args(kind)[1])]
    return SCALARS[kind] if kind in SCALARS else _sdk_object(kind)


def _sdk_secret_inputs(resource: type, args: type) -> set[str]:
    """The SDK wraps secret inputs in code, not in annotations."""
    wrapped = re.findall(r"else pulumi\.Output\.secret\((\w+)\)", inspect.getsource(resource))
    names = _types.input_type_py_to_pulumi_names(args)
    return {names[name] for name in wrapped}


def _sdk_secret_outputs(resource: type) -> set[str]:
    listed = re.search(r"additional_secret_outputs=(\[.*?\])", inspect.getsource(resource))
    return set(json.loads(listed[1])) if listed else set()
