"""Find the creations of a plan that GitHub or AWS would refuse because the object exists already.

GitHub refuses a second variable of one name (409), IAM a second role (EntityAlreadyExists). This
happens if Pulumi's state was lost, or if a person made the object by hand. `slipway up` then stops
before it changes anything. Deliberately absent: OIDC providers, which are checked before a plan is
made, and objects that a creation replaces without an error (`foreign`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from components.objects.kind import Key
from components.objects.kinds import ROLE, VARIABLE
from operations.engine.steps import Step, object_of, repository_of
from operations.live.identities import id_in_repository
from operations.live.observed import Observed
from operations.terminal.lists import sample

#: Objects that a message names.
_SHOWN: Final = 6


def refused_creations(
    files: StackFiles, steps: Sequence[Step], observed: Observed, roles: Mapping[str, str]
) -> Iterator[Problem]:
    """A problem for each repository with such objects, at its line.

    Args:
        files: the declarations.
        steps: of the plan, made after objects of an interrupted run were added to the state.
        observed: the live world.
        roles: declared name of the repository by its roles' names in lower case.
    """
    taken: dict[str, list[Key]] = {}
    for step in steps:
        if step.op == "create" and _exists(step, files, observed):
            taken.setdefault(repository_of(step, roles), []).append(object_of(step))
    for repository in files.stack.repositories:
        if keys := taken.get(repository.name):
            text = (
                f"{files.stack.settings.owner}/{repository.name} has {sample(keys, _SHOWN)} "
                "already, and Pulumi's state does not: take what exists over with "
                f"slipway adopt {files.stack.name} {repository.name} (--all for each repository "
                "of the stack, if the state was lost), or delete it"
            )
            yield files.problem(repository, ("repository",), text)


def _exists(step: Step, files: StackFiles, observed: Observed) -> bool:
    if step.type == VARIABLE.type:
        live = observed.repositories.get(str(step.new["repository"]))
        return live is not None and id_in_repository(step.type, step.new, live) is not None
    if step.type != ROLE.type:
        return False
    name = str(step.new["name"]).lower()
    # Several accounts may have a role of one name. Its resource is named as its environment.
    return any(
        step.name == f"{repository.name}-{environment}"
        and (seen := observed.accounts.get(account)) is not None
        and name in seen.roles
        for repository, environment, account, _ in files.stack.roles()
    )
