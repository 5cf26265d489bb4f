"""Keys of objects from the words that reports show, so that tests are easy to read."""

import re

from components.objects.kind import Key, Kind
from components.objects.kinds import KINDS, OTHER, OTHER_POLICY, WORKFLOW

#: The words of these kinds match those of many others, so they are tried last.
_LAST = (OTHER_POLICY, WORKFLOW, OTHER)


def key(words: str) -> Key:
    """Return the key of an object, such as `environment prod, variable LOG_LEVEL`."""
    first = [kind for kind in KINDS if kind.parent and kind not in _LAST]
    for kind in dict.fromkeys([*first, *(kind for kind in KINDS if kind not in _LAST), *_LAST]):
        found = re.fullmatch(_pattern(kind), words, re.DOTALL)
        if found:
            return kind.at(*(found[part] for part in kind.parts))
    raise ValueError(words)


def _pattern(kind: Kind) -> str:
    own = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(kind.words))
    if kind.parent is None or not kind.prefixed:
        return own
    # No comma in the parent's part: otherwise a variable would match as an environment.
    return f"{_pattern(kind.parent).replace('.+', '[^,]+')}, {own}"
