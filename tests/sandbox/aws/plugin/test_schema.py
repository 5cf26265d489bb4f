"""The plugin's schema, compared with the classes of the installed pulumi_aws."""

import inspect
import json
import re
import sys
import typing
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import pulumi
import pulumi_aws
import pytest
from pulumi import _types  # the SDK's own reading of the annotations it generates

from sandbox.aws.plugin.schema import package_schema

SCHEMA: dict[str, Any] = json.loads(package_schema("7.51.1"))
#: The plugin passes on a property of this kind without checking it.
ANY = "any"
SCALARS = {str: "string", int: "integer", bool: "boolean"}
#: Inputs of the SDK that the plugin does not support; the plugin's modules have the reasons.
NOT_SUPPORTED = {
    "aws:iam/role:Role": {"inlinePolicies", "managedPolicyArns", "namePrefix"},
    "aws:iam/rolePolicy:RolePolicy": {"namePrefix"},
    "aws:iam/policy:Policy": {"delayAfterPolicyCreationInMs", "namePrefix"},
}
NEVER_TOLD = {"aws:iam/policy:Policy": {"delayAfterPolicyCreationInMs"}}


def module_of(token: str) -> tuple[Any, str]:
    """The SDK's module for a token, and the name in it."""
    _, place, name = token.split(":")
    module = place.split("/")[0]
    return (pulumi_aws if module == "index" else getattr(pulumi_aws, module)), name


def shape(kind: Any) -> Any:
    """`"string"`, `["array", element]`, `["map", element]`, or `"any"` for a class."""
    if typing.get_origin(kind) is typing.Union:  # Input[X]: X, an awaitable or an output of it
        return shape(typing.get_args(kind)[0])
    if typing.get_origin(kind) in {list, Sequence}:
        return ["array", shape(typing.get_args(kind)[0])]
    if typing.get_origin(kind) in {dict, Mapping}:
        return ["map", shape(typing.get_args(kind)[1])]
    return SCALARS.get(kind, ANY)


def described(schema: Mapping[str, Any]) -> Any:
    """The same shape for a property in the plugin's schema."""
    if "$ref" in schema:
        return ANY
    if schema["type"] == "array":
        return ["array", described(schema["items"])]
    if schema["type"] == "object":
        return ["map", described(schema["additionalProperties"])]
    return schema["type"]


def assert_fits(known: Mapping[str, Any], of_sdk: Mapping[str, Any]) -> None:
    """Assert that every property of the plugin has the SDK's type."""
    assert known.keys() <= of_sdk.keys()
    for name, schema in known.items():
        told = described(schema)
        assert told == ANY or told == of_sdk[name], name


@pytest.mark.parametrize("token", SCHEMA["resources"])
def test_a_resource_takes_what_the_sdk_sends(token: str) -> None:
    """Inputs have the SDK's names and types and the same required ones; exceptions are listed."""
    module, name = module_of(token)
    args = getattr(module, f"{name}Args")
    assert getattr(module, name).pulumi_type == token
    kinds = _types.input_type_types(args)
    names = _types.input_type_py_to_pulumi_names(args)
    mine = SCHEMA["resources"][token]
    assert_fits(mine["inputProperties"], {key: shape(kind) for key, kind in kinds.items()})
    unsupported = kinds.keys() - mine["inputProperties"].keys()
    assert unsupported == NOT_SUPPORTED.get(token, set())
    parameters = inspect.signature(args).parameters
    required = {
        pulumi_name
        for python_name, pulumi_name in names.items()
        if parameters[python_name].default is inspect.Parameter.empty
    }
    assert set(mine["requiredInputs"]) == required


@pytest.mark.parametrize("token", SCHEMA["resources"])
def test_a_resource_tells_what_the_sdk_expects(token: str) -> None:
    """Outputs and required outputs are the SDK's."""
    module, name = module_of(token)
    resource = getattr(module, name)
    kinds = {key: shape(kind) for key, kind in _types.resource_types(resource).items()}
    mine = SCHEMA["resources"][token]
    assert_fits(mine["properties"], kinds)
    assert kinds.keys() - mine["properties"].keys() == NEVER_TOLD.get(token, set())
    always = set()
    for python_name, pulumi_name in _types.resource_py_to_pulumi_names(resource).items():
        getter = inspect.unwrap(resource.__dict__[python_name].fget)
        returned = typing.get_type_hints(getter)["return"]
        if type(None) not in typing.get_args(typing.get_args(returned)[0]):
            always.add(pulumi_name)
    assert set(mine["required"]) == always


@pytest.mark.parametrize("token", SCHEMA["functions"])
def test_a_function_has_the_sdks_arguments_and_results(token: str) -> None:
    """A function has all arguments and results of the SDK's."""
    module, name = module_of(token)
    python_name = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    # The package loads its modules lazily: getattr loads the one with the function's source.
    source = inspect.getsource(sys.modules[getattr(module, python_name).__module__])
    assert f"pulumi.runtime.invoke('{token}'" in source
    mine = SCHEMA["functions"][token]
    arguments = set(re.findall(r"__args__\['(\w+)'\]", source))
    assert mine["inputs"]["properties"].keys() == arguments
    result = getattr(module, f"{name[0].upper()}{name[1:]}Result")
    kinds = {key: shape(kind) for key, kind in _types.output_type_types(result).items()}
    assert mine["outputs"]["properties"].keys() == kinds.keys()
    assert_fits(mine["outputs"]["properties"], kinds)


def test_the_provider_takes_what_the_sdk_sends() -> None:
    """Every supported setting is one of the SDK's."""
    kinds = _types.input_type_types(pulumi_aws.ProviderArgs)
    shapes = {key: shape(kind) for key, kind in kinds.items()}
    assert_fits(SCHEMA["provider"]["inputProperties"], shapes)
    roles = _types.input_type_py_to_pulumi_names(pulumi_aws.ProviderAssumeRoleArgs)
    assert {"roleArn", "sessionName", "externalId"} <= set(roles.values())


def test_the_installed_sdk_is_the_one_that_is_imitated() -> None:
    """A new version may have other properties: then the lists of this test need a review."""
    assert version("pulumi-aws") == SCHEMA["version"]
    assert issubclass(pulumi_aws.iam.Role, pulumi.CustomResource)
