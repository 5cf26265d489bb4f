"""Leave out Pulumi's errors about steps that an interrupted update did not reach.

An update within a plan must carry out each step of it. After an interruption, pulumi 3.256 prints
an error for each step that is left (pkg/resource/deploy/deployment_executor.go): often hundreds of
lines, which tell nothing new. Without an interruption the same error means that the plan did not
fit, so it is shown then.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

#: Sequences that colour a terminal.
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_UNREACHED: Final = re.compile(
    r"\s*error: expected resource operations for \S+ but none were seen\s*"
)
#: A resource above its messages, which are indented more deeply and end with an empty line.
_RESOURCE: Final = re.compile(r" {2}\S.*\):\s*")


def without_unreached(lines: Iterable[str], interrupted: Callable[[], bool]) -> Iterator[str]:
    """The lines of an update's output that tell something.

    Args:
        lines: the output, each line as soon as pulumi writes it.
        interrupted: whether pulumi was told to stop.
    """
    # Shown with its first message that is shown; left out if there is none.
    resource = ""
    for line in lines:
        plain = _COLOUR.sub("", line)
        if not interrupted():
            yield line
        elif _RESOURCE.fullmatch(plain):
            resource = line
        elif _UNREACHED.fullmatch(plain) or (resource and not plain.strip()):
            continue
        else:
            yield from filter(None, (resource, line))
            resource = ""
