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
    """A comparison that is over."""

    def __init__(self, *lines: str, unseen: Sequence[str] = ()) -> None:
        self._lines, self._unseen = list(lines), list(unseen)

    def accounts_left_out(self) -> list[str]:
        """What could not be looked at."""
        return self._unseen

    def not_shown(self, _planned: object, _declared: object, state: Mapping[str, Any]) -> list[str]:
        """What differs; with a state, as it is one that knows secrets."""
        assert state == {"deployment": {}}
        return self._lines


class Watch:
    """A preview of which the engine plans nothing."""

    steps = ()
    #: What asking for the state raises.
    broken: Exception | None = None
    #: What registering raises.
    failed: Exception | None = None

    async def registered(self) -> set[str]:
        """Every resource."""
        if self.failed:
            raise self.failed
        return {"urn"}

    async def state(self) -> dict[str, Any]:
        """None yet."""
        if self.broken:
            raise self.broken
        return {"deployment": {}}


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is warned of in a preview with the setting `warn`."""
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
    """Says what the look comes to: something seen, or an error."""

    def say(what: object) -> None:
        def see(_stack: Stack, _details: object, _patience: float) -> object:
            if isinstance(what, Exception):
                raise what
            return what

        monkeypatch.setattr(module, "_compare", see)

    return say


def told() -> Mapping[str, Any]:
    """The program's exports, after a whole program."""

    async def program() -> Mapping[str, Any]:
        async def exports() -> Mapping[str, Any]:
            return EXPORTS

        files = cast(StackFiles, SimpleNamespace(stack=worlds.stack()))
        return await Look(files, {}).told(exports())

    return asyncio.run(program())


def test_each_difference_is_a_warning(warned: list[str], sees: Sees) -> None:
    """What was seen is told line by line, and the program's exports are what they are."""
    sees(Compared("one", "another"))
    assert told() == EXPORTS
    assert warned == ["one", "another"]


def test_fail_ends_a_preview_with_the_list(failing: list[str], sees: Sees) -> None:
    """All of it is one error, and no warning says it again."""
    sees(Compared("one", "another"))
    with pytest.raises(pulumi.RunError, match=r"^acme is not as declared.*\none\nanother$"):
        told()
    assert failing == []


def test_fail_is_fine_with_what_is_as_declared(failing: list[str], sees: Sees) -> None:
    """Nothing differs, nothing is said."""
    sees(Compared())
    assert told() == EXPORTS
    assert failing == []


def test_an_update_looks_at_nothing(
    warned: list[str], sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its preview did."""
    sees(Compared("one"))
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    assert told() == EXPORTS
    assert warned == []


def test_off_looks_at_nothing(
    warned: list[str], sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The setting's word."""
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
def test_what_cannot_be_looked_at_breaks_no_preview(
    warned: list[str], sees: Sees, error: Exception, why: str
) -> None:
    """One warning says what was not compared, and why; a mistake of our own is no other case."""
    sees(error)
    assert told() == EXPORTS
    (said,) = warned
    assert said.startswith(f"{NOT_COMPARED}: ")
    assert why in said


@pytest.mark.parametrize("what", [OUT_OF_REACH, Compared(unseen=["account 3 was not looked at"])])
def test_fail_ends_where_something_was_not_looked_at(
    failing: list[str], sees: Sees, what: object
) -> None:
    """What nobody looked at is not known to be as declared."""
    sees(what)
    with pytest.raises(pulumi.RunError, match=r"not compared|not looked at"):
        told()
    assert failing == []


def test_an_account_out_of_reach_hides_nothing_else(warned: list[str], sees: Sees) -> None:
    """What GitHub told is told beside it."""
    sees(Compared("a difference", unseen=["account 3 was not looked at"]))
    assert told() == EXPORTS
    assert warned == ["account 3 was not looked at", "a difference"]


def test_a_look_that_hangs_is_given_up(warned: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The preview goes on after its time, and says what it did not compare."""
    monkeypatch.setattr(module, "in_background", lambda _work: Future())
    monkeypatch.setattr(module, "_PATIENCE", 0)
    monkeypatch.setattr(module, "_EACH", 0)
    monkeypatch.setattr(module, "_REST", 0)
    assert told() == EXPORTS
    assert warned == [f"{NOT_COMPARED}: the comparison took longer than 0 seconds"]


def test_a_look_that_ended_before_is_heard_however_late(
    warned: list[str], sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that took longer than any look may is no reason to forget what was seen."""
    sees(Compared("one"))
    done: Future[object] = Future()
    done.set_result(Compared("one"))
    monkeypatch.setattr(module, "in_background", lambda _work: done)
    for name in ("_PATIENCE", "_EACH", "_REST"):
        monkeypatch.setattr(module, name, -1)
    assert told() == EXPORTS
    assert warned == ["one"]


def test_without_a_state_the_rest_is_told(
    warned: list[str], sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what the state knows is missing, and one warning says so."""
    sees(Compared("one"))
    monkeypatch.setattr(Watch, "broken", RuntimeError("no such stack"))
    assert told() == EXPORTS
    state, one = warned
    assert "no such stack" in state
    assert one == "one"


def test_a_program_that_fails_is_left_to_the_sdk(
    warned: list[str], sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what went wrong; half a plan would make what it shows a difference."""
    sees(Compared("one"))
    monkeypatch.setattr(Watch, "failed", RuntimeError("no registration"))
    assert told() == EXPORTS
    assert warned == []


def test_foreign_text_cannot_act_on_a_terminal(warned: list[str], sees: Sees) -> None:
    """Also of an answer that could not be read."""
    sees(Compared(unseen=["AWS said \x1b[2J"]))
    told()
    assert all(line.isprintable() for line in warned)
