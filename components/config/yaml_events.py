"""The events of a YAML text, up to a size that no hand-written file reaches.

A few hundred bytes of aliases may stand for millions of entries, and brackets may be nested deeper
than Python's recursion allows. The events come from libyaml, whose parser is not recursive. The
caller decides what scalars mean, so no rule of YAML 1.1 applies here.
"""

from collections.abc import Iterator
from typing import Any, Final

import yaml

#: Characters; GitHub's largest secret is 48 KB (docs.github.com: secrets reference).
SIZE: Final = 4 * 1024 * 1024
DEPTH: Final = 64
#: Keys, values and items; those behind an alias count each time.
ENTRIES: Final = 200_000
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class UnreadableYaml(Exception):  # noqa: N818 - it describes the text
    """The text is no YAML, or larger than slipway reads."""

    def __init__(self, text: str, line: int) -> None:
        """Create the error.

        Args:
            text: the message, which follows the file's name.
            line: 1-based.
        """
        super().__init__(text)
        self.line = line


def events(text: str, entries: int = ENTRIES) -> Iterator[Any]:
    """PyYAML's events, one by one.

    Args:
        text: the file's content.
        entries: how many keys, values and items are read.

    Raises:
        UnreadableYaml: during the iteration.
    """
    if len(text) > SIZE:
        raise UnreadableYaml(f"has {len(text)} characters; {SIZE} are read", 1)
    counter = _Counter(entries)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            counter.count(event)
            yield event
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableYaml(f"is not valid YAML: {error.problem}", line) from error
    except yaml.YAMLError as error:
        raise UnreadableYaml(f"is not valid YAML: {str(error).splitlines()[0]}", 1) from error


def until_end(rest: Iterator[Any]) -> Iterator[Any]:
    """The events that begin the children of the collection at hand.

    Args:
        rest: the events after the one that began the collection.
    """
    for event in rest:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        yield event


class _Counter:
    """Counts the entries read so far, including those behind aliases."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._total = 0
        self._open: list[tuple[str | None, int]] = []
        self._sizes: dict[str, int] = {}

    def count(self, event: Any) -> None:
        """Add one event."""
        # Most events are scalars.
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor:
                self._sizes[event.anchor] = 1
            self._total += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = self._open.pop()
            if anchor:
                self._sizes[anchor] = self._total - before
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open.append((event.anchor, self._total))
            # An alias inside of this collection must not name it.
            self._sizes.pop(event.anchor, None)
            self._total += 1
            if len(self._open) > DEPTH:
                raise UnreadableYaml(f"is nested deeper than {DEPTH} levels", _line(event))
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in self._open):
                text = f"has an alias *{event.anchor} inside of what it names"
                raise UnreadableYaml(text, _line(event))
            self._total += self._sizes.get(event.anchor, 1)
        if self._total > self._most:
            text = f"comes to more than {self._most} entries, aliases included"
            raise UnreadableYaml(text, _line(event))


def _line(event: Any) -> int:
    line: int = event.start_mark.line + 1
    return line
