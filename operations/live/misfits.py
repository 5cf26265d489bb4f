"""Say where the declarations of a stack do not fit GitHub's answers, and what to write instead.

Each misfit names the check of `slipway validate --live` that finds it; the program stops for any of
them. Deliberately absent: the questions themselves (operations/live/program.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, NamedTuple

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.config.yaml_files import Path_
from components.model.environment import TEAM
from components.model.next_name import place_after_move
from components.model.plan import Offered, Plan
from components.model.repository import Repository
from operations.live.github.plans import plan_problems, stated_otherwise
from operations.live.github.reviewers import way_in
from operations.live.mistakes.branches import branch_mistakes
from operations.live.mistakes.trust import trust_mistakes
from operations.live.observed import RepositoryDetails, RepositoryFacts
from operations.live.obstacles import obstacles

Asked = Literal["token", "repositories", "plan", "reviewers", "branches", "rules"]
"""The subject of a question to GitHub."""

#: Secrets and environments need the first scope, files in .github/workflows the second.
_SCOPES: Final = {"repo", "workflow"}


@dataclass(frozen=True)
class Answers:
    """GitHub's answers about everything that a stack names."""

    ids: Mapping[str, int]
    """Ids of the reviewers whom GitHub knows, spelled as in `Reviewers.names`."""
    found: Mapping[str, RepositoryFacts | None]
    """Repositories by declared name; None for one that GitHub does not show."""
    told: Plan | None
    """The owner's plan, if it was asked for and GitHub tells it."""
    scopes: frozenset[str] | None
    """The scopes of a classic token; None for other tokens."""
    refusals: Mapping[str, ConfigurationError] = field(default_factory=dict)
    """Why GitHub does not tell this token everything about a repository, by declared name."""
    reviewers_refused: ConfigurationError | None = None
    """Why GitHub does not tell this token who the reviewers are."""

    @cached_property
    def details(self) -> dict[str, RepositoryDetails]:
        """The repositories without an obstacle or a refusal, by declared name."""
        there = self.found.items()
        return {name: one for name, one in there if isinstance(one, RepositoryDetails)}


class Misfit(NamedTuple):
    """One reason why the declarations cannot be carried out."""

    asked: Asked
    """The question whose answer it comes from."""
    problem: Problem
    """The place and the remedy."""


class NamedReviewer(NamedTuple):
    """A reviewer at one place of a declaration."""

    repository: Repository
    """Whose declaration."""
    path: Path_
    """The keys of the place."""
    who: str
    """Spelled as in `Reviewers.names`."""
    name: str
    """Login or slug as declared."""


def misfits(files: StackFiles, answers: Answers) -> Iterator[Misfit]:
    """Every misfit of a stack."""
    for problem in _lacking_scopes(answers.scopes):
        yield Misfit("token", problem)
    for problem in _reviewer_problems(files, answers):
        yield Misfit("reviewers", problem)
    owner = files.stack.settings.owner
    for repository in files.stack.repositories:
        full_name = f"{owner}/{repository.name}"
        for obstacle in obstacles(full_name, answers.found[repository.name]):
            text = f"{full_name} {obstacle.text}"
            asked: Asked = "token" if obstacle.kind == "rights" else "repositories"
            yield Misfit(asked, files.problem(repository, ("repository",), text))
        if found := answers.details.get(repository.name):
            yield from _misfits(files, repository, found)
            for path, text in trust_mistakes(files.stack.settings, repository, found):
                yield Misfit("repositories", files.problem(repository, path, text))
    for problem in _refused_branches(files, answers):
        yield Misfit("rules", problem)
    for problem in _plan_problems(files, answers):
        yield Misfit("plan", problem)


def _plan_problems(files: StackFiles, answers: Answers) -> Iterator[Problem]:
    """A plan that is stated otherwise, and rules that the owner's plan does not have."""
    yield from stated_otherwise(files, answers.told)
    plan = answers.told or files.stack.settings.plan
    offered = {
        one.name: Offered(plan=plan, public=answers.details[one.name].public)
        for one in files.stack.repositories
        if one.name in answers.details
    }
    yield from plan_problems(files, offered)


def exit_code_of(found: Sequence[Misfit]) -> ExitCode:
    """The exit code of a run that misfits stop: 3 if the token lacks rights, else 2."""
    refused = any(one.asked == "token" for one in found)
    return ExitCode.AUTHENTICATION if refused else ExitCode.CONFIGURATION


def unknown_owner(files: StackFiles) -> Problem:
    """The problem of a stack whose owner GitHub does not know."""
    settings = files.stack.settings
    text = (
        f"GitHub knows no organisation or user {settings.owner!r}: write it as in "
        f"{settings.github.host}/OWNER"
    )
    return files.settings_document.problem(("owner",), text)


def named_reviewers(files: StackFiles) -> Iterator[NamedReviewer]:
    """Every reviewer, once for each place that names it."""
    for repository in files.stack.repositories:
        for environment in repository.environment_names:
            reviewers = repository.environment(environment).reviewers
            place = ("environments", environment, "reviewers")
            for index, login in enumerate(reviewers.users):
                yield NamedReviewer(repository, (*place, "users", index), login.lower(), login)
            for index, slug in enumerate(reviewers.teams):
                yield NamedReviewer(repository, (*place, "teams", index), f"{TEAM}{slug}", slug)


def _reviewer_problems(files: StackFiles, answers: Answers) -> Iterator[Problem]:
    """Reviewers whom GitHub does not know, or would drop from an environment without an error."""
    owner, where = files.stack.settings.owner, files.stack.settings.github.host
    if answers.reviewers_refused:
        return
    for repository, path, who, name in named_reviewers(files):
        full_name = f"{owner}/{repository.name}"
        found = answers.details.get(repository.name)
        if who not in answers.ids and who.startswith(TEAM):
            text = f"{owner} has no team {name!r}: use the slug, as in the team's address"
        elif who not in answers.ids:
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
) -> Iterator[Misfit]:
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
            yield Misfit("repositories", files.problem(repository, ("previously",), text))
    for text in _next_name(owner, repository, found):
        yield Misfit("repositories", files.problem(repository, ("next_name",), text))
    for path, text in branch_mistakes(full_name, repository, found):
        yield Misfit("branches", files.problem(repository, path, text))


def _next_name(owner: str, repository: Repository, found: RepositoryDetails) -> Iterator[str]:
    """Why GitHub would refuse the declared move, or send another subject after it."""
    if repository.next_name is None or found.after_move is None:
        return
    new_owner, declared_id, name = place_after_move(owner, repository.next_name)
    there, owner_id = found.after_move
    if there not in {None, found.id}:
        yield (
            f"{new_owner}/{name} is another repository, so GitHub refuses this name: declare "
            "another one, or remove it"
        )
    if declared_id is not None and owner_id is None:
        yield f"GitHub knows no organisation or user {new_owner!r}: correct it"
    elif declared_id is not None and owner_id != declared_id:
        yield (
            f"GitHub's id of {new_owner} is {owner_id}: write {new_owner}@{owner_id}/{name}, or no "
            "job gets a role after the transfer"
        )


def _refused_branches(files: StackFiles, answers: Answers) -> Iterator[Problem]:
    """Branches that slipway cannot make, and branches of its own that take no commits."""
    for repository in (*files.stack.repositories, *files.stack.leaving):
        found = answers.details.get(repository.name)
        if found is None:
            continue
        full_name = f"{files.stack.settings.owner}/{repository.name}"
        way = "leave" if repository.offboarding.now else "arrive"
        texts = [text for _, text in sorted(found.uncreatable.items())]
        texts += [
            f"the workflow files of {branch!r} {way} by pull request, and {delivery.refused}"
            for branch, delivery in sorted(found.by_pull_request.items())
            if delivery.refused and branch not in found.uncreatable
        ]
        for text in texts:
            yield files.problem(repository, ("repository",), f"{full_name}: {text}")


def _lacking_scopes(scopes: frozenset[str] | None) -> Iterator[Problem]:
    """Scopes that a classic token lacks; GitHub would answer 404 in the middle of a run.

    docs.github.com: scopes for OAuth apps. Other tokens do not tell their permissions.
    """
    lacking = [] if scopes is None else sorted(_SCOPES - scopes)
    if lacking:
        text = f"lacks the scope {' and '.join(lacking)}: add it to the token, or use another"
        yield Problem("GITHUB_TOKEN", 0, "", text)
