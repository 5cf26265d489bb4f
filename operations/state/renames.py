"""Find repositories in the state that were renamed on GitHub without a declaration `previously`.

GitHub redirects the former name, so a plan would create everything under the new name, although it
exists, and then delete it by the former name. That is never intended, so it is refused, also with
consent.
"""

from collections.abc import Collection, Iterable

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from operations.engine.stack_state import Export
from operations.live.github.api import GitHub
from operations.live.github.cache.observing import observing
from operations.state.leftovers import undeclared_repositories


def undeclared_renames(
    files: StackFiles, export: Export, names: Collection[str] = ()
) -> list[Problem]:
    """A problem for each, at its declaration. Reads undeclared repositories from GitHub.

    Args:
        files: the stack's declarations.
        export: the state.
        names: of repositories that are about to be declared.

    Raises:
        ConfigurationError: GitHub can't be read.
    """
    settings = files.stack.settings
    formers = undeclared_repositories(export, files.stack.repositories)
    if not formers:
        return []
    github = observing(settings.owner, settings.github, cache=True)
    return list(renamed(files, formers, github, names).values())


def renamed(
    files: StackFiles, formers: Iterable[str], github: GitHub, names: Collection[str] = ()
) -> dict[str, Problem]:
    """By its present name in lower case, each of these repositories that was renamed, as a problem.

    Args:
        files: the stack's declarations.
        formers: names of repositories in the state that are not declared.
        github: is asked where each of these names leads.
        names: of repositories that are about to be declared.

    Raises:
        ConfigurationError: GitHub can't be read.
    """
    owner = files.stack.settings.owner
    declared = {f"{owner}/{one.name}".lower(): one for one in files.stack.repositories}
    coming = {f"{owner}/{name}".lower() for name in names}
    problems: dict[str, Problem] = {}
    for former in formers:
        found = github.get(f"repos/{owner}/{former}")
        now = "" if found is None else str(found["full_name"]).lower()
        text = (
            f"was onboarded to this stack as {former}: add `previously: {former}` to its file, or "
            "everything in it is deleted and created again"
        )
        if repository := declared.get(now):
            problems[repository.name.lower()] = files.problem(repository, ("repository",), text)
        elif now in coming and now != f"{owner}/{former}".lower():
            problems[now.rpartition("/")[2]] = Problem(now, 0, "", text)
    return problems
