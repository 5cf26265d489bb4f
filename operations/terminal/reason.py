"""Why something could not be looked at, on one line."""

import re
from dataclasses import replace
from typing import Final

from components.config.problems import ConfigurationError

#: What is of one resource in what Pulumi says of many: names with their separators, numbers.
_PARTICULAR: Final = re.compile(r"\S*[/:@.]\S*|\d+")
#: How many different messages of one failure are told.
_TOLD: Final = 5


def reason(error: ConfigurationError) -> str:
    """All that is said, on one line: Pulumi says many a thing once for each resource."""
    return "; ".join(str(replace(problem, text=once(problem.text))) for problem in error.problems)


def once(text: str) -> str:
    """Each line once, and of lines that differ in names and numbers alone the first."""
    alike: dict[str, dict[str, None]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        alike.setdefault(_PARTICULAR.sub("", line), {line: None}).setdefault(line)
    told = [
        f"{next(iter(lines))}{f' (and {len(lines) - 1} more like it)' if len(lines) > 1 else ''}"
        for lines in alike.values()
    ]
    more = f"; and {len(told) - _TOLD} more messages" if len(told) > _TOLD else ""
    return "; ".join(told[:_TOLD]) + more
