import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any, cast

import pulumi
import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.model.stack import Stack
from operations.preview_warnings import look as module
from operations.preview_warnings import watch
from operations.preview_warnings.look import Look
from tests.operations.diff import worlds

EXPORTS: Mapping[str, Any] = {"billing": "a summary"}
NOT_COMPARED = "GitHub and AWS were not compared with the declarations"


class Compared:
    """A finished look."""

    def __init__(self, *lines: str, unseen: Sequence[str] = ()) -> None:
        self._lines, self._unseen = list(lines), list(unseen)

    def accounts_left_out(self) -> list[str]:
        """Return the parts that were not looked at."""
        return self._unseen

    def not_shown(self, _planned: object, _declared: object, state: Mapping[str, Any]) -> list[str]:
        """Return the differences; with a state, overwritten secrets as well."""
        assert state == {"deployment": {}}
        return self._lines


class Watch:
    """A preview in which the engine plans no step."""

    steps = ()
    #: Raised by a request for the state.
    broken: Exception | None = None
    #: Raised by a registration.
    failed: Exception | None = None

    async def registered(self) -> set[str]:
        """Return the URN of the only resource, or raise."""
        if self.failed:
            raise self.failed
        return {"urn"}

    async def state(self) -> dict[str, Any]:
        """Return a state without resources, or raise."""
        if self.broken:
            raise self.broken
        return {"deployment": {}}


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the warnings of a preview with the setting `warn`."""
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    monkeypatch.setattr(module, "look_setting", lambda: "warn")
    monkeypatch.setattr(watch, "Watch", Watch)
    return said


@pytest.fixture
def failing(warned: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The same with the setting `fail`."""
    monkeypatch.setattr(module, "look_setting", lambda: "fail")
    return warned


Sees = Callable[[object], None]


@pytest.fixture
def sees(monkeypatch: pytest.MonkeyPatch) -> Sees:
    """Set the result of the look: differences, or an error."""

    def say(what: object) -> None:
        def see(_stack: Stack, _details: object, _patience: float) -> object:
            if isinstance(what, Exception):
                raise what
            return what

        monkeypatch.setattr(module, "_compare", see)

    return say


def told() -> Mapping[str, Any]:
    """Run the whole program, and return its exports."""

    async def program() -> Mapping[str, Any]:
        async def exports() -> Mapping[str, Any]:
            return EXPORTS

        files = cast(StackFiles, SimpleNamespace(stack=worlds.stack()))
        return await Look(files, {}).told(exports())

    return asyncio.run(program())


def test_each_difference_is_a_warning(warned: list[str], sees: Sees) -> None:
    """Each difference is one warning, and the program's exports stay the same."""
    sees(Compared("one", "another"))
    assert told() == EXPORTS
    assert warned == ["one", "another"]


def test_fail_ends_a_preview_with_the_list(failing: list[str], sees: Sees) -> None:
    """With `fail`, one error lists all differences, without warnings."""
    sees(Compared("one", "another"))
    with pytest.raises(pulumi.RunError, match=r"^acme is not as declared.*\none\nanother$"):
        told()
    assert failing == []


def test_fail_accepts_a_world_as_declared(failing: list[str], sees: Sees) -> None:
    """With `fail`, a preview without a difference succeeds silently."""
    sees(Compared())
    assert told() == EXPORTS
    assert failing == []


def test_an_update_looks_at_nothing(
    warned: list[str], sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update does not look, since its preview did."""
    sees(Compared("one"))
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    assert told() == EXPORTS
    assert warned == []


def test_off_looks_at_nothing(
    warned: list[str], sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `off`, a preview does not look."""
    sees(Compared("one"))
    monkeypatch.setattr(module, "look_setting", lambda: "off")
    assert told() == EXPORTS
    assert warned == []


OUT_OF_REACH = ConfigurationError(
    [Problem("https://api.github.com/", 0, "", "cannot be reached: no route")], ExitCode.ERROR
)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OUT_OF_REACH, "https://api.github.com/: cannot be reached: no route"),
        (KeyError("x"), "'x'"),
    ],
)
def test_a_failing_look_breaks_no_preview(
    warned: list[str], sees: Sees, error: Exception, why: str
) -> None:
    """A look that fails, also by a bug, is one warning with the reason; the preview succeeds."""
    sees(error)
    assert told() == EXPORTS
    (said,) = warned
    assert said.startswith(f"{NOT_COMPARED}: ")
    assert why in said


@pytest.mark.parametrize("what", [OUT_OF_REACH, Compared(unseen=["account 3 was not looked at"])])
def test_fail_ends_where_something_was_not_looked_at(
    failing: list[str], sees: Sees, what: object
) -> None:
    """With `fail`, parts that were not looked at end the preview."""
    sees(what)
    with pytest.raises(pulumi.RunError, match=r"not compared|not looked at"):
        told()
    assert failing == []


def test_an_account_out_of_reach_hides_nothing_else(warned: list[str], sees: Sees) -> None:
    """Differences on GitHub are reported beside an unreachable account."""
    sees(Compared("a difference", unseen=["account 3 was not looked at"]))
    assert told() == EXPORTS
    assert warned == ["account 3 was not looked at", "a difference"]


def test_a_look_that_does_not_end_is_one_warning(
    warned: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that does not end in time is one warning, and the preview continues."""
    monkeypatch.setattr(module, "in_background", lambda _work: Future())
    monkeypatch.setattr(module, "_PATIENCE", 0)
    monkeypatch.setattr(module, "_EACH", 0)
    monkeypatch.setattr(module, "_REST", 0)
    assert told() == EXPORTS
    assert warned == [f"{NOT_COMPARED}: the comparison took longer than 0 seconds"]


def test_a_finished_look_is_reported_after_the_time_limit(
    warned: list[str], sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finished look is reported, even if the program took longer than the time limit."""
    sees(Compared("one"))
    done: Future[object] = Future()
    done.set_result(Compared("one"))
    monkeypatch.setattr(module, "in_background", lambda _work: done)
    for name in ("_PATIENCE", "_EACH", "_REST"):
        monkeypatch.setattr(module, name, -1)
    assert told() == EXPORTS
    assert warned == ["one"]


def test_without_a_state_other_differences_are_reported(
    warned: list[str], sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the state, one warning says so, and the other differences are reported."""
    sees(Compared("one"))
    monkeypatch.setattr(Watch, "broken", RuntimeError("no such stack"))
    assert told() == EXPORTS
    state, one = warned
    assert "no such stack" in state
    assert one == "one"


def test_a_failed_program_has_no_differences(
    warned: list[str], sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the program fails, the look reports nothing: a partial plan would show differences."""
    sees(Compared("one"))
    monkeypatch.setattr(Watch, "failed", RuntimeError("no registration"))
    assert told() == EXPORTS
    assert warned == []


def test_foreign_text_cannot_act_on_a_terminal(warned: list[str], sees: Sees) -> None:
    """Foreign text in warnings is made visible, so it cannot control the terminal."""
    sees(Compared(unseen=["AWS said \x1b[2J"]))
    told()
    assert all(line.isprintable() for line in warned)
