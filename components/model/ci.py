"""The declaration of CI jobs: their runners, their additional steps, and whether they block."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from components.model.base import (
    Frozen,
    mistake,
    null_is_false,
    null_is_no_item,
    null_is_no_key,
    present,
)
from components.model.types import ActionReference, RunnerLabel, ServiceName


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


#: Labels of the runner that takes a job, as GitHub's `runs-on`: one, or several that all must fit.
RunsOn = Annotated[
    tuple[RunnerLabel, ...],
    BeforeValidator(_one_or_more, json_schema_input_type=str | list[str]),
    Field(min_length=1),
]
#: GitHub ends a job after 360 minutes by itself; self-hosted runners have five days.
TimeoutMinutes = Annotated[int, Field(strict=True, ge=1, le=7200)]


def _scalar(value: Any) -> Any:
    if not isinstance(value, str | int | bool):
        found = "null" if value is None else f"a {type(value).__name__}"
        raise mistake(f"found {found}, expected text, a whole number, true or false")
    return value


#: A value that GitHub accepts for a variable or an input.
Scalar = Annotated[
    str | int | bool, BeforeValidator(_scalar, json_schema_input_type=str | int | bool)
]


def _bare(value: Any) -> Any:
    """A condition without `${{ }}`: GitHub adds it itself, and joined conditions cannot have it."""
    if not isinstance(value, str):
        return value
    bare = re.sub(r"^\s*\$\{\{(.*)\}\}\s*$", r"\1", value, flags=re.DOTALL).strip()
    if not bare or "${{" in bare or "}}" in bare:
        raise mistake(f"{value!r} is no condition: write one expression, without ${{{{ }}}}")
    return bare


class ExtraStep(Frozen):
    """A step of the user's own, with GitHub's own keys (docs.github.com: workflow syntax)."""

    model_config = ConfigDict(validate_by_name=False, validate_by_alias=True)

    name: str = Field(min_length=1)
    """Name that GitHub shows."""
    id: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_-]*$")
    """Name for `steps.ID.outputs`."""
    when: Annotated[str | None, BeforeValidator(_bare)] = Field(default=None, alias="if")
    """Condition, one expression."""
    uses: ActionReference | None = None
    """An action, OWNER/REPOSITORY@REF, or one of the repository, ./PATH."""
    inputs: dict[str, Scalar] = Field(default={}, alias="with")
    """The action's inputs."""
    run: str | None = Field(default=None, min_length=1)
    """A script. It contains no expressions: it reads values from `env`."""
    env: dict[str, Scalar] = Field(default={})
    """Environment variables."""
    shell: str | None = None
    """Shell that runs the script."""
    working_directory: str | None = Field(default=None, alias="working-directory")
    """Folder in which the script runs."""

    @model_validator(mode="after")
    def _one_thing_to_do(self) -> Self:
        if (self.uses is None) == (self.run is None):
            raise mistake("a step has either `uses`, an action, or `run`, a script")
        if self.uses is None and self.inputs:
            raise mistake("`with` is for an action; a script gets its values by `env`", "with")
        if self.run is None and (self.shell or self.working_directory):
            raise mistake("`shell` and `working-directory` are for a script, not for an action")
        if self.run is not None and "${{" in self.run:
            text = "an expression in a script becomes code before the shell reads it: use `env`"
            raise mistake(text, "run")
        return self

    def github(self) -> dict[str, Any]:
        """The step with GitHub's keys, in their usual order."""
        return self.model_dump(by_alias=True, exclude_defaults=True)


#: Ids of the steps that slipway writes.
_OWN_IDS = frozenset({"artifact", "checkout", "producer", "tested", "tests"})


def unique_ids(*lists: tuple[ExtraStep, ...], at: tuple[str, ...] = ()) -> None:
    """Refuse an id that two steps of a job would have; `at` is the path of their declaration."""
    ids = [step.id.lower() for steps in lists for step in steps if step.id]
    for id_ in ids:
        if ids.count(id_) > 1 or id_.split("-")[0] in _OWN_IDS:
            text = f"step id {id_!r} is taken: ids are unique in a job, choose another"
            raise mistake(text, *at)


ExtraSteps = Annotated[tuple[ExtraStep, ...], null_is_no_item]


class Service(Frozen):
    """A container beside the tests, for example a database (docs.github.com: jobs.services)."""

    image: str = Field(pattern=r"^[a-z0-9][A-Za-z0-9._/:@-]*$")
    """Image with its tag or digest."""
    env: Annotated[dict[str, Scalar], null_is_no_key] = Field(default={})
    """Environment variables of the container."""
    ports: Annotated[tuple[str, ...], null_is_no_item] = ()
    """Ports that the job reaches on localhost, as in "5432:5432"."""
    options: str | None = None
    """Options of `docker create`, such as a health check."""


class CiJob(Frozen):
    """One CI job."""

    blocking: bool | None = None
    """Whether findings stop the deployment. Default: `false`, in the strict profile `true`."""
    before: ExtraSteps = ()
    """Steps after Python is set up, before the first `pip install`, e.g. a login to a private
    index."""
    after: ExtraSteps = ()
    """Steps at the end, which run even after findings."""
    runs_on: RunsOn | None = None
    """The job's own runner. Default: the repository's."""
    timeout_minutes: TimeoutMinutes | None = None
    """The job's own limit. Default: the repository's."""

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        unique_ids(self.before, self.after)
        return self


class TestsJob(CiJob):
    """The tests' job, which may need services."""

    services: Annotated[dict[ServiceName, Service], BeforeValidator(present)] = Field(default={})
    """Containers by name; jobs that run in a container use it as their host name."""


class Ci(Frozen):
    """The three CI jobs of the standard."""

    lint: CiJob = CiJob()
    """Flake8."""
    security: CiJob = CiJob()
    """Bandit."""
    tests: TestsJob = TestsJob()
    """pytest."""
    pull_requests: Annotated[bool, null_is_false] = False
    """Whether the three jobs also run on pull requests, even from forks, to the branches of dev and
    test: with a read-only token, without an environment and without a deployment."""


Profile = Literal["standard", "strict"]
