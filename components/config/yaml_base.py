"""Load a YAML text as plain data with scalars as text; its length limits the time.

It is for workflow files that other people wrote; slipway compares names in them. It refuses a
duplicate key, because it cannot know which of the two counts.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from components.config.yaml_events import UnreadableYaml, events, until_end


def load_base(text: str) -> Any:
    """The content of the text's only document; None where there is none.

    Raises:
        UnreadableYaml: it is no YAML, has several documents, a duplicate key, or is too large.
    """
    found = events(text)
    content: list[Any] = []
    anchors: dict[str, Any] = {}
    for event in found:
        if isinstance(event, yaml.DocumentStartEvent):
            if content:
                raise UnreadableYaml("has several documents", event.start_mark.line + 1)
            content.append(_node(next(found), found, anchors))
    return content[0] if content else None


def _node(event: Any, rest: Iterator[Any], anchors: dict[str, Any]) -> Any:
    """Build the node that starts with `event` from the events in `rest`; `events` limits depth."""
    node: Any
    anchor = event.anchor
    if anchor and not isinstance(event, yaml.AliasEvent):
        # A name that is given again counts from here on; one within the content counts after it.
        anchors.pop(anchor, None)
    if isinstance(event, yaml.ScalarEvent):
        node = event.value
    elif isinstance(event, yaml.AliasEvent):
        if event.anchor not in anchors:
            text = f"has an alias *{event.anchor} that names nothing"
            raise UnreadableYaml(text, event.start_mark.line + 1)
        return anchors[event.anchor]
    elif isinstance(event, yaml.SequenceStartEvent):
        node = [_node(inner, rest, anchors) for inner in until_end(rest)]
    else:
        node = {}
        for inner in until_end(rest):
            key = _node(inner, rest, anchors)
            if not isinstance(key, str) or key in node:
                text = f"has a key twice, or one that is no text: {key}"
                raise UnreadableYaml(text, event.start_mark.line + 1)
            node[key] = _node(next(rest), rest, anchors)
    if anchor:
        anchors.setdefault(anchor, node)
    return node
