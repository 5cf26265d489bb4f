"""Keep the SDK's own bookkeeping small, which would cost more than the resources do.

Nothing here changes what is provisioned; docs/performance.md says what it saves.
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
    """Register resources without the frames below ours.

    The SDK hands the whole Python stack of each resource to the engine, which stores it in the
    state: a quarter of it, all the same, written again at each step, with the places of Python and
    of the user's home in it. What an exception says is formatted later and stays whole.
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


async def settled(exports: Mapping[str, pulumi.Input[Any]]) -> Mapping[str, pulumi.Input[Any]]:
    """The exports, once they are known or one of them never will be; for `pulumi.run`.

    The SDK waits for thousands of outputs at the end of a program and, as each becomes known,
    starts to wait for all the others again: the square of their number. Waiting for the last ones
    first leaves it nothing to do. What went wrong is its to say: it looks at every one.
    """
    with suppress(Exception):
        await pulumi.Output.all(**exports).future()
    return exports
