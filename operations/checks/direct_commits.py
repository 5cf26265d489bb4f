"""Ask whether rules refuse the commits of a repository that declares `delivery: direct`.

The program does not ask: it commits, and GitHub refuses in the middle of `up`. Only
`slipway validate --live` asks. A branch that has the declared files gets no commit, so it is left
out.
"""

from collections.abc import Iterator, Mapping

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from operations.live.github.api import GitHub
from operations.live.github.branch_rules import read_name_rules, read_rules, refuses
from operations.live.github.graphql import DeclaredBranch, question_about
from operations.live.observed import RepositoryDetails


def refused_commits(
    github: GitHub, files: StackFiles, details: Mapping[str, RepositoryDetails]
) -> Iterator[Problem]:
    """A problem for each branch, at the place that declares `direct`.

    Args:
        github: the session.
        files: the declarations.
        details: by declared name, the repositories that can be onboarded.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    for repository in files.stack.repositories:
        found = details.get(repository.name)
        if found is None or repository.delivery != "direct":
            continue
        question = question_about(repository, files.stack.settings)
        declared = question.files(found) if question.files else {}
        for branch, wanted in sorted(declared.items()):
            if _refused(github, found, branch, wanted):
                text = (
                    f"rules refuse commits to {branch!r} of {found.full_name}, which `direct` "
                    "makes: write `delivery: auto`, which opens a pull request there, or let the "
                    "token's user always bypass the rules"
                )
                yield files.problem(repository, ("delivery",), text)


def _refused(github: GitHub, found: RepositoryDetails, branch: str, wanted: DeclaredBranch) -> bool:
    live = found.workflows.get(branch)
    if live is not None and all(
        name in live and live[name].blob == blob for name, blob in wanted.files.items()
    ):
        return False
    if live is None:
        # slipway creates the branch, and then commits to it.
        rules = read_name_rules(github, found.full_name, branch)
        return refuses(github, found.full_name, branch, rules)
    there = read_rules(github, found.full_name, branch)
    return there is not None and refuses(github, found.full_name, branch, there)
