"""Build plain data from the events of a YAML text, with the line of every key and item.

It resolves aliases and `<<`, and refuses what plain data cannot express: a key written twice, a key
that is a list or a mapping, a tag, a second document. Deliberately absent: comments and the form
in which a value was written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from components.config.yaml_events import UnreadableYaml, events, until_end
from components.config.yaml_scalars import scalar

Path_ = tuple[str | int, ...]
#: The version that a file may ask for with `%YAML`. By 1.1, `on` and `no` would be booleans.
_VERSION: Final = (1, 2)


@dataclass(slots=True)
class _Node:
    """A value and the line on which it starts.

    A list holds nodes. A dictionary holds, by key, the line of the key and the node; an alias and
    `<<` make the same node appear at several places.
    """

    line: int
    value: Any = None


def load_tree(text: str, entries: int) -> tuple[Any, dict[Path_, int]]:
    """The content of the text's only document, and the line of each key and item by its path.

    Args:
        text: the file's content.
        entries: how many keys, values and items are read.

    Raises:
        UnreadableYaml: it is no YAML, is too large, or has what this module refuses.
    """
    read = list(_without_tags(events(text, entries)))
    rest = iter(read)
    root: _Node | None = None
    anchors: dict[str, _Node] = {}
    for event in rest:
        if isinstance(event, yaml.DocumentStartEvent):
            line = event.start_mark.line + 1
            if root is not None:
                raise UnreadableYaml("is not valid YAML: but found another document", line)
            if event.version and tuple(event.version) != _VERSION:
                raise UnreadableYaml("is read as YAML 1.2: remove the line `%YAML`", line)
            root = _node(next(rest), rest, anchors)
    lines: dict[Path_, int] = {}
    return None if root is None else _placed(root, (), lines), lines


def _without_tags(found: Iterator[Any]) -> Iterator[Any]:
    """Refuse a tag, which would change the type of a value."""
    for event in found:
        if tag := getattr(event, "tag", None):
            raise UnreadableYaml(f"has a tag, {tag}: write plain values", event.start_mark.line + 1)
        yield event


def _node(event: Any, rest: Iterator[Any], anchors: dict[str, _Node]) -> _Node:
    """Build the node that starts with `event` from the events in `rest`; `events` limits depth."""
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in anchors:
            text = f"is not valid YAML: found undefined alias {event.anchor!r}"
            raise UnreadableYaml(text, line)
        return anchors[event.anchor]
    node = _Node(line)
    if event.anchor:
        # Before its content, which may give the same name to another node: that one counts then.
        anchors[event.anchor] = node
    if isinstance(event, yaml.ScalarEvent):
        node.value = scalar(event.value) if event.implicit[0] else event.value
    elif isinstance(event, yaml.SequenceStartEvent):
        node.value = [_node(inner, rest, anchors) for inner in until_end(rest)]
    else:
        node.value = _mapping(rest, anchors)
    return node


def _mapping(rest: Iterator[Any], anchors: dict[str, _Node]) -> dict[Any, tuple[int, _Node]]:
    """The mapping's own keys, and after them those that `<<` takes from others."""
    found: dict[Any, tuple[int, _Node]] = {}
    merged: list[_Node] | None = None
    for event in until_end(rest):
        key = _node(event, rest, anchors)
        value = _node(next(rest), rest, anchors)
        if _merges(event):
            if merged is not None:
                raise UnreadableYaml('is not valid YAML: found duplicate merge key "<<"', key.line)
            merged = _merged(value)
            continue
        if isinstance(key.value, list | dict):
            kind = "list" if isinstance(key.value, list) else "mapping"
            text = f"has a {kind} as a key: write plain words, and `{{{{` in quotes"
            raise UnreadableYaml(text, key.line)
        if key.value in found:
            raise _written_twice(key, value, found[key.value][1])
        found[key.value] = key.line, value
    for other in merged or ():
        for name, placed in other.value.items():
            found.setdefault(name, placed)
    return found


def _merges(event: Any) -> bool:
    """Whether a key is `<<` without quotes."""
    return isinstance(event, yaml.ScalarEvent) and event.value == "<<" and bool(event.implicit[0])


def _merged(value: _Node) -> list[_Node]:
    """The mappings whose keys `<<` takes, the most important one first."""
    nodes = value.value if isinstance(value.value, list) else [value]
    expected = "a mapping" if isinstance(value.value, list) else "a mapping or list of mappings"
    for node in nodes:
        if not isinstance(node.value, dict):
            kind = "sequence" if isinstance(node.value, list) else "scalar"
            text = f"is not valid YAML: expected {expected} for merging, but found {kind}"
            raise UnreadableYaml(text, node.line)
    return list(nodes)


def _written_twice(key: _Node, value: _Node, before: _Node) -> UnreadableYaml:
    """A key that the mapping has already; only one of the two values could count."""
    now, then = (_placed(node, (), {}) for node in (value, before))
    text = f'found duplicate key "{key.value}" with value "{now}" (original value: "{then}")'
    return UnreadableYaml(f"is not valid YAML: {text.splitlines()[0]}", key.line)


def _placed(node: _Node, path: Path_, lines: dict[Path_, int]) -> Any:
    """Plain data; notes the lines of all that is below the path. Keys become text."""
    if isinstance(node.value, dict):
        content = {}
        for key, (line, value) in node.value.items():
            place = (*path, str(key))
            lines[place] = line
            content[str(key)] = _placed(value, place, lines)
        return content
    if isinstance(node.value, list):
        items = []
        for index, item in enumerate(node.value):
            place = (*path, index)
            lines[place] = item.line
            items.append(_placed(item, place, lines))
        return items
    return node.value
