"""Put faults in force for a while, and check that each of them struck."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from tests.e2e.conftest import World

#: Seconds that a held request waits: time enough to notice it and to kill the waiting process.
HOLD: Final = 1.5

#: A fault in the form of the sandbox's control routes: for GitHub with a method and a path, for AWS
#: with an action.
Fault = dict[str, Any]


@contextmanager
def faulty(world: World, *faults: Fault) -> Iterator[Callable[[], list[int]]]:
    """Put faults in force within the block; the yielded function tells how often each one struck.

    Raises:
        AssertionError: a fault did not strike at all: the test would have shown nothing.
    """
    made = [(_service(world, fault), fault) for fault in faults]
    ids = [(url, _ask(world, "POST", url, fault)["id"]) for url, fault in made]

    def struck() -> list[int]:
        found = {
            (url, fault["id"]): fault["struck"]
            for url in {url for url, _ in ids}
            for fault in _ask(world, "GET", url)
        }
        return [found[key] for key in ids]

    try:
        yield struck
        assert all(struck()), f"a fault that never struck: {struck()}"
    finally:
        for url in {url for url, _ in ids}:
            _ask(world, "DELETE", url)


def held(*, done: bool, **request: str | int) -> list[Fault]:
    """One request is held for a while; then it is done, or refused without having been done."""
    hold: Fault = {"kind": "latency", "seconds": HOLD, **request}
    return [hold] if done else [hold, {"kind": "status", "status": 503, **request}]


def _service(world: World, fault: Fault) -> str:
    """The address of the control routes for faults, of GitHub or of AWS."""
    base = f"{world.record.aws_url}/" if "action" in fault else world.record.github_url
    return f"{base}_sandbox/faults"


def _ask(world: World, method: str, url: str, fault: Fault | None = None) -> Any:
    answer = world.session.request(method, url, json=fault, timeout=30)
    assert answer.ok, answer.text
    return answer.json() if answer.content else None
