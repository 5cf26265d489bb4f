"""Ask GitHub about everything that a stack names, and report the names that it does not know.

The program, `slipway validate --live` and `slipway render --live` use it. Each user, team and
repository is asked for once, even if several environments name it.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.config.yaml_files import Path_
from components.model.environment import TEAM
from components.model.live import Live, LiveRepository
from components.model.plan import Plan
from components.model.ref_patterns import admits
from components.model.repository import Repository
from components.model.types import ENVIRONMENTS
from operations.live.github.api import CONNECTIONS, GitHub
from operations.live.github.graphql import Question, question_about
from operations.live.github.plans import plan_problems, stated_otherwise
from operations.live.github.repository import read_details, read_repositories
from operations.live.github.reviewers import read_id, way_in
from operations.live.observed import RepositoryDetails, RepositoryFacts
from operations.live.obstacles import obstacles

#: Secrets and environments need the first, files in .github/workflows the second.
_SCOPES: Final = {"repo", "workflow"}

Fact = TypeVar("Fact")


@dataclass(frozen=True)
class Named:
    """GitHub's answers about everything that a stack names."""

    users: Mapping[str, int | None]
    """Ids by login in lower case; None if GitHub knows no such user."""
    teams: Mapping[str, int | None]
    """Ids by slug; None if the owner has no such team."""
    repositories: Mapping[str, RepositoryFacts | None]
    """By declared name; None if GitHub shows none. A repository with an obstacle has no details."""
    plan: Plan | None
    """The owner's plan as GitHub tells it, if a repository is not public."""

    @property
    def details(self) -> dict[str, RepositoryDetails]:
        """The details of each repository that has no obstacle."""
        each = self.repositories.items()
        return {name: found for name, found in each if isinstance(found, RepositoryDetails)}


def read_live(files: StackFiles, github: GitHub) -> Live:
    """The facts that the program needs.

    Raises:
        ConfigurationError: as `read_named`.
    """
    return live_of(files, read_named(files, github))


def read_named(files: StackFiles, github: GitHub) -> Named:
    """Ask GitHub.

    Raises:
        ConfigurationError: for every name that GitHub does not know, for every repository that
            cannot be onboarded, and for every declared rule that the owner's plan does not have.
    """
    owner = files.stack.settings.owner
    users = {login.lower() for _, _, login in _reviewers(files, "users")}
    teams = {slug for _, _, slug in _reviewers(files, "teams")}
    questions = [
        replace(question_about(repository), texts=False) for repository in files.stack.repositories
    ]

    def details(facts: RepositoryFacts, question: Question, _plan: Plan | None) -> RepositoryFacts:
        if any(obstacles(f"{owner}/{question.name}", facts)):
            return facts
        return read_details(github, owner, facts, question)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        user_ids = _ask(pool, users, lambda login: read_id(github, owner, login))
        team_ids = _ask(pool, teams, lambda slug: read_id(github, owner, f"{TEAM}{slug}"))
        named_users, named_teams = user_ids(), team_ids()
    repositories, plan = read_repositories(github, owner, questions, details)
    named = Named(named_users, named_teams, repositories, plan)
    problems, refused = _problems(files, named), False
    for repository in files.stack.repositories:
        full_name = f"{owner}/{repository.name}"
        for obstacle in obstacles(full_name, named.repositories[repository.name]):
            text = f"{full_name} {obstacle.text}"
            problems.append(files.problem(repository, ("repository",), text))
            refused = refused or obstacle.kind == "rights"
    if lacking := _lacking_scopes(github):
        problems, refused = [*problems, *lacking], True
    live = live_of(files, named)
    problems += stated_otherwise(files, plan)
    problems += plan_problems(files, {name: live.offered(name) for name in live.repositories})
    if problems:
        code = ExitCode.AUTHENTICATION if refused else ExitCode.CONFIGURATION
        raise ConfigurationError(problems, code)
    return named


def live_of(files: StackFiles, named: Named) -> Live:
    """The part of the answers that components use."""
    there = {
        repository.name: _live_repository(repository, details)
        for repository in files.stack.repositories
        if (details := named.details.get(repository.name))
    }
    public = all(details.public for details in named.details.values())
    return Live(
        users={login: id_ for login, id_ in named.users.items() if id_ is not None},
        teams={slug: id_ for slug, id_ in named.teams.items() if id_ is not None},
        repositories=there,
        plan=None if public else named.plan or files.stack.settings.plan,
    )


def _live_repository(repository: Repository, found: RepositoryDetails) -> LiveRepository:
    triggers = {repository.trigger_branch("dev"), repository.trigger_branch("test")}
    return LiveRepository(
        id=found.id,
        html_url=found.html_url,
        default_branch=found.default_branch,
        subject_prefix=found.subject_prefix,
        visibility=found.visibility,
        protection={branch: tuple(sorted(rules)) for branch, rules in found.protection.items()},
        missing_branches=frozenset(triggers - found.workflows.keys()),
    )


def _ask(
    pool: ThreadPoolExecutor, keys: Iterable[str], question: Callable[[str], Fact]
) -> Callable[[], dict[str, Fact]]:
    """Start all questions. Call the result to wait for the answers."""
    futures = {key: pool.submit(question, key) for key in keys}
    return lambda: {key: future.result() for key, future in futures.items()}


def _problems(files: StackFiles, named: Named) -> list[Problem]:
    """Reviewers that GitHub does not know or would drop, and problems of single declarations."""
    owner = files.stack.settings.owner
    problems = []
    for repository, path, login in _reviewers(files, "users"):
        if named.users[login.lower()] is None:
            text = f"GitHub knows no user {login!r}: use the login, as in github.com/LOGIN"
            problems.append(files.problem(repository, path, text))
    for repository, path, slug in _reviewers(files, "teams"):
        if named.teams[slug] is None:
            text = f"{owner} has no team {slug!r}: use the slug, as in the team's address"
            problems.append(files.problem(repository, path, text))
    problems += _without_access(files, named.details)
    for repository in files.stack.repositories:
        if details := named.details.get(repository.name):
            full_name = f"{owner}/{repository.name}"
            for path, text in _declaration_problems(repository, full_name, details):
                problems.append(files.problem(repository, path, text))
    return problems


def _reviewers(files: StackFiles, kind: str) -> Iterable[tuple[Repository, Path_, str]]:
    """Every reviewer of every repository with the place that names it."""
    for repository in files.stack.repositories:
        for environment in ENVIRONMENTS:
            names = getattr(repository.environment(environment).reviewers, kind)
            for index, name in enumerate(names):
                yield repository, ("environments", environment, "reviewers", kind, index), name


def _without_access(
    files: StackFiles, details: Mapping[str, RepositoryDetails]
) -> Iterable[Problem]:
    """Declared reviewers whom GitHub would drop from an environment without an error."""
    owner = files.stack.settings.owner
    for kind, mark in (("users", ""), ("teams", TEAM)):
        for repository, path, name in _reviewers(files, kind):
            who = f"{mark}{name if mark else name.lower()}"
            found = details.get(repository.name)
            if found and who in found.outsiders:
                full_name = f"{owner}/{repository.name}"
                text = (
                    f"{mark}{name!r} has no access to {full_name}, so GitHub would leave it out "
                    f"without a word: {way_in(who, full_name)}, or name another"
                )
                yield files.problem(repository, path, text)


def _declaration_problems(
    repository: Repository, full_name: str, found: RepositoryDetails
) -> Iterable[tuple[Path_, str]]:
    """Parts of a declaration that do not fit the repository."""
    for former, id_ in found.former_names.items():
        # GitHub redirects a former name, unless another repository has it now.
        if id_ != found.id:
            owner = full_name.partition("/")[0]
            text = (
                f"{owner}/{former} is another repository than {full_name} now: remove it if "
                "`pulumi up` ran since the rename; if not, make Pulumi forget what it has of "
                f"{former} (pulumi state delete --target-dependents) and take {full_name} "
                "over with slipway adopt"
            )
            yield ("previously",), text
    patterns = repository.deployment_branches("prod")
    # A `workflow_run` job runs on the default branch, so prod must admit that branch.
    if not any(admits(pattern, found.default_branch) for pattern in patterns):
        text = (
            f"{', '.join(patterns)} does not admit {found.default_branch!r}, the default branch of "
            f"{full_name}, on which GitHub runs the prod workflow: if it was changed, change "
            "it back; if it is meant, add it"
        )
        yield ("environments", "prod", "deployment_branches"), text


def _lacking_scopes(github: GitHub) -> list[Problem]:
    """Scopes that a classic token lacks; GitHub would answer 404 in the middle of a run.

    docs.github.com: scopes for OAuth apps. Other tokens do not tell their permissions.
    """
    lacking = [] if github.scopes is None else sorted(_SCOPES - github.scopes)
    text = f"lacks the scope {' and '.join(lacking)}: add it to the token, or use another"
    return [Problem("GITHUB_TOKEN", 0, "", text)] if lacking else []
