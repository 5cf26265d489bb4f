"""Refuse an adoption before anything is written, for facts that no declaration can describe."""

from collections.abc import Collection, Iterator

from components.config.oidc_accounts import provider_problems
from components.config.problems import Problem
from components.config.stack_files import StackFiles
from components.model.stack import Stack
from operations.live.github.plans import plan_problems
from operations.live.github.reviewers import way_in
from operations.live.mistakes.branches import branch_mistakes
from operations.live.observed import Observed, ObservedRepository, offers, provider_tags
from operations.live.obstacles import obstacles


def refusals(files: StackFiles, names: Collection[str], observed: Observed) -> Iterator[Problem]:
    """Every reason to refuse.

    Args:
        files: the stack's declarations.
        names: repositories to adopt.
        observed: the live world.
    """
    declared = {repository.name for repository in files.stack.repositories}
    for name in names:
        full_name, live = f"{files.stack.settings.owner}/{name}", observed.repositories[name]
        for obstacle in obstacles(full_name, live):
            # A user who may not administer the repository can still run `--dry-run`.
            if obstacle.kind != "rights":
                yield Problem(full_name, 0, "", obstacle.text)
        for text in _unnamed_reviewers(live) if live else ():
            yield Problem(full_name, 0, "", text)
        if live and name not in declared and not live.offered.environments:
            text = "is not public, and its owner's plan has environments only for public ones"
            yield Problem(full_name, 0, "", f"{text}: make it public, or get another plan")
    yield from plan_problems(files, offers(observed))
    # An OIDC provider is never imported: the stack would change its audiences, and would delete it
    # when the stack is destroyed.
    yield from provider_problems(files, provider_tags(observed))


def misplaced(stack: Stack, observed: Observed) -> Iterator[Problem]:
    """Branches that do not fit the declarations; the program refuses them as well.

    Args:
        stack: the repositories to adopt, resolved.
        observed: the live world.
    """
    for repository in stack.repositories:
        full_name = f"{stack.settings.owner}/{repository.name}"
        if live := observed.repositories[repository.name]:
            for _, text in branch_mistakes(full_name, repository, live):
                yield Problem(full_name, 0, "", text.removeprefix(f"{full_name}: "))


def without_access(stack: Stack, observed: Observed) -> Iterator[Problem]:
    """Reviewers whom GitHub would drop: the program refuses declarations that name them.

    Args:
        stack: the repositories to adopt, resolved.
        observed: the live world.
    """
    for repository in stack.repositories:
        live = observed.repositories[repository.name]
        full_name = f"{stack.settings.owner}/{repository.name}"
        for name in repository.environment_names:
            declared = repository.environment(name).reviewers.names
            for who in sorted(declared & live.outsiders if live else ()):
                text = f"has a reviewer in {name} without access: {way_in(who, full_name)} first"
                yield Problem(full_name, 0, "", text)


def _unnamed_reviewers(live: ObservedRepository) -> Iterator[str]:
    for name, environment in sorted(live.environments.items()):
        if environment.other_reviewers:
            who = ", ".join(sorted(environment.other_reviewers))
            yield (
                f"has a reviewer in {name} that no declaration can name and Pulumi's GitHub "
                f"provider cannot read: remove {who} on GitHub, or do not adopt this repository"
            )
