"""Leave out Pulumi's errors about steps that an interrupted update did not reach.

An update within a plan must carry out each step of it. After an interruption, pulumi 3.256 prints
an error for each step that is left (pkg/resource/deploy/deployment_executor.go): often hundreds of
lines, which tell nothing new. Without an interruption the same error means that the plan did not
fit, so it is shown then.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final

#: Sequences that colour a terminal.
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
#: The error, as it comes in after its resource, and once more below `Diagnostics:`.
_UNREACHED: Final = re.compile(
    r"(?P<resource>.*?)\s*error: expected resource operations for \S+ but none were seen\s*"
)
_FAILED: Final = re.compile(r"(?P<resource>.*?) \*\*failed\*\* 1 error\s*")
_COUNT: Final = re.compile(r"\s+(?P<number>\d+) errored\s*")
_SECTION: Final = re.compile(r"Diagnostics:\s*")
#: A resource below `Diagnostics:`, above its messages, which end with an empty line.
_RESOURCE: Final = re.compile(r" {2}\S.*\):\s*")


def without_unreached(lines: Iterable[str], interrupted: Callable[[], bool]) -> Iterator[str]:
    """The lines of an update's output that tell something.

    Args:
        lines: the output, each line as soon as pulumi writes it.
        interrupted: whether pulumi was told to stop.
    """
    unreached: set[str] = set()
    # Headings are shown with the first message below them, or not at all.
    section = resource = ""
    for line in lines:
        plain = _COLOUR.sub("", line)
        if not interrupted():
            yield line
        elif _SECTION.fullmatch(plain):
            section = line
        elif _RESOURCE.fullmatch(plain):
            resource = line
        elif not plain.strip() and (section or resource):
            resource = ""
        elif found := _UNREACHED.fullmatch(plain):
            unreached.add(found["resource"].strip())
        elif not _repeats(plain, unreached - {""}):
            if plain[0].isspace():
                yield from filter(None, (section, resource))
            section = resource = ""
            yield line


def _repeats(line: str, unreached: AbstractSet[str]) -> bool:
    """True for a line that says again that these steps failed, or how many there are."""
    if failed := _FAILED.fullmatch(line):
        return failed["resource"].strip() in unreached
    count = _COUNT.fullmatch(line)
    return count is not None and int(count["number"]) == len(unreached)
