"""Read one YAML file into plain data, remembering the line of every key.

YAML 1.2: `on`, `yes` and `no` stay text. Syntax errors, duplicate keys, files that are no mapping
and files that are too large are reported as problems. Deliberately absent: the meaning of the keys.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from components.config.problems import ConfigurationError, Problem, shown
from components.config.yaml_events import UnreadableYaml
from components.config.yaml_tree import Path_, load_tree

__all__ = ["Document", "Path_", "read_document"]

#: Enough for a declaration and for a stack's configuration; more would take seconds to read.
_ENTRIES: Final = 20_000


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
        tree, lines = load_tree(path.read_text(encoding="utf-8"), _ENTRIES)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError([Problem(file, 0, "", f"cannot be read: {error}")]) from error
    except UnreadableYaml as error:
        raise ConfigurationError([Problem(file, error.line, "", str(error))]) from error
    if not isinstance(tree, dict):
        found = "nothing" if tree is None else f"a {type(tree).__name__}"
        text = f"found {found}, expected keys and values such as `repository: NAME`"
        raise ConfigurationError([Problem(file, 1, "", text)])
    return Document(file, tree, {(): 1, **lines})
