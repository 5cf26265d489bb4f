"""Pulumi's protocol, without the SDK around it: what a plugin says and hears.

A submodule is the SDK's own of that name in `pulumi.runtime.proto`. The package there cannot be
imported alone: it brings the whole SDK, which takes longer than all else that a plugin does before
it answers. An engine starts one for each account, a run of this project's tests thousands.
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
