"""Jobs of a declared repository, with facts of GitHub that tests change, and their steps in lines.

Deliberately absent: a server. The facts are given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from components.config.stack_files import StackFiles
from components.model.types import EnvironmentName
from operations.commands.explain.asked import Claims
from operations.commands.explain.job import FOLDER, usual_job
from operations.commands.explain.on_github.scene import Scene
from operations.commands.explain.seen.look import Home, Place
from operations.commands.explain.seen.world import World
from operations.commands.explain.step import Step
from tests.operations.diff.worlds import as_declared

#: Stands for the text of the file as declared.
DECLARED = "declared"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A job, and what differs from a repository that is as declared."""

    environment: EnvironmentName = "dev"
    declared: str = ""
    """Further keys of the declaration."""
    job: Mapping[str, Any] = field(default_factory=dict)
    place: Mapping[str, Any] = field(default_factory=dict)
    live: Mapping[str, Any] = field(default_factory=dict)
    there: Mapping[str, Any] = field(default_factory=dict)
    """Of the live environment."""
    without: bool = False
    """Whether the live environment does not exist."""
    claims: Claims | None = None
    """Of the job's token; None without one."""


def world_of(files: StackFiles, case: Case) -> World:
    """The live world of a case."""
    observed = as_declared(files.stack, **case.live)
    live = observed.repositories["billing"]
    assert live is not None
    changed = replace(live.environments[case.environment], **case.there)
    environments = {**live.environments, case.environment: changed}
    if case.without:
        del environments[case.environment]
    live = replace(live, environments=environments)
    (declared,) = files.stack.repositories
    home = Home(live=live, owner="acme", owner_id="1")
    return World(files, declared, home, observed.accounts, {})


def scene_of(files: StackFiles, case: Case) -> Scene:
    """The scene of a case."""
    world = world_of(files, case)
    job = replace(usual_job(world.repository, case.environment, "main"), **case.job)
    if "path" in case.job:
        job = replace(job, path=FOLDER + case.job["path"])
    facts: dict[str, Any] = {"ref_exists": True, "tag_exists": False, "text": DECLARED}
    place = Place(**{**facts, "on_default": True, "protected": False, **case.place})
    if place.text == DECLARED:
        place = replace(place, text=world.contents.get(job.file))
    return Scene(world, case.environment, job, place, case.claims)


def lines(steps: Iterable[Step]) -> list[str]:
    """Every part of each step, on one line."""
    return [" | ".join(_parts(one)) for one in steps]


def _parts(step: Step) -> Iterable[str]:
    yield f"{step.side}, {step.name}: {step.result}: {step.answer}"
    if step.expected or step.got:
        yield f"expected {step.expected!r}, got {step.got!r}"
    if (mend := step.mend) is not None:
        place = (
            f"{mend.place.file}:{mend.place.line}: {mend.place.path}{mend.place.text}"
            if mend.place
            else ""
        )
        yield f"mend: {mend.text} [{place}] [{mend.url}]"
