"""Render a step, and the steps that jobs share: check out, set up Python, keep pip's cache."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self
from urllib.parse import quote

from components.documents.workflows.actions import action
from components.documents.workflows.emit import Explained, Inline
from components.model.ci import ExtraStep
from components.model.pipeline import Pipeline

#: The Python version of one job of a matrix.
MATRIX_VERSION: Final = "${{ matrix.python-version }}"


@dataclass(frozen=True, kw_only=True)
class RenderedStep:
    """One step of a workflow; its fields are in the usual order of a step's keys."""

    name: str | None = None
    """Name that GitHub shows; its default is the action's name."""
    id: str | None = None
    when: str | None = None
    """The step's `if`."""
    uses: str | Explained | None = None
    inputs: Mapping[str, str | int | bool] = field(default_factory=dict)
    """The step's `with`."""
    env: Mapping[str, str | int | bool] | Inline = field(default_factory=dict)
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
        """The step as data, without its empty keys."""
        content: dict[str, Any] = {
            "name": self.name,
            "id": self.id,
            "if": self.when,
            "uses": self.uses,
            "with": _brief(self.inputs),
            "env": _brief(self.env),
            "shell": self.shell,
            "working-directory": self.directory,
            # The line break makes it a block, even if it is short.
            "run": self.run and f"{self.run.strip()}\n",
        }
        return Explained({key: value for key, value in content.items() if value}, self.why)


def _brief(values: Mapping[str, str | int | bool] | Inline) -> Mapping[str, Any] | Inline:
    """Write a single value beside its key, several values below it."""
    if isinstance(values, Inline):
        return values
    return Inline(values) if len(values) == 1 else dict(values)


def checkout(
    pipeline: Pipeline, ref: str | None, *, history: bool = False, id_: str | None = None
) -> RenderedStep:
    """Check out the triggering commit, or `ref` if the trigger has no commit of its own.

    In the strict profile later steps cannot read the token.

    Args:
        pipeline: the resolved declaration.
        ref: branch or commit; None for the triggering commit.
        history: whether all commits and tags are needed, e.g. for a version that comes from git.
        id_: the step's id.
    """
    inputs: dict[str, str | int | bool] = {} if ref is None else {"ref": ref}
    if history:
        inputs["fetch-depth"] = 0
    if pipeline.strict:
        inputs["persist-credentials"] = False
    return RenderedStep(id=id_, uses=action("actions/checkout", pipeline), inputs=inputs)


def set_up_python(version: str, pipeline: Pipeline) -> RenderedStep:
    """Put a version of Python first on PATH."""
    uses = action("actions/setup-python", pipeline)
    return RenderedStep(uses=uses, inputs={"python-version": version})


def python(pipeline: Pipeline, version: str, requirements: str) -> list[RenderedStep]:
    """Set up Python, and restore pip's downloads for the same requirements.

    Args:
        pipeline: the resolved declaration.
        version: version of Python.
        requirements: the arguments of `hashFiles` that name the requirements files.
    """
    # GitHub never overwrites a key: one key for all jobs could keep only lint's few packages.
    key = "pip-${{ github.job }}-${{ runner.os }}-"
    key += f"{version}-${{{{ hashFiles({requirements}) }}}}"
    return [
        set_up_python(version, pipeline),
        # setup-python's own cache fails if there is no requirements file.
        RenderedStep(
            uses=action("actions/cache", pipeline),
            inputs={"path": "~/.cache/pip", "key": key},
        ),
    ]


def declared(steps: Iterable[ExtraStep], *, always: bool = False) -> list[RenderedStep]:
    """The user's own steps; with `always` they run after failures too, unless they have an `if`."""
    return [
        RenderedStep(
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
    """The value of `runs-on`: one label, or a list of labels that must all fit."""
    return labels[0] if len(labels) == 1 else list(labels)
