"""Reduce the SDK's own overhead, which would cost more time than the resources.

Deliberately absent: any change of the resources. docs/performance.md has the savings.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

import pulumi

#: The environment variable with which Pulumi's `--debug` is set (pulumi 3.256, cmd/pulumi/env).
DEBUG: Final = "PULUMI_OPTION_DEBUG"
#: The SDK looks for a resource's constructor in the stack. In one frame, its own, it finds none and
#: records nothing; it fails with no frame at all.
_FRAMES: Final = 1


def no_debug_messages(environment: Mapping[str, str] = os.environ) -> None:
    """Keep the SDK's debug messages from the engine, unless PULUMI_OPTION_DEBUG is set.

    The SDK sends four messages for each resource, and waits for the engine's answer to each. That
    takes more than a third of a preview's time in Python. The engine shows them with `--debug`
    only, of which the program learns by the environment variable alone.
    """
    if environment.get(DEBUG, "").lower() not in {"1", "true"}:
        pulumi.log.debug = _ignored


def _ignored(*_message: Any, **_details: Any) -> None:
    """Take the place of `pulumi.log.debug`."""


@contextmanager
def without_stack_traces() -> Iterator[None]:
    """Register resources without the place in the program that makes them.

    The SDK sends the Python stack of each resource to the engine, which stores it in the state.
    These places are in slipway's own modules, are the same for all repositories, and do not lead to
    a declaration; they would be a tenth of the state, and name local paths. Exceptions are
    formatted later and keep their whole trace.
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
