"""Reduce the SDK's own overhead, which would cost more time than the resources.

Deliberately absent: any change of the resources. docs/performance.md has the savings.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

import pulumi

#: Six of the SDK's own frames, and three of ours: the resource, its component, the repository.
_FRAMES: Final = 9


@contextmanager
def short_stack_traces() -> Iterator[None]:
    """Register resources with short stack traces.

    The SDK sends the whole Python stack of each resource to the engine, which stores it in the
    state. These traces are all alike, make up a quarter of the state, are rewritten at every step
    and contain local paths. Exceptions are formatted later and keep their whole trace.
    """
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = _FRAMES
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before


async def known_exports(
    exports: Mapping[str, pulumi.Input[Any]],
) -> Mapping[str, pulumi.Input[Any]]:
    """The exports, for `pulumi.run`, as soon as all are known or one of them has failed.

    The SDK waits for thousands of outputs at the end of a program. Each time one becomes known, it
    starts to wait for all others again: quadratic time. If the exports are known before, it has
    nothing to wait for. Errors are suppressed here, as the SDK finds and reports them.
    """
    with suppress(Exception):
        await pulumi.Output.all(**exports).future()
    return exports
