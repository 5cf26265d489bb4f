"""Turn a workflow, built as plain data, into the text of its file.

The only place that knows YAML output: key order is kept, `on` stays an unquoted key (YAML 1.2),
scripts are literal blocks, values carry comments, and jobs and steps stand apart.
Deliberately absent: what a workflow is. Any mapping can be emitted.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

#: GitHub's parser folds no lines, and a folded expression is hard to read.
_WIDTH: Final = 10_000
#: What needs no quotes: words and expressions, no word ending in `:` or starting with `#`.
_PLAIN: Final = re.compile(r"(?:--?)?[A-Za-z0-9_$./][!-~]*(?: [!\"$-~][!-~]*)*(?<!:)")
#: What needs none between brackets and commas either.
_WORD: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]*")
#: What YAML 1.1 or 1.2 reads as a number, a date, a truth value or nothing.
_OTHER_KIND: Final = re.compile(
    r"[-+]?\.?\d.*|true|false|yes|no|on|off|null|[yn]|\.(?:inf|nan)", re.IGNORECASE
)
#: The workflow's parts and its jobs stand apart; what is in a job does not.
_APART: Final = 2


@dataclass(frozen=True)
class Explained:
    """A value and why it is so: a comment beside a word, above anything longer."""

    value: Any
    why: str


def emit(header: Sequence[str], workflow: Mapping[str, Any]) -> str:
    """The file's text: header comments, then the workflow."""
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(_mapping(workflow, 0), stream)
    return "".join(f"# {line}\n" for line in header) + stream.getvalue()


def _node(value: Any, depth: int) -> Any:
    """The value as ruamel's own types, which carry comments and styles."""
    if isinstance(value, Mapping):
        return _mapping(value, depth)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _sequence(value, depth)
    return _scalar(value, _PLAIN) if isinstance(value, str) else value


def _mapping(content: Mapping[str, Any], depth: int) -> CommentedMap:
    node = CommentedMap()
    for position, (key, value) in enumerate(content.items()):
        inner, why = _explanation(value)
        node[key] = _node(inner, depth + 1)
        if why and isinstance(inner, str) and "\n" not in inner + why:
            node.yaml_add_eol_comment(why, key, column=0)
            continue
        # The first job needs no distance from `jobs:`, the first part needs one from the header.
        apart = depth < _APART and isinstance(inner, Mapping) and (position > 0 or depth == 0)
        before = ("\n" if apart or depth == 0 else "") + why
        if before:
            node.yaml_set_comment_before_after_key(key, before=before, indent=2 * depth)
    return node


def _sequence(content: Sequence[Any], depth: int) -> CommentedSeq:
    """Words in one line, anything else as a list whose items stand apart."""
    if all(isinstance(value, str) for value in content):
        words = CommentedSeq(_scalar(value, _WORD) for value in content)
        words.fa.set_flow_style()
        return words
    explained = [_explanation(item) for item in content]
    node = CommentedSeq(_node(value, depth + 2) for value, _ in explained)
    for position, (_, why) in enumerate(explained):
        before = ("\n" if position else "") + why
        if before:
            node.yaml_set_comment_before_after_key(position, before=before, indent=2 * depth)
    return node


def _explanation(value: Any) -> tuple[Any, str]:
    return (value.value, value.why) if isinstance(value, Explained) else (value, "")


def _scalar(value: str, plain: re.Pattern[str]) -> Any:
    if plain is _PLAIN and _fits_a_block(value):
        return LiteralScalarString(value)
    # Without quotes 3.10 is the number 3.1. In quotes anything can be escaped.
    clear = plain.fullmatch(value) and ": " not in value and not _OTHER_KIND.fullmatch(value)
    return value if clear else DoubleQuotedScalarString(value)


def _fits_a_block(value: str) -> bool:
    """Whether a literal block says exactly this: it has no escapes, and its edges are layout."""
    printable = all(line.replace("\t", "").isprintable() for line in value.split("\n"))
    return printable and value.strip() != "" and value == f"{value.strip()}\n"
