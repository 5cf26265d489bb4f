"""Put the reason of a failure on one line, without repetitions."""

import re
from dataclasses import replace
from typing import Final

from components.config.problems import ConfigurationError

#: The parts by which Pulumi's messages about several resources differ: names and numbers.
_PARTICULAR: Final = re.compile(r"\S*[/:@.]\S*|\d+")
#: The largest number of different messages that are shown.
_SHOWN: Final = 5


def reason(error: ConfigurationError) -> str:
    """All problems on one line. Pulumi repeats many messages for each resource: see `once`."""
    return "; ".join(str(replace(problem, text=once(problem.text))) for problem in error.problems)


def once(text: str) -> str:
    """Each different line once; of lines that differ only in names and numbers, the first."""
    alike: dict[str, dict[str, None]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        alike.setdefault(_PARTICULAR.sub("", line), {line: None}).setdefault(line)
    told = [
        f"{next(iter(lines))}{f' (and {len(lines) - 1} more like it)' if len(lines) > 1 else ''}"
        for lines in alike.values()
    ]
    more = f"; and {len(told) - _SHOWN} more messages" if len(told) > _SHOWN else ""
    return "; ".join(told[:_SHOWN]) + more
