"""The engine replaced by a recorder of the registrations of a component."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest
from pulumi.runtime import Mocks, set_mocks, settings
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs
from pulumi.runtime.proto.resource_pb2 import (
    FAIL,
    RegisterResourceRequest,
    RegisterResourceResponse,
)
from pulumi.runtime.proto.source_pb2 import StackTrace
from pulumi.runtime.stack import run_pulumi_func

from tests.components.resources.options import Options, options_of, short


@dataclass
class Recorder(Mocks):
    """Answers each registration with its inputs, as a provider does after a creation."""

    children: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    #: Options by `TYPE NAME`, of resources and components, but not of the stack itself.
    options: dict[str, Options] = field(default_factory=dict)
    #: By `TYPE NAME` and input: the resources whose outputs the input depends on.
    inputs_of: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    #: Types whose resources fail, as in an update that goes on after an error.
    failing: frozenset[str] = frozenset()

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Remember type, name and inputs."""
        self.children[args.typ, args.name] = args.inputs
        outputs = dict(args.inputs)
        if args.typ == "aws:iam/role:Role":
            outputs["arn"] = f"arn:aws:iam::111111111111:role/slipway/{args.inputs['name']}"
        return f"{args.name}-id", outputs

    def call(self, args: MockCallArgs) -> Any:
        """Record the function's call, and return its arguments."""
        self.calls.append((args.token, args.args))
        return dict(args.args)

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Inputs by name of all children of a type."""
        return {name: inputs for (typ, name), inputs in self.children.items() if typ == kind}


class _Monitor(MockMonitor):
    """The SDK's own monitor, which does not pass options to mocks, so this one records them."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self._recorder = recorder
        self._stack = ""

    def RegisterResource(  # noqa: N802 - the SDK's name
        self, request: RegisterResourceRequest
    ) -> RegisterResourceResponse:
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == "pulumi:pulumi:Stack":
            self._stack = urn
        else:
            assert short(urn) not in self._recorder.options
            self._recorder.options[short(urn)] = options_of(request, self._stack)
            for name, found in request.propertyDependencies.items():
                self._recorder.inputs_of[short(urn), name] = set(map(short, found.urns))
        answer: RegisterResourceResponse = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type in self._recorder.failing:
            answer.result = FAIL
        return answer


class Provision(Protocol):
    """Run a part of a program; resources of the `failing` types fail."""

    def __call__(self, program: Callable[[], object], /, *failing: str) -> Recorder:
        """Return the recorder of its registrations."""


@pytest.fixture
def provision(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provision]:
    """Run a piece of a program against the recorder, in an event loop of its own.

    The SDK tells the engine the stack of Python frames of each resource, and looks up the lines of
    each. Nobody asks the recorder for it, and it is a tenth of the time.
    """
    monkeypatch.setattr("pulumi.runtime.resource._get_stack_trace", StackTrace)

    def run(program: Callable[[], object], /, *failing: str) -> Recorder:
        recorder = Recorder(failing=frozenset(failing))

        async def with_mocks() -> None:
            set_mocks(recorder, project="slipway", stack="s", monitor=_Monitor(recorder))

            def run_program() -> None:
                program()

            await run_pulumi_func(run_program)

        asyncio.run(with_mocks())
        return recorder

    yield run
    settings.reset_options()
