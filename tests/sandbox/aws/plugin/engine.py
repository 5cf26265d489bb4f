"""The engine's side of the protocol; the SDK's own code converts the values."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox.aws.folder import plugin_folder

#: The engine's mark of an unknown value.
UNKNOWN = rpc.UNKNOWN


@dataclass(frozen=True)
class Secret:
    """A value that the engine marks as secret."""

    value: Any


def to_message(values: Mapping[str, Any]) -> Any:
    """Convert values to a message."""
    return PropertyValue.marshal_map({name: _wrap(value) for name, value in values.items()})


def from_message(message: Any) -> dict[str, Any]:
    """Convert a message to values."""
    found = PropertyValue.unmarshal_map(message)
    return {name: _unwrap(value) for name, value in found.items()}


def _wrap(value: Any) -> PropertyValue:
    match value:
        case Secret():
            return _wrap(value.value).with_secret(True)  # noqa: FBT003 - the SDK's signature
        case dict():
            return PropertyValue({name: _wrap(member) for name, member in value.items()})
        case list():
            return PropertyValue([_wrap(member) for member in value])
        case bool() | str() | None:
            return PropertyValue(value)
        case _:
            return PropertyValue(float(value))


def _unwrap(found: PropertyValue) -> Any:
    value: Any = found.value
    if isinstance(value, Mapping):
        value = {name: _unwrap(member) for name, member in value.items()}
    elif isinstance(value, tuple):
        value = [_unwrap(member) for member in value]
    return Secret(value) if found.is_secret else value


class Engine:
    """Calls the plugin as the engine does; resources are named `test` of the project `p`."""

    def __init__(self, stub: Any) -> None:
        self.stub = stub

    def configure(self, **settings: Any) -> None:
        """Configure the provider."""
        self.stub.Configure(provider_pb2.ConfigureRequest(args=to_message(settings)))

    def check(self, kind: str, /, **news: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """The checked inputs, and failures by property."""
        return self.check_again(kind, {}, **news)

    def check_again(
        self, kind: str, olds: Mapping[str, Any], /, **news: Any
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """The same with the inputs of the last run."""
        answer = self.stub.Check(
            provider_pb2.CheckRequest(
                urn=urn(kind), olds=to_message(olds), news=to_message(news), randomSeed=b"0"
            )
        )
        return from_message(answer.inputs), {f.property: f.reason for f in answer.failures}

    def create(self, kind: str, **inputs: Any) -> tuple[str, dict[str, Any]]:
        """Check the inputs and create a resource; returns its id and outputs."""
        checked, failures = self.check(kind, **inputs)
        assert not failures
        answer = self.stub.Create(
            provider_pb2.CreateRequest(urn=urn(kind), properties=to_message(checked))
        )
        return answer.id, from_message(answer.properties)

    def plan(self, kind: str, **inputs: Any) -> dict[str, Any]:
        """The outputs that a preview shows for a new resource."""
        checked, failures = self.check(kind, **inputs)
        assert not failures
        answer = self.stub.Create(
            provider_pb2.CreateRequest(urn=urn(kind), properties=to_message(checked), preview=True)
        )
        return from_message(answer.properties)

    def diff(
        self, kind: str, identity: str, state: Mapping[str, Any], *ignored: str, **inputs: Any
    ) -> Any:
        """The differences between a state and inputs."""
        checked, failures = self.check(kind, **inputs)
        assert not failures
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                id=identity,
                urn=urn(kind),
                olds=to_message(state),
                news=to_message(checked),
                ignoreChanges=ignored,
            )
        )

    def update(
        self, kind: str, identity: str, state: Mapping[str, Any], **inputs: Any
    ) -> dict[str, Any]:
        """Update a resource; returns its outputs."""
        checked, failures = self.check(kind, **inputs)
        assert not failures
        answer = self.stub.Update(
            provider_pb2.UpdateRequest(
                id=identity, urn=urn(kind), olds=to_message(state), news=to_message(checked)
            )
        )
        return from_message(answer.properties)

    def read(
        self, kind: str, identity: str, state: Mapping[str, Any], **inputs: Any
    ) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Refresh a resource, or import it (no state, no inputs); returns id, outputs, inputs."""
        answer = self.stub.Read(
            provider_pb2.ReadRequest(
                id=identity, urn=urn(kind), properties=to_message(state), inputs=to_message(inputs)
            )
        )
        return answer.id, from_message(answer.properties), from_message(answer.inputs)

    def delete(self, kind: str, identity: str, state: Mapping[str, Any]) -> None:
        """Delete a resource."""
        self.stub.Delete(
            provider_pb2.DeleteRequest(id=identity, urn=urn(kind), properties=to_message(state))
        )

    def invoke(self, function: str, **arguments: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """The result of a function, and failures by argument."""
        answer = self.stub.Invoke(
            provider_pb2.InvokeRequest(tok=function, args=to_message(arguments))
        )
        failures = {failure.property: failure.reason for failure in answer.failures}
        return from_message(getattr(answer, "return")), failures


def urn(kind: str) -> str:
    """The URN of a resource inside a component."""
    return f"urn:pulumi:dev::p::slipway:aws:Component${kind}::test"


@contextmanager
def started(environment: Mapping[str, str]) -> Iterator[Engine]:
    """Start a plugin process with these environment variables, and end it afterwards."""
    plugin = plugin_folder() / "pulumi-resource-aws"
    with subprocess.Popen(
        [plugin, "127.0.0.1:1"], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield Engine(provider_pb2_grpc.ResourceProviderStub(channel))
        finally:
            process.terminate()
            try:
                assert process.wait(10) == 0
            finally:
                process.kill()


def sandbox_environment(url: str) -> dict[str, str]:
    """The environment variables of a run in the sandbox."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": "eu-west-1",
    }
