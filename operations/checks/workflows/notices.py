"""Notices of `slipway validate`: remarks that are no problem, one for all repositories concerned.

Deliberately absent: facts that only GitHub knows (operations/checks/workflows/requirements.py), and
places in files, since a notice is about several.
"""

from calendar import month_name
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from components.model.pipeline import BuiltPackage, Pipeline
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import EnvironmentName
from operations.checks.workflows.contexts import reads
from operations.terminal.lists import counted, sample

#: The last month of each minor version of Python 3 (devguide.python.org/versions).
_ENDS: Final = {
    6: (2021, 12),
    7: (2023, 6),
    8: (2024, 10),
    9: (2025, 10),
    10: (2026, 10),
    11: (2027, 10),
    12: (2028, 10),
    13: (2029, 10),
    14: (2030, 10),
    15: (2031, 10),
}
_VERSIONS: Final = "https://devguide.python.org/versions/"
#: The default of `runs_on`.
_HOSTED: Final = ("ubuntu-latest",)

#: The name that a notice shows, and the repository.
_Named = tuple[str, Repository]


def notices(stacks: Sequence[Stack], today: date) -> Iterator[str]:
    """The notices that need no network, except the one about dependencies of Lambda zips."""
    named = list(_named(stacks))
    yield from _hosted_runners(stacks)
    yield from _ended_versions(named, today)
    yield from _unread_secrets(named)


def followed_branches(declared: Stack, found: Stack) -> Iterator[str]:
    """The notice about repositories whose default branch deploys to test and prod.

    Args:
        declared: the declaration.
        found: the same with the branches that GitHub's facts give.
    """
    pairs = zip(declared.repositories, found.repositories, strict=True)
    names = [
        f"{now.name}: {now.branches.test}" for was, now in pairs if now.branches != was.branches
    ]
    if names:
        who = counted(len(names), "repository has", "repositories have")
        yield f"{who} no 'main': test and prod follow the default branch ({sample(names)})"


def unsaid_dependencies(stacks: Sequence[Stack]) -> Iterator[str]:
    """The notice about Lambda zips that may lack dependencies; `Requirements` asks GitHub."""
    deploying = [
        name
        for name, repository in _named(stacks)
        if any(package.lambda_function for package in unsaid_packages(repository))
    ]
    if deploying:
        who = counted(len(deploying), "repository deploys", "repositories deploy")
        yield (
            f"{who} a Lambda zip without saying `package.dependencies` ({sample(deploying)}): what "
            "requirements.txt names is not in it. Say `vendored`, or `none` if that is meant"
        )


def unsaid_packages(repository: Repository) -> list[BuiltPackage]:
    """Lambda zips whose declaration does not say whether requirements.txt goes into them."""
    packages = Pipeline.of(repository, None).packages if repository.environment_names else ()
    return [one for one in packages if one.kind == "lambda-zip" and one.dependencies is None]


def _named(stacks: Sequence[Stack]) -> Iterator[_Named]:
    """Every repository; its name includes the stack's if there are several stacks."""
    for stack in stacks:
        for repository in stack.repositories:
            yield f"{stack.name}/{repository.name}" if stacks[1:] else repository.name, repository


def _ended_versions(named: Sequence[_Named], today: date) -> Iterator[str]:
    for minor, end in _ENDS.items():
        if (today.year, today.month) <= end:
            continue
        version = f"3.{minor}"
        having = [one for one in named if version in one[1].python_versions]
        own = [name for name, one in having if "python_versions" in one.model_fields_set]
        inherited = [name for name, one in having if "python_versions" not in one.model_fields_set]
        said = []
        if inherited:
            who = f"{counted(len(inherited), 'repository', 'repositories')} ({sample(inherited)})"
            said.append(f"the default of the standard's matrix has it, for {who}")
        if own:
            said.append(
                f"{counted(len(own), 'repository names', 'repositories name')} it ({sample(own)})"
            )
        if said:
            since = f"since {month_name[end[1]]} {end[0]}"
            about = f"python_versions: {version} is past its end {since} ({_VERSIONS})"
            yield f"{about}: {'; '.join(said)}"


def _hosted_runners(stacks: Sequence[Stack]) -> Iterator[str]:
    """An Enterprise Server has no hosted runners (docs.github.com: OIDC in AWS, its first note)."""
    named = list(_named([one for one in stacks if one.settings.github.is_server]))
    if waiting := [name for name, repository in named if repository.runs_on == _HOSTED]:
        who = counted(len(waiting), "repository's jobs wait", "repositories' jobs wait")
        yield (
            f"{who} for a runner labelled {_HOSTED[0]} ({sample(waiting)}): an Enterprise Server "
            "has none of GitHub's, so give a self-hosted runner this label, or declare `runs_on`"
        )


def _unread_secrets(named: Sequence[_Named]) -> Iterator[str]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, repository in named:
        for environment in repository.environment_names:
            for secret in _unread(repository, environment):
                found.setdefault((name, secret), []).append(environment)
    shown = [f"{name}: {'/'.join(where)} {secret}" for (name, secret), where in found.items()]
    if shown:
        yield (
            f"{counted(len(shown), 'secret is', 'secrets are')} read by no step of the workflows "
            f"({sample(shown)}): a step names what it needs in `env`, the deploy command in "
            "`deploy.env`"
        )


def _unread(repository: Repository, environment: EnvironmentName) -> list[str]:
    """Secrets of an environment that no part of its deployment reads."""
    read = set(reads({"env": dict(repository.deploy.env)}))
    for path, steps in repository.extra_steps():
        # In the strict profile prod deploys the tested package and does not build it.
        promoted = repository.profile == "strict" and environment == "prod"
        if path[0] == "deploy" or (path[0] != "ci" and not promoted):
            read.update(found for step in steps for found in reads(step.github()))
    declared = repository.environment(environment).secrets
    if ("secrets", None) in read:
        return []
    return [secret for secret in declared if ("secrets", secret.upper()) not in read]
