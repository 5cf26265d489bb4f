"""Pulumi's protocol messages, without the rest of the SDK.

Each submodule is the SDK's module of the same name in `pulumi.runtime.proto`. Importing that
package imports the whole SDK, which takes longer than all other work of a plugin before its first
answer. An engine starts one plugin for each account; the tests of this project start thousands.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi.runtime.proto import language_pb2 as language_pb2
    from pulumi.runtime.proto import language_pb2_grpc as language_pb2_grpc
    from pulumi.runtime.proto import plugin_pb2 as plugin_pb2
    from pulumi.runtime.proto import provider_pb2 as provider_pb2
    from pulumi.runtime.proto import provider_pb2_grpc as provider_pb2_grpc

_sdk = find_spec("pulumi")  # finds without importing
if _sdk is None or not _sdk.submodule_search_locations:
    raise ImportError("the pulumi package is not installed")
__path__ = [str(Path(_sdk.submodule_search_locations[0], "runtime", "proto"))]
