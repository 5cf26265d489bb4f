"""The check of objects that exist on GitHub already, against Pulumi's state.

Only the state shows which objects are the stack's. If it cannot be read, or is empty here although
the repositories look onboarded, the check is not asked. Deliberately absent: roles at AWS (`aws`).
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from components.model.repository import Repository
from operations.checks.check import Check, judged, not_asked
from operations.checks.environments import read_existing
from operations.checks.github import EXISTING, UNTOLD
from operations.checks.taken_over import Environments, onboarded, taken_over, unknown_to
from operations.engine.errors import PulumiError
from operations.engine.forgotten import undeclared
from operations.engine.stack_state import export_state
from operations.live.github.api import CONNECTIONS, GitHub
from operations.live.observed import RepositoryDetails
from operations.live.program import Read
from operations.state.known_objects import Known, known_objects
from operations.state.renames import renamed
from operations.terminal.lists import counted
from operations.terminal.reason import reason

#: A part of pulumi's message (3.256) about a stack that its backend does not have.
_NO_STACK = "no stack named"


def read_known(stack: str) -> Known | ConfigurationError | None:
    """The objects in the state of a stack, None if there is no such stack, or the error.

    It runs pulumi, so it must be called in the main thread.
    """
    try:
        return known_objects(export_state(stack))
    except PulumiError as error:
        return None if _NO_STACK in error.output else error
    except ConfigurationError as error:
        return error


def existing_check(
    github: GitHub,
    files: StackFiles,
    read: Read,
    state: Known | ConfigurationError | None,
) -> Check:
    """The check of all repositories.

    Args:
        github: the session.
        files: the declarations.
        read: GitHub's other answers.
        state: as `read_known` gives it.
    """
    owner = files.stack.settings.owner
    if isinstance(state, ConfigurationError):
        return not_asked(EXISTING, owner, f"Pulumi's state cannot be read: {reason(state)}")
    known, details = state or Known(), read.answers.details
    there = [one for one in files.stack.repositories if one.name in details]
    # Without environments in the plan GitHub answers 404 to every question about them.
    asked = [
        one for one in there if read.live.offered(one.name).environments and unknown_to(one, known)
    ]
    try:
        existing = _read(github, details, asked)
        formers = undeclared(known.repositories, files.stack.repositories)
        moved = renamed(files, sorted(formers), github)
    except ConfigurationError as error:
        return not_asked(EXISTING, owner, reason(error))
    settings = files.stack.settings
    if state is None and any(
        onboarded(settings, one, existing[one.name]) for one in there if one.name in existing
    ):
        why = (
            f"pulumi has no stack {files.stack.name} here, and the repositories are onboarded: "
            "log in where it is"
        )
        return not_asked(EXISTING, owner, why)
    # The objects of a renamed repository are the stack's own, so none is taken over or deleted.
    found = [
        one
        for one in taken_over(files, details, existing, known)
        if one.repository.lower() not in moved
    ]
    stops = [*moved.values(), *(one.problem for one in found if one.stops)]
    notices = [one.problem for one in found if not one.stops]
    if read.answers.refusals and not stops:
        return not_asked(EXISTING, owner, UNTOLD)
    looked = counted(len(there), "repository", "repositories") if there else "no repository"
    whose = "Pulumi has no such stack yet" if state is None else "by Pulumi's state"
    return judged(EXISTING, owner, stops, f"{looked}, {whose}", notices=notices)


def _read(
    github: GitHub, details: Mapping[str, RepositoryDetails], asked: list[Repository]
) -> dict[str, Environments]:
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = pool.map(
            lambda one: read_existing(github, details[one.name].full_name, one.environment_names),
            asked,
        )
        return {one.name: found for one, found in zip(asked, answers, strict=True)}
