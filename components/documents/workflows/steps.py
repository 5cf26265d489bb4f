"""What a step is, and the steps that jobs share: check out, set up Python, install."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from components.documents.workflows.emit import Explained
from components.documents.workflows.scripts import INSTALL

#: The Python version of one job of a matrix.
MATRIX_VERSION: Final = "${{ matrix.python-version }}"
_LISTS_REQUIREMENTS: Final = "hashFiles('requirements*.txt') != ''"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step; the fields are in the order in which people write them."""

    name: str
    id: str | None = None
    when: str | None = None
    """The step's `if`."""
    uses: str | None = None
    inputs: Mapping[str, str | int] = field(default_factory=dict)
    """The step's `with`."""
    env: Mapping[str, str] = field(default_factory=dict)
    shell: str | None = None
    run: str | None = None
    why: str = ""
    """The comment above the step."""

    def also_when(self, condition: str) -> Self:
        """The step under one more condition."""
        return replace(self, when=f"{self.when} && {condition}" if self.when else condition)

    def tree(self) -> Explained:
        """The step as data, without what it does not say."""
        content: dict[str, Any] = {
            "name": self.name,
            "id": self.id,
            "if": self.when,
            "uses": self.uses,
            "with": dict(self.inputs),
            "env": dict(self.env),
            "shell": self.shell,
            # The line break makes it a block, however short it is.
            "run": self.run and f"{self.run.strip()}\n",
        }
        return Explained({key: value for key, value in content.items() if value}, self.why)


def checkout(ref: str | None) -> Step:
    """Check out the triggering commit, or `ref` where the trigger has none of its own."""
    return Step(
        name="Check out",
        uses="actions/checkout@v4",
        inputs={} if ref is None else {"ref": ref},
    )


def python() -> list[Step]:
    """Set up the matrix version of Python with the repository's dependencies."""
    return [
        Step(
            name="Set up Python",
            uses="actions/setup-python@v5",
            inputs={"python-version": MATRIX_VERSION},
        ),
        Step(
            name="Cache pip dependencies",
            why="setup-python's own cache fails where there is no requirements file.",
            when=_LISTS_REQUIREMENTS,
            uses="actions/cache@v4",
            inputs={
                "path": "~/.cache/pip",
                "key": (
                    "${{ runner.os }}-pip-" + MATRIX_VERSION + "-"
                    "${{ hashFiles('requirements*.txt') }}"
                ),
                "restore-keys": "${{ runner.os }}-pip-" + MATRIX_VERSION + "-",
            },
        ),
        Step(name="Install dependencies", run=INSTALL),
    ]
