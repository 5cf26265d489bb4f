"""Ask GitHub about everything that a stack names, and report the names that it does not know.

The program, `slipway validate --live` and `slipway render --live` use it. Each user, team and
repository is asked for once, even if several environments name it.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.config.yaml_files import Path_
from components.model.delivery import HEADS
from components.model.environment import TEAM
from components.model.live import Live, LiveRepository
from components.model.plan import Plan
from components.model.repository import Repository
from components.model.stack import Stack
from operations.live.branch_mistakes import branch_mistakes
from operations.live.github.api import CONNECTIONS, GitHub
from operations.live.github.graphql import Question, question_about
from operations.live.github.plans import plan_problems, stated_otherwise, unknown_plan
from operations.live.github.repository import read_details, read_repositories
from operations.live.github.reviewers import read_id, way_in
from operations.live.observed import RepositoryDetails, RepositoryFacts
from operations.live.obstacles import obstacles

#: Secrets and environments need the first, files in .github/workflows the second.
_SCOPES: Final = {"repo", "workflow"}


def read_live(files: StackFiles, github: GitHub) -> Live:
    """The facts that components use.

    Raises:
        ConfigurationError: as `read_declared`.
    """
    return read_declared(files, github)[0]


def read_declared(
    files: StackFiles, github: GitHub
) -> tuple[Live, Mapping[str, RepositoryDetails]]:
    """The facts that components use, and the details of each repository that these come from.

    Raises:
        ConfigurationError: for every name that GitHub does not know, for every repository that
            cannot be onboarded, and for every declared rule that the owner's plan does not have. If
            GitHub does not know the owner, for that alone.
    """
    settings = files.stack.settings
    owner = settings.owner
    named = sorted({who for _, _, who, _ in _reviewers(files)})
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        each = pool.map(lambda who: read_id(github, owner, who), named)
        ids = {who: id_ for who, id_ in zip(named, each, strict=True) if id_ is not None}
    declared = (*files.stack.repositories, *files.stack.leaving)
    questions = [question_about(one, settings) for one in declared]
    asked = [replace(one, texts=False) for one in questions]

    def read(facts: RepositoryFacts, question: Question, _plan: Plan | None) -> RepositoryFacts:
        if any(obstacles(f"{owner}/{question.name}", facts)):
            return facts
        return read_details(github, owner, facts, question)

    found, told = read_repositories(github, owner, asked, read)
    if found and not any(found.values()):
        _check_owner(files, github)
    details = {name: one for name, one in found.items() if isinstance(one, RepositoryDetails)}
    live = _live(files.stack, ids, details, told)
    problems = list(_reviewer_problems(files, ids, details))
    lacking = _lacking_scopes(github)
    refused = bool(lacking)
    problems += lacking
    for repository in files.stack.repositories:
        full_name = f"{owner}/{repository.name}"
        for obstacle in obstacles(full_name, found[repository.name]):
            text = f"{full_name} {obstacle.text}"
            problems.append(files.problem(repository, ("repository",), text))
            refused = refused or obstacle.kind == "rights"
        if repository.name in details:
            problems += _misfits(files, repository, details[repository.name])
    for repository in declared:
        if repository.name in details:
            problems += _refused_heads(files, repository, details[repository.name])
    problems += stated_otherwise(files, told)
    problems += plan_problems(files, {name: live.offered(name) for name in live.repositories})
    if problems:
        code = ExitCode.AUTHENTICATION if refused else ExitCode.CONFIGURATION
        raise ConfigurationError(problems, code)
    return live, details


def _check_owner(files: StackFiles, github: GitHub) -> None:
    """Stop if there is no such owner: its teams and repositories would only repeat it.

    Raises:
        ConfigurationError: there is none.
    """
    settings = files.stack.settings
    # Organisations are found there as well (docs.github.com: get a user).
    if github.get(f"users/{settings.owner}") is None:
        text = (
            f"GitHub knows no organisation or user {settings.owner!r}: write it as in "
            f"{settings.github.host}/OWNER"
        )
        raise ConfigurationError([files.settings_document.problem(("owner",), text)])


def _live(
    stack: Stack,
    ids: Mapping[str, int],
    details: Mapping[str, RepositoryDetails],
    told: Plan | None,
) -> Live:
    """The part of the answers that components use."""
    public = all(one.public for one in details.values())
    there = [one for one in stack.repositories if one.name in details]
    return Live(
        users={who: id_ for who, id_ in ids.items() if not who.startswith(TEAM)},
        teams={who.removeprefix(TEAM): ids[who] for who in ids if who.startswith(TEAM)},
        repositories={one.name: _live_repository(one, details[one.name]) for one in there},
        leaving={
            one.name: dict(details[one.name].by_pull_request)
            for one in stack.leaving
            if one.name in details
        },
        plan=None if public else told or stack.settings.plan,
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
        by_pull_request=dict(found.by_pull_request),
        missing_branches=frozenset(triggers - found.workflows.keys()),
    )


def _reviewers(files: StackFiles) -> Iterable[tuple[Repository, Path_, str, str]]:
    """Every reviewer: the place that names it, the spelling of `Reviewers.names`, and its own."""
    for repository in files.stack.repositories:
        for environment in repository.environment_names:
            reviewers = repository.environment(environment).reviewers
            place = ("environments", environment, "reviewers")
            for index, login in enumerate(reviewers.users):
                yield repository, (*place, "users", index), login.lower(), login
            for index, slug in enumerate(reviewers.teams):
                yield repository, (*place, "teams", index), f"{TEAM}{slug}", slug


def _reviewer_problems(
    files: StackFiles, ids: Mapping[str, int], details: Mapping[str, RepositoryDetails]
) -> Iterable[Problem]:
    """Reviewers whom GitHub does not know, or would drop from an environment without an error."""
    owner, where = files.stack.settings.owner, files.stack.settings.github.host
    for repository, path, who, name in _reviewers(files):
        full_name = f"{owner}/{repository.name}"
        found = details.get(repository.name)
        if who not in ids and who.startswith(TEAM):
            text = f"{owner} has no team {name!r}: use the slug, as in the team's address"
        elif who not in ids:
            text = f"GitHub knows no user {name!r}: use the login, as in {where}/LOGIN"
        elif found and who in found.outsiders:
            mark = TEAM if who.startswith(TEAM) else ""
            text = (
                f"{mark}{name!r} has no access to {full_name}, so GitHub would drop it "
                f"without an error: {way_in(who, full_name)}, or name another"
            )
        else:
            continue
        yield files.problem(repository, path, text)


def _misfits(
    files: StackFiles, repository: Repository, found: RepositoryDetails
) -> Iterable[Problem]:
    """Parts of a declaration that do not fit the repository."""
    owner = files.stack.settings.owner
    full_name = f"{owner}/{repository.name}"
    for former, id_ in found.former_names.items():
        # GitHub redirects a former name, unless another repository has it now.
        if id_ != found.id:
            text = (
                f"{owner}/{former} is another repository than {full_name} now: remove it if "
                "`pulumi up` ran since the rename; if not, make Pulumi forget its resources of "
                f"{former} (pulumi state delete --target-dependents) and take {full_name} "
                "over with slipway adopt"
            )
            yield files.problem(repository, ("previously",), text)
    for path, text in branch_mistakes(full_name, repository, found):
        yield files.problem(repository, path, text)


def _refused_heads(
    files: StackFiles, repository: Repository, found: RepositoryDetails
) -> Iterable[Problem]:
    """Branches of slipway's own whose rules refuse its commits."""
    full_name = f"{files.stack.settings.owner}/{repository.name}"
    way = "leave" if repository.offboarding.now else "arrive"
    for branch, delivery in sorted(found.by_pull_request.items()):
        if delivery.refused:
            text = (
                f"{full_name}: the workflow files of {branch!r} {way} by pull request, and rules "
                f"refuse commits to {delivery.head!r} as well: exclude refs/heads/{HEADS}**/* from "
                "the ruleset, or let the token's user always bypass it"
            )
            yield files.problem(repository, ("repository",), text)


def live_notes(files: StackFiles, live: Live) -> Iterable[Problem]:
    """Notes: an unknown plan, others' pull requests that look like slipway's, and offboardings."""
    yield from unknown_plan(files, live)
    owner = files.stack.settings.owner
    for repository in (*files.stack.repositories, *files.stack.leaving):
        name = repository.name
        there = live.repositories.get(name)
        deliveries = there.by_pull_request if there else live.leaving.get(name, {})
        for url in sorted({url for one in deliveries.values() for url in one.foreign}):
            text = f"{url} is not slipway's, though its branch has such a name: it is left alone"
            yield files.problem(repository, ("repository",), text)
        if not repository.offboarding.now:
            continue
        waiting = [one for one in deliveries.values() if one.pending]
        if waiting:
            text = "a pull request removes its workflow files: keep this file until it is merged"
            if closed := [one.url for one in waiting if one.declined]:
                text = f"files stay, as {', '.join(closed)} was closed: reopen it, or remove this"
        else:
            text = "no pull request is left to wait for: remove this file once `up` has run"
        yield files.problem(repository, ("offboarding", "now"), f"{owner}/{name}: {text}")


def _lacking_scopes(github: GitHub) -> list[Problem]:
    """Scopes that a classic token lacks; GitHub would answer 404 in the middle of a run.

    docs.github.com: scopes for OAuth apps. Other tokens do not tell their permissions.
    """
    lacking = [] if github.scopes is None else sorted(_SCOPES - github.scopes)
    text = f"lacks the scope {' and '.join(lacking)}: add it to the token, or use another"
    return [Problem("GITHUB_TOKEN", 0, "", text)] if lacking else []
