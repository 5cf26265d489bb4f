"""Turn a workflow, built as plain data, into the text of its file.

Only this module writes YAML: it keeps the order of keys, `on` is an unquoted key (YAML 1.2),
scripts are literal blocks, values have comments, and blank lines separate jobs. It writes this
small part of YAML itself, since ruamel.yaml's writer takes ten times as long for hundreds of files;
the tests read the output back with ruamel.yaml and PyYAML.
Deliberately absent: the meaning of a workflow, anchors and folded lines. It can emit any mapping
with text keys, of texts, whole numbers, truth values and None.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

#: Text that needs no quotes: words and expressions, no word ending in `:` or starting with `#`.
_PLAIN: Final = re.compile(r"(?:--?)?[A-Za-z0-9_$./][!-~]*(?: [!\"$-~][!-~]*)*(?<!:)")
#: Text that needs no quotes between brackets and commas, or as a key, either.
_WORD: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]*")
#: Text that YAML 1.1 or 1.2 reads as a number, a date, a truth value or null.
_OTHER_KIND: Final = re.compile(
    r"[-+]?(?:\d|\.[\d_]).*|[-+]?\.(?:inf|nan)|true|false|yes|no|on|off|null|[yn]", re.IGNORECASE
)
#: A truth value in YAML 1.1; GitHub reads YAML 1.2 and people write the key without quotes.
_ON: Final = "on"
#: Blank lines separate the workflow's larger parts and its jobs, but nothing inside of a job.
_JOBS: Final = "jobs"
#: Size of the caches: most texts of a repository are equal to those of the one before.
_REMEMBERED: Final = 4096


@dataclass(frozen=True)
class Explained:
    """A value with its reason as a comment: beside a text of one line, above anything longer."""

    value: Any
    why: str


@dataclass(frozen=True)
class Inline:
    """A mapping on one line, between braces; its values cannot be `Explained`."""

    content: Mapping[str, Any]


def emit(header: Sequence[str], workflow: Mapping[str, Any]) -> str:
    """The file's text: header comments, then the workflow."""
    lines = list(_comments(header, ""))
    _mapping(lines, workflow, 0)
    return "\n".join(lines) + "\n"


def as_read(value: Any) -> Any:
    """The value that a YAML reader makes of its emitted text: no comment, no layout, no tuple."""
    if isinstance(value, Explained):
        return as_read(value.value)
    if isinstance(value, Inline):
        return as_read(value.content)
    if isinstance(value, Mapping):
        return {key: as_read(inner) for key, inner in value.items()}
    if isinstance(value, str) or not isinstance(value, Sequence):
        return value
    return [as_read(item) for item in value]


def _is_mapping(value: Any) -> bool:
    """Whether it is a mapping. Asking the abstract class alone takes a third of the time of all."""
    kind = type(value)
    return kind is dict or (kind is not str and isinstance(value, Mapping))


def _mapping(
    lines: list[str], content: Mapping[str, Any], depth: int, *, apart: bool = False
) -> None:
    indent = "  " * depth
    for position, (key, value) in enumerate(content.items()):
        inner, why = _explanation(value)
        # There is no blank line before the first job, but one between header and first part.
        mapping = _is_mapping(inner)
        large = mapping and position > 0
        if (large and (apart or depth == 0)) or (depth == 0 and position == 0):
            lines.append("")
        start = f"{indent}{_key(key)}:"
        if why and isinstance(inner, str) and "\n" not in inner + why:
            lines.append(f"{start} {_text(inner, depth)} # {_visible(why)}")
            continue
        if why:
            lines += _comments(why.splitlines(), indent)
        if mapping and inner:
            lines.append(start)
            _mapping(lines, inner, depth + 1, apart=depth == 0 and key == _JOBS)
        else:
            _value(lines, start, inner, depth + 1)


def _value(lines: list[str], start: str, value: Any, depth: int) -> None:
    """The value behind its key or dash, or below it."""
    if isinstance(value, str):
        lines.append(f"{start} {_text(value, depth)}")
    elif value is None:
        lines.append(start)
    elif _is_mapping(value) and value:
        lines.append(start)
        _mapping(lines, value, depth)
    elif isinstance(value, Sequence) and not all(isinstance(item, str) for item in value):
        lines.append(start)
        _sequence(lines, value, depth)
    else:
        lines.append(f"{start} {_inline(value)}")


def _sequence(lines: list[str], content: Sequence[Any], depth: int) -> None:
    indent = "  " * depth
    for item in content:
        inner, why = _explanation(item)
        if why:
            lines += _comments(why.splitlines(), indent)
        if not inner or not _is_mapping(inner):
            _value(lines, f"{indent}-", inner, depth + 1)
            continue
        first = len(lines)
        _mapping(lines, inner, depth + 1)
        while lines[first].lstrip().startswith("#"):
            first += 1
        lines[first] = f"{indent}- {lines[first].lstrip()}"


def _inline(value: Any) -> str:
    """The value on one line, valid in any place."""
    if isinstance(value, str):
        return _word(value)
    if isinstance(value, Inline):
        return _inline(value.content)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_key(key)}: {_inline(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_inline, value))}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"a workflow file has no place for {value!r}")


def _explanation(value: Any) -> tuple[Any, str]:
    return (value.value, value.why) if isinstance(value, Explained) else (value, "")


def _comments(lines: Iterable[str], indent: str) -> Iterable[str]:
    return (f"{indent}# {_visible(line)}".rstrip() for line in lines)


@lru_cache(_REMEMBERED)
def _key(key: str) -> str:
    return key if key == _ON else _word(key)


@lru_cache(_REMEMBERED)
def _word(value: str) -> str:
    """A text between brackets and commas."""
    return value if _needs_no_quotes(value, _WORD) else _quoted(value)


@lru_cache(_REMEMBERED)
def _text(value: str, depth: int) -> str:
    """A text behind a key or a dash: a block whose lines are `depth` deep, if it fits one."""
    if _fits_a_block(value):
        indent = "  " * depth
        lines = value.removesuffix("\n").split("\n")
        return "\n".join(["|", *(f"{indent}{line}" if line else "" for line in lines)])
    return value if _needs_no_quotes(value, _PLAIN) and ": " not in value else _quoted(value)


def _needs_no_quotes(value: str, plain: re.Pattern[str]) -> bool:
    # Without quotes 3.10 is the number 3.1. In quotes anything can be escaped.
    return plain.fullmatch(value) is not None and _OTHER_KIND.fullmatch(value) is None


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{_visible(escaped)}"'


def _visible(text: str) -> str:
    """The text with escapes for characters that are invisible or look like a line break."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else f"\\U{ord(one):08X}" for one in text)


def _fits_a_block(value: str) -> bool:
    """Whether a literal block can hold the text: it has no escapes, and its edges are layout."""
    printable = all(line.replace("\t", "").isprintable() for line in value.split("\n"))
    return printable and value.strip() != "" and value == f"{value.strip()}\n"
