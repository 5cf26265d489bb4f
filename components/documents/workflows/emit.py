"""Turn a workflow, built as plain data, into the text of its file.

The only place that knows YAML output: key order is kept, `on` stays an unquoted key (YAML 1.2),
scripts are literal blocks and comments stand above the keys they explain.
"""

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

#: A key of this name in a mapping is the comment above the mapping's own key, never content.
COMMENT: Final = "#"
_WIDTH: Final = 1000
_PART: Final = re.compile(r"(?:  )?(?:[a-z]|# )")
_STEP: Final = re.compile(r" {6}- name:")


def emit(header: Sequence[str], workflow: Mapping[str, Any]) -> str:
    """The file's text: header comments, then the workflow."""
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    tree = _node(workflow)
    stream = StringIO()
    yaml.dump(tree, stream)
    head = "".join(f"# {line}\n" if line else "#\n" for line in header)
    return f"{head}\n{_spaced(stream.getvalue())}"


def _node(value: Any, depth: int = 0) -> Any:
    """The value as ruamel's own types, which carry comments and styles."""
    if isinstance(value, Mapping):
        node = CommentedMap()
        for key, inner in value.items():
            if key == COMMENT:
                continue
            node[key] = _node(inner, depth + 1)
            if isinstance(inner, Mapping) and COMMENT in inner:
                node.yaml_set_comment_before_after_key(
                    key, before=inner[COMMENT], indent=2 * depth
                )
        return node
    if isinstance(value, list | tuple):
        sequence = CommentedSeq(_node(item, depth + 2) for item in value)
        if all(isinstance(item, str) for item in value):
            sequence.fa.set_flow_style()
        return sequence
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> Any:
    if "\n" in value:
        return LiteralScalarString(value if value.endswith("\n") else f"{value}\n")
    # 3.10 in a list would be read as a number.
    return DoubleQuotedScalarString(value) if value.replace(".", "").isdigit() else value


def _spaced(text: str) -> str:
    """An empty line before each part of the workflow, each job and each step."""
    spaced: list[str] = []
    for line in text.splitlines():
        starts = _PART.match(line) or _STEP.match(line)
        opens = not spaced or spaced[-1].endswith((":", "jobs:")) or spaced[-1].startswith("  #")
        if starts and not opens:
            spaced.append("")
        spaced.append(line)
    return "\n".join(spaced) + "\n"
