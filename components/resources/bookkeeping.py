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

    If an update continues after an error, some outputs stay unknown. Exports with such an output
    are left out, so that Pulumi keeps their values of the last update. Otherwise Pulumi would store
    its marker for an unknown value as text.
    """
    with suppress(Exception):
        together = pulumi.Output.all(**exports)
        await together.future()
        if not (pulumi.runtime.is_dry_run() or await together.is_known()):
            return {
                name: export
                for name, export in exports.items()
                if await pulumi.Output.from_input(export).is_known()
            }
    return exports
