"""The plugin's own package schema: the part of pulumi-aws that it supports."""

import json
from collections.abc import Mapping
from typing import Any, Final

from sandbox.aws.plugin.functions import FUNCTIONS
from sandbox.aws.plugin.resources import RESOURCES
from sandbox.aws.plugin.settings import KNOWN
from sandbox.aws.plugin.shapes import Properties, required, schema_of

_SETTINGS: Final[Mapping[type, str]] = {str: "string", bool: "boolean"}


def package_schema(version: str) -> str:
    """The schema as JSON, in Pulumi's package schema format."""
    return json.dumps(
        {
            "name": "aws",
            "version": version,
            "description": "What slipway's sandbox knows of pulumi-aws.",
            "provider": {
                "inputProperties": {
                    name: {"type": _SETTINGS[kind]} if kind in _SETTINGS else _ANY
                    for name, kind in KNOWN.items()
                }
            },
            "resources": {
                token: {
                    "inputProperties": schema_of(known.inputs),
                    "requiredInputs": required(known.inputs),
                    **_object(known.outputs),
                }
                for token, known in RESOURCES.items()
            },
            "functions": {
                token: {"inputs": _object(known.inputs), "outputs": _object(known.outputs)}
                for token, known in FUNCTIONS.items()
            },
        }
    )


_ANY: Final = {"$ref": "pulumi.json#/Any"}


def _object(properties: Properties) -> dict[str, Any]:
    return {"properties": schema_of(properties), "required": required(properties)}
