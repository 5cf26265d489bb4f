"""Ask whether rules refuse the commits of a repository that declares `delivery: direct`.

The program does not ask: it commits, and GitHub refuses in the middle of `up`. Only
`slipway validate --live` asks. A branch that has the declared files gets no commit, so it is left
out. Deliberately absent: whether a missing branch can be made, which the program asks for each way
of delivery (`operations.live.github.rules.creations`).
"""

from collections.abc import Iterator, Mapping

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from operations.live.github.api import GitHub
from operations.live.github.graphql import DeclaredBranch, question_about
from operations.live.github.rules.changes import commits
from operations.live.github.rules.judge import Judge, Refusing, listed
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
    for repository in (*files.stack.repositories, *files.stack.leaving):
        found = details.get(repository.name)
        if found is None or repository.delivery != "direct":
            continue
        question = question_about(repository, files.stack.settings)
        declared = question.files(found) if question.files else {}
        for branch, wanted in sorted(declared.items()):
            if refusing := _refusing(github, found, branch, wanted, leaving=question.leaving):
                way = "write `delivery: auto`, which opens a pull request there, or"
                if any(one.of == "pushes" for one in refusing):
                    way = "a pull request does not help, as a rule holds for every push:"
                text = (
                    f"rules refuse commits to {branch!r} of {found.full_name}, which `direct` "
                    f"makes ({listed(refusing)}): {way} let the token's user always bypass the "
                    "rules"
                )
                yield files.problem(repository, ("delivery",), text)


def _refusing(
    github: GitHub, found: RepositoryDetails, branch: str, wanted: DeclaredBranch, *, leaving: bool
) -> tuple[Refusing, ...]:
    live = found.workflows.get(branch)
    there = live or {}
    if leaving:
        changed = [name for name in wanted.files if name in there]
    else:
        changed = [
            name
            for name, blob in wanted.files.items()
            if name not in there or there[name].blob != blob
        ]
    if not changed:
        return ()
    judge = Judge(github, found.full_name, public=found.public)
    # slipway creates a missing branch, and then commits to it.
    rules = judge.of_name(branch) if live is None else judge.of_branch(branch)
    change = commits(branch, changed, largest=wanted.largest, removes=leaving)
    return judge.refusing(change, rules) if rules is not None else ()
