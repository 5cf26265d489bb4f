"""Lay a repository's file over the stack's defaults.

Absent means inherit, `null` means explicitly none, mappings are laid over each other key by key,
lists and scalars replace. The model knows the meaning of a key, and the standard's own defaults.
"""

from collections.abc import Sequence
from typing import Any

from components.config.problems import Problem
from components.config.yaml_files import Document, Path_


class Layers:
    """Data of several documents, later ones above earlier ones.

    Attributes:
        data: the merged mapping.
    """

    def __init__(self, layers: Sequence[tuple[Document, Path_]]) -> None:
        """Merge the part at each path of each document; a part that is absent adds nothing."""
        self._layers = [(document, prefix) for document, prefix in layers]
        self.data: dict[str, Any] = {}
        for document, prefix in self._layers:
            part = _at(document.data, prefix)
            if isinstance(part, dict):
                self.data = _over(self.data, part)

    def problem(self, path: Path_, text: str) -> Problem:
        """A problem at `path`, in the topmost document that wrote the value."""
        for length in range(len(path), 0, -1):
            for document, prefix in reversed(self._layers):
                if (*prefix, *path[:length]) in document.lines:
                    return document.problem((*prefix, *path), text)
        document, prefix = self._layers[-1]
        return document.problem((*prefix, *path), text)

    def layer_of(self, path: Path_) -> int:
        """Number of the topmost document that wrote this very path, from 0; -1 if none did."""
        wrote = ((*prefix, *path) in document.lines for document, prefix in self._layers)
        return max((number for number, written in enumerate(wrote) if written), default=-1)


def _at(data: Any, path: Path_) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        base = below.get(key)
        both = isinstance(base, dict) and isinstance(value, dict)
        merged[key] = _over(base, value) if both else value  # type: ignore[arg-type]  # both are dicts
    return merged
