"""Mutants that no test finds, and the list of those that are known.

A mutant is told by its function and by the lines that it changes: mutmut's own numbers change with
each change of the function.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).with_name("survivors.toml")
_NAME: Final = re.compile(r"(?P<module>.+)\.x(?:ǁ(?P<owner>.+)ǁ|_)(?P<name>.+)__mutmut_\d+")


@dataclass(frozen=True, order=True)
class Mutant:
    """One change of one function."""

    function: str
    """Module, class and name, joined by dots."""
    was: str
    """The lines before the change, without indentation; empty if there were none."""
    became: str
    """The lines after it."""


def function_of(name: str) -> str:
    """The function of a mutant with mutmut's name for it.

    Raises:
        ValueError: the name has another form.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} is no name of a mutant")
    return ".".join(part for part in (found["module"], found["owner"], found["name"]) if part)


def read_diff(name: str, diff: str) -> Mutant:
    """The mutant that a unified diff shows.

    Args:
        name: mutmut's name for it.
        diff: output of `mutmut show`.
    """
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    was, became = (
        "\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return Mutant(function_of(name), was, became)


def known() -> dict[Mutant, str]:
    """The list: the reason why no test finds it, by mutant."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8")).get("survivor", [])
    return {Mutant(one["function"], one["was"], one["became"]): one["reason"] for one in listed}


def deviations(found: Iterable[Mutant], listed: Mapping[Mutant, str]) -> list[str]:
    """Survivors that are not listed, listed ones that a test finds, and missing reasons."""
    there = set(found)
    return [
        *(f"survived, and is not listed: {_shown(one)}" for one in sorted(there - listed.keys())),
        *(f"listed, and is found now: {_shown(one)}" for one in sorted(listed.keys() - there)),
        *(f"has no reason: {_shown(one)}" for one in sorted(listed) if not listed[one].strip()),
    ]


def _shown(mutant: Mutant) -> str:
    return f"{mutant.function}\n  - {mutant.was}\n  + {mutant.became}"
