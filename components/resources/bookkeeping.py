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

    At its end, the SDK waits for thousands of outputs, and again for all others each time one is
    known: quadratic time. Known exports prevent that. The SDK finds and reports the errors.
    """
    with suppress(Exception):
        await pulumi.Output.all(**exports).future()
    return exports
