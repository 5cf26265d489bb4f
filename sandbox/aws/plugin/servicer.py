"""Answer the engine's calls: this module converts messages, other modules do the work."""

# ruff: noqa: N802 - the protocol sets the methods' names

import functools
import traceback
from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf import empty_pb2

from sandbox.aws.plugin import lifecycle, settings
from sandbox.aws.plugin.answers import checked, difference
from sandbox.aws.plugin.functions import FUNCTIONS
from sandbox.aws.plugin.lifecycle import Difference
from sandbox.aws.plugin.resource_type import ResourceType
from sandbox.aws.plugin.resources import RESOURCES
from sandbox.aws.plugin.schema import package_schema
from sandbox.aws.plugin.session import SessionError
from sandbox.aws.plugin.values import (
    UNKNOWN,
    Properties,
    has_unknown,
    read_properties,
    write_properties,
)
from sandbox.protocol import plugin_pb2, provider_pb2, provider_pb2_grpc

Context = Any  # grpc has no types


class UnsupportedError(Exception):
    """The plugin does not support the requested type, function or property."""


def _answered(call: Callable[..., Any]) -> Callable[..., Any]:
    """Turn an exception into an error answer that has the reason and the resource."""

    @functools.wraps(call)
    def answer(servicer: "Servicer", request: Any, context: Context) -> Any:
        try:
            return call(servicer, request, context)
        except (SessionError, UnsupportedError, ValueError) as error:
            message = str(error)
        except Exception as error:  # noqa: BLE001 - ours must reach the user, not hang the run
            message = _words(error)
        return context.abort(grpc.StatusCode.UNKNOWN, message)

    return answer


def _words(error: Exception) -> str:
    """The message of an error of AWS or the connection; for a bug in the plugin its traceback."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see session.py

    if isinstance(error, ClientError):
        reason = error.response["Error"]
        return f"{error.operation_name}: {reason['Code']}: {reason['Message']}"
    if isinstance(error, BotoCoreError):
        return str(error)
    trace = "".join(traceback.format_exception(error))
    return f"a mistake in the sandbox's pulumi-resource-aws:\n{trace}"


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """pulumi-aws, as far as the sandbox needs it."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._provider: settings.Provider | None = None

    def Handshake(self, request: Any, context: Context) -> Any:
        """Return the supported features of the protocol."""
        del request, context
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def Attach(self, request: Any, context: Context) -> Any:
        """Accept an engine that did not start this process."""
        del request, context
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Context) -> Any:
        """Return the SDK's version; with another one the engine would look for another plugin."""
        del request, context
        return plugin_pb2.PluginInfo(version=self._version)

    @_answered
    def GetSchema(self, request: Any, context: Context) -> Any:
        """Return the schema of the supported types, functions and settings."""
        del request, context
        return provider_pb2.GetSchemaResponse(schema=package_schema(self._version))

    @_answered
    def CheckConfig(self, request: Any, context: Context) -> Any:
        """Refuse settings that the plugin would ignore."""
        del context
        failures = settings.problems(read_properties(request.news).values)
        return checked(request.news, list(failures.items()))

    @_answered
    def DiffConfig(self, request: Any, context: Context) -> Any:
        """Return changed settings. No change replaces the provider, and so all its resources."""
        del context
        old = settings.decode(read_properties(request.old_inputs or request.olds).values)
        new = settings.decode(read_properties(request.news).values)
        names = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        return difference(
            [Difference(name, old.get(name), new.get(name), replaces=False) for name in names]
        )

    @_answered
    def Configure(self, request: Any, context: Context) -> Any:
        """Open a session in the account."""
        del context
        self._provider = settings.open_provider(read_properties(request.args).values)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @_answered
    def Check(self, request: Any, context: Context) -> Any:
        """Check the inputs of a resource and fill in its name."""
        del context
        _, _, token, name = request.urn.split("::", 3)
        proposal = lifecycle.Proposal(
            name,
            read_properties(request.news),
            read_properties(request.olds).values,
            self._provider.default_tags if self._provider else {},
            request.randomSeed,
        )
        inputs, problems = lifecycle.check(_resource(token.rpartition("$")[2]), proposal)
        return checked(write_properties(inputs), problems)

    @_answered
    def Diff(self, request: Any, context: Context) -> Any:
        """Compare the state of a resource with the wanted inputs."""
        del context
        state = read_properties(request.olds).values
        wanted = read_properties(request.news).values
        kind = _resource_of(request)
        found = lifecycle.differences(kind, state, wanted, request.ignoreChanges)
        first = lifecycle.must_delete_first(state, wanted, found)
        return difference(found, delete_first=first)

    @_answered
    def Create(self, request: Any, context: Context) -> Any:
        """Create a resource; in a preview return its known outputs."""
        del context
        kind, wanted = _resource_of(request), read_properties(request.properties)
        if request.preview:
            outputs = lifecycle.planned(kind, wanted, None)
            return provider_pb2.CreateResponse(properties=write_properties(outputs))
        identity, outputs = lifecycle.create(kind, self._iam, wanted)
        return provider_pb2.CreateResponse(id=identity, properties=write_properties(outputs))

    @_answered
    def Read(self, request: Any, context: Context) -> Any:
        """Read the live resource; an answer without id means that it does not exist."""
        del context
        found = lifecycle.read(
            _resource_of(request),
            self._iam,
            request.id,
            read_properties(request.properties),
            read_properties(request.inputs),
        )
        if found is None:
            return provider_pb2.ReadResponse()
        outputs, inputs = found
        return provider_pb2.ReadResponse(
            id=request.id, properties=write_properties(outputs), inputs=write_properties(inputs)
        )

    @_answered
    def Update(self, request: Any, context: Context) -> Any:
        """Update a resource; in a preview return its planned outputs."""
        del context
        kind, wanted = _resource_of(request), read_properties(request.news)
        state = read_properties(request.olds)
        if request.preview:
            outputs = lifecycle.planned(kind, wanted, state)
        else:
            found = lifecycle.differences(kind, state.values, wanted.values, request.ignoreChanges)
            outputs = lifecycle.update(kind, self._iam, request.id, found, wanted)
        return provider_pb2.UpdateResponse(properties=write_properties(outputs))

    @_answered
    def Delete(self, request: Any, context: Context) -> Any:
        """Delete a resource."""
        del context
        state = read_properties(request.properties).values
        lifecycle.delete(_resource_of(request), self._iam, request.id, state)
        return empty_pb2.Empty()

    @_answered
    def Invoke(self, request: Any, context: Context) -> Any:
        """Call a function."""
        del context
        known = FUNCTIONS.get(request.tok)
        if known is None:
            raise UnsupportedError(_unsupported("function", request.tok, FUNCTIONS))
        given = read_properties(request.args)
        failures = []
        for name in sorted(given.values.keys() | known.inputs.keys()):
            problem = _argument_problem(known.inputs, name, given.values)
            if problem:
                failures.append(provider_pb2.CheckFailure(property=name, reason=problem))
        if failures:
            return provider_pb2.InvokeResponse(failures=failures)
        if has_unknown(given.values):
            result: dict[str, Any] = dict.fromkeys(known.outputs, UNKNOWN)
        else:
            result = known.call(self._open.session, given.values)
        answer = write_properties(Properties(result, known.secrets))
        response = provider_pb2.InvokeResponse()
        # `return` is a Python keyword: the field cannot be set by a keyword argument.
        getattr(response, "return").CopyFrom(answer)
        return response

    def Cancel(self, request: Any, context: Context) -> Any:
        """Do nothing: all calls are short."""
        del request, context
        return empty_pb2.Empty()

    @property
    def _open(self) -> settings.Provider:
        if self._provider is None:
            raise SessionError("the provider is not configured")
        return self._provider

    @property
    def _iam(self) -> Any:
        return self._open.session.iam


def _resource_of(request: Any) -> ResourceType:
    return _resource(request.urn.split("::", 3)[2].rpartition("$")[2])


def _resource(token: str) -> ResourceType:
    if token not in RESOURCES:
        raise UnsupportedError(_unsupported("resource type", token, RESOURCES))
    return RESOURCES[token]


def _unsupported(what: str, token: str, known: Any) -> str:
    return (
        f"the {what} {token!r} is not supported by the sandbox's pulumi-resource-aws; it knows "
        f"{', '.join(sorted(known))}"
    )


def _argument_problem(inputs: Any, name: str, given: Any) -> str | None:
    if name not in inputs:
        return f"{name!r} is not supported by the sandbox's pulumi-resource-aws"
    if name in given:
        problem: str | None = inputs[name].problem(given[name])
        return problem
    return f"Missing required property '{name}'" if inputs[name].required else None
