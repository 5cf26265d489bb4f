"""Find names that refer to another object, or belong to another stack, than before.

These are names of repositories, roles and reviewers. Deliberately absent: undeclared renames of
repositories, which `operations.state.renames` refuses before there is a plan.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from components.config.other_stacks import stacks_declaring
from components.config.sanitize import visible
from components.config.stack_files import StackFiles
from components.model.stack import Stack
from components.model.types import ENVIRONMENTS
from components.objects.kinds import ROLE
from operations.diff.finding import Finding
from operations.engine.steps import Step, object_of, repository_of
from operations.guard.reason import Reason
from operations.live.observed import Observed
from operations.live.obstacles import same_owner


def former_roles(stack: Stack) -> set[str]:
    """Names, in lower case, of the roles under declared former names of repositories."""
    formers = [
        repository.model_copy(update={"repository": former})
        for repository in stack.repositories
        for former in repository.previously
    ]
    owner = stack.settings.owner
    return {former.role_name(owner, name).lower() for former in formers for name in ENVIRONMENTS}


def is_renamed(step: Step, roles: Collection[str]) -> bool:
    """True if a role, or a policy of it, is replaced because its repository was renamed."""
    kind, name = object_of(step).kind, str(step.old.get("role") or step.old.get("name") or "")
    return step.op == "replace" and ROLE in (kind, kind.parent) and name.lower() in roles


def with_other_meaning(findings: Sequence[Finding]) -> Iterator[str]:
    """Names and facts that an `up` would take for intended, though they changed without one.

    These are repositories and reviewers that took a declared name, a repository that became public,
    and a branch that lost protection: afterwards the state has the new meaning.
    """
    for found in findings:
        place = f"{found.repository}: {found.object}"
        if found.rule == "role/other_repository":
            yield (
                f"{found.repository} is another repository than before: "
                f"{found.object} trusts {found.live} and would trust {found.declared}"
            )
        elif found.rule == "environment/other_reviewer":
            yield (
                f"{place} has a reviewer of the declared name that is "
                f"another team or account: {found.declared} -> {found.live}"
            )
        elif found.rule == "repository/visibility":
            yield f"{found.repository} was {found.declared} at the last up and is {found.live} now"
        elif found.rule == "branch/protection":
            change = f"{found.declared} -> {found.live or 'nothing'}"
            yield f"{place} is less protected than at the last up: {change}"


def moved_elsewhere(
    files: StackFiles, steps: Sequence[Step], roles: Mapping[str, str], observed: Observed
) -> Iterator[Reason]:
    """A reason for each repository whose objects are another stack's, or another owner's, now.

    GitHub redirects requests after a transfer, so the plan would delete the new owner's objects.

    Args:
        files: the stack's declarations.
        steps: the plan's.
        roles: declared name of the repository by its roles' names in lower case.
        observed: the live world, including repositories that are to be offboarded.
    """
    lost: dict[str, list[str]] = {}
    for step in steps:
        if step.op == "delete":
            lost.setdefault(repository_of(step, roles), []).append(step.urn)
    others = stacks_declaring(files) if lost else {}
    for name, urns in sorted(lost.items()):
        live = observed.repositories.get(name)
        if (other := others.get(name.lower())) is not None:
            where = f"is declared in {other} now"
        elif live and not same_owner(f"{files.stack.settings.owner}/{name}", live.full_name):
            where = f"is {live.full_name} now"
        else:
            continue
        text = f"{name} {where}: the plan would delete its objects"
        yield Reason(files.stack.name, visible(text), tuple(sorted(urns)))
