import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings
from pulumi.runtime.resource import _get_source_position, _get_stack_trace

from components.resources.bookkeeping import known_exports, no_debug_messages, without_stack_traces


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Forget failed outputs, which the SDK keeps until the program's end."""
    yield
    settings.SETTINGS.outputs.clear()


class Base:
    """As the SDK's `Resource`, whose constructor takes the trace."""

    def __init__(self) -> None:
        self.trace = _get_stack_trace()


class Custom(Base):
    """As the SDK's `CustomResource`."""

    def __init__(self) -> None:
        super().__init__()


class Concrete(Custom):
    """As a generated class, or a component."""

    def __init__(self) -> None:
        super().__init__()


def test_the_sdk_records_no_place_of_a_resource() -> None:
    """Resources are registered without a stack trace, from which the SDK also takes the place."""
    with without_stack_traces():
        trace = Concrete().trace
        assert not trace.frames
        assert _get_source_position(trace) is None
    assert Path(__file__).as_uri() in {frame.pc.uri for frame in Concrete().trace.frames}


@pytest.mark.parametrize(
    ("environment", "sent"),
    [
        ({}, []),
        ({"PULUMI_OPTION_DEBUG": "false"}, []),
        ({"PULUMI_OPTION_DEBUG": "true"}, ["one more"]),
    ],
)
def test_the_engine_gets_debug_messages_only_if_it_shows_them(
    environment: dict[str, str], sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK sends its debug messages only if the variable asks the engine to show them."""
    messages: list[str] = []

    def log(request: Any) -> None:
        messages.append(request.message)

    monkeypatch.setattr(pulumi.log, "get_engine", lambda: SimpleNamespace(Log=log))
    monkeypatch.setattr(pulumi.log, "debug", pulumi.log.debug)
    no_debug_messages(environment)
    pulumi.log.debug("one more")
    pulumi.log.warn("a warning")
    assert messages == [*sent, "a warning"]


@pytest.mark.parametrize("before", [None, 3])
def test_an_exception_keeps_its_whole_traceback(
    before: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trace limit is reset before an exception's traceback is printed."""
    monkeypatch.delattr(sys, "tracebacklimit", raising=False)
    if before is not None:
        monkeypatch.setattr(sys, "tracebacklimit", before, raising=False)
    with pytest.raises(RecursionError), without_stack_traces():
        raise RecursionError
    assert getattr(sys, "tracebacklimit", None) == before


def test_exports_are_waited_for() -> None:
    """The program ends only when the slowest export is known."""
    known: list[str] = []

    async def slow() -> str:
        await asyncio.sleep(0.05)
        known.append("slow")
        return "value"

    async def program() -> None:
        exports: dict[str, Any] = {"nested": {"slow": pulumi.Output.from_input(slow())}}
        assert await known_exports(exports) is exports
        assert known == ["slow"]

    asyncio.run(program())


@pytest.mark.usefixtures("forgotten")
def test_a_failed_export_ends_the_wait() -> None:
    """A failed export ends the wait, since others may never be known; the SDK reports the error."""

    async def failing() -> str:
        raise RecursionError("made up")

    async def program() -> None:
        later: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        failed: pulumi.Output[str] = pulumi.Output.from_input(failing())
        pending: pulumi.Output[str] = pulumi.Output.from_input(later)
        exports = {"failed": failed, "pending": pending}
        async with asyncio.timeout(5):
            assert await known_exports(exports) is exports
        with pytest.raises(RecursionError, match="made up"):
            await failed.future()
        later.set_result("value")
        await pending.future()

    asyncio.run(program())


@pytest.mark.parametrize("preview", [False, True])
def test_an_export_that_an_error_left_unknown_is_left_out(
    monkeypatch: pytest.MonkeyPatch, *, preview: bool
) -> None:
    """An update leaves out an export that an error left unknown, so its old value stays.

    A preview keeps all exports.
    """
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)

    async def program() -> None:
        value, known = asyncio.Future[Any](), asyncio.Future[bool]()
        value.set_result(None)
        known.set_result(False)
        unknown = pulumi.Output[Any](set(), value, known)
        exports = {"done": {"role": "arn"}, "failed": {"role": unknown}}
        expected = exports if preview else {"done": exports["done"]}
        assert await known_exports(exports) == expected

    asyncio.run(program())
