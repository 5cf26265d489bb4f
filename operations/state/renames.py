"""Find a repository in the state under a name that it no longer has, and that nobody declared.

GitHub redirects the former name, so a plan would make everything under the new one, meet what is
there, and then delete it by the old one. Nobody means that: no consent is asked, it is refused.
"""

from collections.abc import Collection

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from operations.engine.stack_state import Export
from operations.live.github.cache import observing
from operations.state.leftovers import undeclared_repositories


def undeclared_renames(
    files: StackFiles, export: Export, names: Collection[str] = ()
) -> list[Problem]:
    """A problem for each, at its declaration; GitHub is asked for what nobody declares.

    Args:
        files: the stack's declarations.
        export: the state.
        names: of repositories that are about to be declared.

    Raises:
        ConfigurationError: GitHub can't be asked.
    """
    owner = files.stack.settings.owner
    declared = {f"{owner}/{one.name}".lower(): one for one in files.stack.repositories}
    coming = {f"{owner}/{name}".lower() for name in names}
    problems: list[Problem] = []
    formers = undeclared_repositories(export, files.stack.repositories)
    if not formers:
        return problems
    github = observing(owner, cache=True)
    for former in formers:
        found = github.get(f"repos/{owner}/{former}")
        now = "" if found is None else str(found["full_name"]).lower()
        text = (
            f"was {former} before, which this stack has onboarded: say `previously: {former}` in "
            "its file, or everything in it is deleted and made again"
        )
        if repository := declared.get(now):
            problems.append(files.problem(repository, ("repository",), text))
        elif now in coming and now != f"{owner}/{former}".lower():
            problems.append(Problem(now, 0, "", text))
    return problems
