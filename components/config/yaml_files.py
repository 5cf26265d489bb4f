"""Read one YAML file into plain data, remembering the line of every key.

YAML 1.2 by ruamel.yaml: `on`, `yes` and `no` stay text. Syntax errors, duplicate keys, files that
are no mapping and files that are too large are reported as problems. Deliberately absent: the
meaning of the keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.resolver import VersionedResolver

from components.config.problems import ConfigurationError, Problem, shown
from components.config.yaml_events import UnreadableYaml, events

#: Enough for a declaration and for a stack's configuration; more would take seconds to read.
_ENTRIES: Final = 20_000

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """The content of one file."""

    file: str
    data: dict[str, Any]
    lines: dict[Path_, int] = field(default_factory=dict)
    """1-based line of each key or item, by its path."""

    def problem(self, path: Path_, text: str) -> Problem:
        """A problem at `path`, on the line of its nearest known ancestor."""
        known = (path[:length] for length in range(len(path), -1, -1))
        line = next((self.lines[part] for part in known if part in self.lines), 1)
        return Problem(self.file, line, ".".join(str(part) for part in path), text)


def read_document(path: Path) -> Document:
    """Read a YAML mapping.

    Raises:
        ConfigurationError: the file cannot be read, is not YAML or is not a mapping.
    """
    file = shown(path)
    try:
        text = path.read_text(encoding="utf-8")
        _check_events(text)
        tree = _reader().load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError([Problem(file, 0, "", f"cannot be read: {error}")]) from error
    except UnreadableYaml as error:
        raise ConfigurationError([Problem(file, error.line, "", str(error))]) from error
    except YAMLError as error:
        raise ConfigurationError([_syntax_problem(file, error)]) from error
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        # ruamel.yaml raises these for keys that are lists, and for texts such as `<<: text`.
        text = f"is not read: {error}; are all keys plain words?"
        raise ConfigurationError([Problem(file, 1, "", text)]) from error
    if not isinstance(tree, CommentedMap):
        found = "nothing" if tree is None else f"a {type(tree).__name__}"
        text = f"found {found}, expected keys and values such as `repository: NAME`"
        raise ConfigurationError([Problem(file, 1, "", text)])
    return Document(file, _plain(tree), {(): 1, **dict(_lines(tree, ()))})


def _check_events(text: str) -> None:
    """Refuse a text that is too large or has a tag, which would change the type of a value."""
    for event in events(text, _ENTRIES):
        if tag := getattr(event, "tag", None):
            line = event.start_mark.line + 1
            raise UnreadableYaml(f"has a tag, {tag}: write plain values", line)


class _Resolver(VersionedResolver):
    """Resolves no timestamps: YAML 1.2 has none, and IAM's `Version: 2012-10-17` is text."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        tag = super().resolve(kind, value, implicit)
        if str(tag) == "tag:yaml.org,2002:timestamp":
            return super().resolve(kind, "", (False, True))
        return tag


def _reader() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Resolver = _Resolver
    return yaml


def _syntax_problem(file: str, error: YAMLError) -> Problem:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    text = str(getattr(error, "problem", None) or error).splitlines()[0]
    return Problem(file, mark.line + 1 if mark else 1, "", f"is not valid YAML: {text}")


def _lines(node: Any, path: Path_) -> Iterator[tuple[Path_, int]]:
    """The position of every key and item below `node`."""
    if isinstance(node, CommentedMap):
        for key, value in node.items():
            if (line := _line(node, key)) is not None:
                yield (*path, str(key)), line
            yield from _lines(value, (*path, str(key)))
    elif isinstance(node, CommentedSeq):
        for index, value in enumerate(node):
            yield (*path, index), node.lc.item(index)[0] + 1
            yield from _lines(value, (*path, index))


def _line(node: CommentedMap, key: Any) -> int | None:
    """The line of a key; if `<<` merged the key, the line of the original."""
    if key in (node.lc.data or {}):
        line: int = node.lc.key(key)[0] + 1
        return line
    return next((_line(merged, key) for merged in node.merge if key in merged), None)


def _plain(node: Any) -> Any:
    """Convert to plain dicts, lists and scalars, so that no other module sees ruamel.yaml's."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node
