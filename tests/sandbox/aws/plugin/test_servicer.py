from importlib.metadata import version

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from tests.sandbox.aws.plugin.engine import Engine


def test_the_version_is_the_sdks(process: Engine) -> None:
    """The plugin returns the SDK's version: the engine skips a plugin of another one."""
    assert process.stub.GetPluginInfo(empty_pb2.Empty()).version == version("pulumi-aws")


def test_secrets_attach_and_cancel_are_supported(process: Engine) -> None:
    """The plugin supports secrets; an engine may attach and cancel."""
    answer = process.stub.Handshake(provider_pb2.ProviderHandshakeRequest())
    assert answer.accept_secrets
    process.stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1"))
    process.stub.Cancel(empty_pb2.Empty())


def test_an_unsupported_type_is_refused_by_name(engine: Engine) -> None:
    """The error has the type and the supported types."""
    with pytest.raises(grpc.RpcError) as refused:
        engine.check("aws:s3/bucket:Bucket", bucket="a")
    details = str(refused.value.details())
    assert "'aws:s3/bucket:Bucket' is not supported by the sandbox's" in details
    assert "aws:iam/role:Role" in details


def test_an_unsupported_function_is_refused_by_name(engine: Engine) -> None:
    """The error has the function and the supported functions."""
    with pytest.raises(grpc.RpcError) as refused:
        engine.invoke("aws:s3/getBucket:getBucket", bucket="a")
    details = str(refused.value.details())
    assert "'aws:s3/getBucket:getBucket' is not supported by the sandbox's" in details
    assert "aws:iam/getRole:getRole" in details
