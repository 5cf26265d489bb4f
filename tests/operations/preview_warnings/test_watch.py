import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pulumi
import pytest

from operations.engine.steps import Step
from operations.preview_warnings import watch as module
from operations.preview_warnings.watch import Watch

URN = "urn:pulumi:s::slipway::aws:iam/role:Role::billing-prod"
ROLE = "aws:iam/role:Role"


class Engine:
    """The engine's side of the SDK, as far as a watch uses it."""

    def __init__(self) -> None:
        self.transformations: list[Any] = []
        #: The stack's state, and how often it was requested.
        self.outputs: dict[str, Any] = {}
        self.asked: list[Any] = []

    async def invoke(self, token: str, args: dict[str, str]) -> dict[str, Any]:
        """The engine's own functions."""
        self.asked.append((token, args))
        return {"outputs": self.outputs}

    def register(self, *, import_: str | None = None) -> pulumi.ResourceOptions:
        """Register a resource with its own options; return the options after the transformation."""
        opts = pulumi.ResourceOptions(import_=import_, protect=True)
        resource = SimpleNamespace(urn=SimpleNamespace(future=_urn))
        args = SimpleNamespace(resource=resource, opts=opts, props={"name": "x"})
        (transformation,) = self.transformations
        done = transformation(args)
        assert done.props == {"name": "x"}
        return cast(pulumi.ResourceOptions, done.opts)


async def _urn() -> str:
    return URN


class Hook:
    """The SDK's hook, without its registration with a running engine."""

    def __init__(self, name: str, callback: object, opts: object) -> None:
        self.name, self.callback, self.opts = name, callback, opts


class Binding:
    """The SDK's binding, which accepts only its own hooks."""

    def __init__(self, **hooks: list[Hook]) -> None:
        self.hooks = hooks


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Return a stand-in for the engine."""
    engine = Engine()
    monkeypatch.setattr(pulumi, "ResourceHook", Hook)
    monkeypatch.setattr(module, "register_stack_transformation", engine.transformations.append)
    monkeypatch.setattr(module, "invoke_async", engine.invoke)
    monkeypatch.setattr(module, "_stack_name", lambda: "s")
    return engine


def arguments(**given: object) -> pulumi.ResourceHookArgs:
    """Return the arguments with which the engine calls a hook."""
    empty = dict.fromkeys(("new_inputs", "old_inputs", "new_outputs", "old_outputs"))
    found = {**empty, "urn": URN, "type": ROLE, **given}
    return cast(pulumi.ResourceHookArgs, SimpleNamespace(**found))


def test_every_resource_is_watched_and_keeps_its_options(engine: Engine) -> None:
    """Each resource gets hooks before creation and update, and keeps its own options."""
    watch = Watch()
    opts = engine.register()
    assert opts.protect
    assert opts.hooks is not None
    assert [len(getattr(opts.hooks, f"before_{op}") or ()) for op in ("create", "update")] == [1, 1]
    assert not opts.hooks.before_delete
    assert asyncio.run(watch.registered()) == {URN}


def test_a_step_has_the_planned_values(engine: Engine) -> None:
    """A step has a creation's inputs; an update's live values, and the fields that differ."""
    watch = Watch()
    opts = engine.register()
    create, update = (getattr(opts.hooks, f"before_{op}")[0] for op in ("create", "update"))
    create.callback(arguments(new_inputs={"path": "/"}))
    update.callback(
        arguments(
            new_inputs={"path": "/", "maxSessionDuration": 3600},
            old_inputs={"path": "/", "maxSessionDuration": 3600},
            old_outputs={"path": "/", "maxSessionDuration": 7200, "arn": "a"},
        )
    )
    old = {"path": "/", "maxSessionDuration": 7200, "arn": "a"}
    new = {"path": "/", "maxSessionDuration": 3600}
    assert watch.steps == [
        Step("create", URN, ROLE, {}, {"path": "/"}, ()),
        Step("update", URN, ROLE, old, new, ("maxSessionDuration",)),
    ]


@pytest.mark.parametrize("import_", [None, "acme.billing-prod"])
def test_without_existing_resources_the_state_is_not_requested(
    engine: Engine, import_: str | None
) -> None:
    """Without existing resources the state is not requested: the engine would end."""
    watch = Watch()
    engine.register(import_=import_)
    if import_ is None:
        watch.steps.append(Step("create", URN, ROLE, {}, {}, ()))
    assert asyncio.run(watch.state()) == {"deployment": {}}
    assert engine.asked == []


def test_the_state_is_an_export(engine: Engine) -> None:
    """The state has the form of `pulumi stack export`, so the same code reads both."""
    watch = Watch()
    engine.register()
    engine.outputs = {URN: {"type": ROLE, "outputs": {"path": "/"}}}
    found = {"urn": URN, "type": ROLE, "outputs": {"path": "/"}, "inputs": {"path": "/"}}
    assert asyncio.run(watch.state()) == {"deployment": {"resources": [found]}}
    assert engine.asked == [("pulumi:pulumi:readStackResourceOutputs", {"stackName": "s"})]


@pytest.mark.parametrize(
    ("organization", "name"), [("organization", "acme"), ("example", "example/slipway/acme")]
)
def test_a_stack_has_the_backends_name(
    monkeypatch: pytest.MonkeyPatch, organization: str, name: str
) -> None:
    """In Pulumi Cloud the stack's name has organisation and project in front."""
    monkeypatch.setattr(pulumi, "get_organization", lambda: organization)
    monkeypatch.setattr(pulumi, "get_project", lambda: "slipway")
    monkeypatch.setattr(pulumi, "get_stack", lambda: "acme")
    assert module._stack_name() == name
