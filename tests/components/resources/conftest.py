"""The engine replaced by a recorder: what a component asks for, child by child."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pulumi.runtime import Mocks, set_mocks, settings
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs
from pulumi.runtime.stack import run_pulumi_func


@dataclass
class Recorder(Mocks):
    """Answers every registration with its inputs, as a provider would after creating."""

    children: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Remember type, name and inputs."""
        self.children[args.typ, args.name] = args.inputs
        outputs = dict(args.inputs)
        if args.typ == "aws:iam/role:Role":
            outputs["arn"] = f"arn:aws:iam::111111111111:role/slipway/{args.inputs['name']}"
        return f"{args.name}-id", outputs

    def call(self, args: MockCallArgs) -> Any:
        """Remember functions; answer with what was asked."""
        self.calls.append((args.token, args.args))
        return dict(args.args)

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Inputs by name of all children of a type."""
        return {name: inputs for (typ, name), inputs in self.children.items() if typ == kind}


Provision = Callable[[Callable[[], object]], Recorder]


@pytest.fixture
def provision() -> Iterator[Provision]:
    """Run a piece of a program against the recorder, in an event loop of its own."""

    def run(program: Callable[[], object]) -> Recorder:
        recorder = Recorder()

        async def with_mocks() -> None:
            set_mocks(recorder, project="slipway", stack="s")

            def run_program() -> None:
                program()

            await run_pulumi_func(run_program)

        asyncio.run(with_mocks())
        return recorder

    yield run
    settings.reset_options()
