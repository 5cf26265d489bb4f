"""Keys of objects by the words that people use, for expectations that are read by people."""

import re

from components.objects.kind import Key, Kind
from components.objects.kinds import KINDS, OTHER, OTHER_POLICY, WORKFLOW

#: These words fit many others', so they come last.
_LAST = (OTHER_POLICY, WORKFLOW, OTHER)


def key(words: str) -> Key:
    """The key of an object, such as `environment prod, variable LOG_LEVEL`."""
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
    # The parent's parts have no comma, or a variable would pass for an environment.
    return f"{_pattern(kind.parent).replace('.+', '[^,]+')}, {own}"
