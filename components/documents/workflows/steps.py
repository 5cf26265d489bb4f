"""What a step is, and the steps that jobs share: check out, set up Python, install."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self
from urllib.parse import quote

from components.documents.workflows.actions import action
from components.documents.workflows.ci_scripts import INSTALL
from components.documents.workflows.emit import Explained
from components.model.ci import ExtraStep

#: The Python version of one job of a matrix.
MATRIX_VERSION: Final = "${{ matrix.python-version }}"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step; the fields are in the order in which people write them."""

    name: str
    id: str | None = None
    when: str | None = None
    """The step's `if`."""
    uses: str | Explained | None = None
    inputs: Mapping[str, str | int | bool] = field(default_factory=dict)
    """The step's `with`."""
    env: Mapping[str, str | int | bool] = field(default_factory=dict)
    shell: str | None = None
    directory: str | None = None
    """The step's `working-directory`."""
    run: str | None = None
    why: str = ""
    """The comment above the step."""

    def also_when(self, condition: str) -> Self:
        """The step under one more condition."""
        mine = f"({self.when})" if self.when and "||" in self.when else self.when
        return replace(self, when=f"{mine} && {condition}" if mine else condition)

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
            "working-directory": self.directory,
            # The line break makes it a block, however short it is.
            "run": self.run and f"{self.run.strip()}\n",
        }
        return Explained({key: value for key, value in content.items() if value}, self.why)


def checkout(ref: str | None, *, strict: bool) -> Step:
    """Check out the triggering commit, or `ref` where the trigger has none of its own.

    Strictly, the token is not left in `.git` for later steps to find.
    """
    inputs: dict[str, str | bool] = {} if ref is None else {"ref": ref}
    if strict:
        inputs["persist-credentials"] = False
    uses = action("actions/checkout", pinned=strict)
    return Step(name="Check out", uses=uses, inputs=inputs)


def set_up_python(version: str, *, strict: bool) -> Step:
    """Put a version of Python first on PATH."""
    uses = action("actions/setup-python", pinned=strict)
    return Step(name="Set up Python", uses=uses, inputs={"python-version": version})


def python(requirements: str, *, strict: bool) -> list[Step]:
    """Set up the matrix version of Python with the repository's dependencies.

    Args:
        requirements: the arguments of `hashFiles` that name the requirements files.
        strict: whether actions are pinned.
    """
    key = "${{ runner.os }}-pip-" + MATRIX_VERSION
    return [
        set_up_python(MATRIX_VERSION, strict=strict),
        Step(
            name="Cache pip dependencies",
            why="setup-python's own cache fails where there is no requirements file.",
            when=f"hashFiles({requirements}) != ''",
            uses=action("actions/cache", pinned=strict),
            inputs={
                "path": "~/.cache/pip",
                "key": f"{key}-${{{{ hashFiles({requirements}) }}}}",
                "restore-keys": f"{key}-",
            },
        ),
        Step(name="Install dependencies", run=INSTALL),
    ]


def declared(steps: Iterable[ExtraStep], *, always: bool = False) -> list[Step]:
    """The steps of the user's own; those that run `always` do so unless they say otherwise."""
    return [
        Step(
            name=step.name,
            id=step.id,
            when=step.when or ("always()" if always else None),
            uses=step.uses,
            inputs=step.inputs,
            env=step.env,
            shell=step.shell,
            directory=step.working_directory,
            run=step.run,
        )
        for step in steps
    ]


def in_url(branch: str) -> str:
    """The branch as a part of a URL: `%`, `#`, `&` and `+` are legal in its name."""
    return quote(branch, safe="/")


def runs_on(labels: tuple[str, ...]) -> str | list[str]:
    """What `runs-on` says: one label, or a list of which all must fit."""
    return labels[0] if len(labels) == 1 else list(labels)
