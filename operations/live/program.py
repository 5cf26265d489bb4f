"""Ask GitHub about everything a stack names, once per stack, and report what is not there.

Logins and team slugs become numeric ids here and nowhere else. Each user, team and repository is
asked once, however many environments name it.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Final, TypeVar

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.config.yaml_files import Path_
from components.model.environment import TEAM
from components.model.live import Live, LiveRepository
from components.model.ref_patterns import admits
from components.model.repository import Repository
from components.model.types import ENVIRONMENTS
from operations.live.github.api import EmptyRepositoryError, GitHub, in_path
from operations.live.github.branch_rules import barriers
from operations.live.github.plans import plan_problems, read_plan, stated_otherwise
from operations.live.github.reviewer_access import outsiders, way_in
from operations.live.github.subject_claims import customised_claims

#: Questions under way at once; GitHub allows 100 (docs.github.com: rate limits).
CONCURRENCY = 8

#: Said of a repository that is empty.
NO_COMMIT: Final = "has no commit yet: push a first one, workflows need a branch"
#: Secrets and environments need the first, files in .github/workflows the second.
_SCOPES: Final = {"repo", "workflow"}

Fact = TypeVar("Fact")


def read_live(files: StackFiles, github: GitHub) -> Live:
    """Ask GitHub.

    Raises:
        ConfigurationError: for every name that GitHub does not know and every repository that
            cannot be onboarded: missing, archived, without the rights; and for every rule that
            the owner's plan does not have.
    """
    owner = files.stack.settings.owner
    repositories = {repository.name: repository for repository in files.stack.repositories}
    users = {login.lower() for _, _, login in _reviewers(files, "users")}
    teams = {slug for _, _, slug in _reviewers(files, "teams")}
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        user_ids = _ask(pool, users, lambda login: _id(github, f"users/{login}"))
        team_ids = _ask(pool, teams, lambda slug: _id(github, f"orgs/{owner}/teams/{slug}"))
        found = _ask(pool, repositories, lambda name: _Inquiry(github, owner, repositories[name]))
        known_users, known_teams, inquiries = user_ids(), team_ids(), found()
    problems: list[Problem] = []
    for repository, path, login in _reviewers(files, "users"):
        if known_users[login.lower()] is None:
            text = f"GitHub knows no user {login!r}: use the login, as in github.com/LOGIN"
            problems.append(files.problem(repository, path, text))
    for repository, path, slug in _reviewers(files, "teams"):
        if known_teams[slug] is None:
            text = f"{owner} has no team {slug!r}: use the slug, as in the team's address"
            problems.append(files.problem(repository, path, text))
    problems += _without_access(files, inquiries)
    lacking = _lacking_scopes(github)
    problems += lacking
    refused = bool(lacking)
    for name, inquiry in inquiries.items():
        problems += [
            files.problem(repositories[name], path, text) for path, text in inquiry.problems
        ]
        refused = refused or inquiry.refused
    there = {name: inquiry.live for name, inquiry in inquiries.items() if inquiry.live}
    plan = None
    if any(repository.visibility != "public" for repository in there.values()):
        told = read_plan(github, owner)
        problems += stated_otherwise(files, told)
        plan = told or files.stack.settings.plan
    live = Live(
        users={login: id_ for login, id_ in known_users.items() if id_ is not None},
        teams={slug: id_ for slug, id_ in known_teams.items() if id_ is not None},
        repositories=there,
        plan=plan,
    )
    problems += plan_problems(files, {name: live.offered(name) for name in there})
    if problems:
        code = ExitCode.AUTHENTICATION if refused else ExitCode.CONFIGURATION
        raise ConfigurationError(problems, code)
    return live


def _lacking_scopes(github: GitHub) -> list[Problem]:
    """What a classic token may not do; GitHub would answer 404 in the middle of a run.

    docs.github.com: scopes for OAuth apps. Finer tokens do not tell what they are for.
    """
    lacking = [] if github.scopes is None else sorted(_SCOPES - github.scopes)
    text = f"lacks the scope {' and '.join(lacking)}: add it to the token, or use another"
    return [Problem("GITHUB_TOKEN", 0, "", text)] if lacking else []


def _ask(
    pool: ThreadPoolExecutor, keys: Iterable[str], question: Callable[[str], Fact]
) -> Callable[[], dict[str, Fact]]:
    """Start all questions; the call of the result waits for the answers."""
    futures = {key: pool.submit(question, key) for key in keys}
    return lambda: {key: future.result() for key, future in futures.items()}


def _reviewers(files: StackFiles, kind: str) -> Iterable[tuple[Repository, Path_, str]]:
    """Every reviewer of every repository with the place that names it."""
    for repository in files.stack.repositories:
        for environment in ENVIRONMENTS:
            names = getattr(repository.environment(environment).reviewers, kind)
            for index, name in enumerate(names):
                yield repository, ("environments", environment, "reviewers", kind, index), name


def _without_access(files: StackFiles, inquiries: Mapping[str, "_Inquiry"]) -> Iterable[Problem]:
    """Declared reviewers whom GitHub would leave out of an environment without a word."""
    owner = files.stack.settings.owner
    for kind, mark in (("users", ""), ("teams", TEAM)):
        for repository, path, name in _reviewers(files, kind):
            who = f"{mark}{name if mark else name.lower()}"
            if who in inquiries[repository.name].outsiders:
                full_name = f"{owner}/{repository.name}"
                text = (
                    f"{mark}{name!r} has no access to {full_name}, so GitHub would leave it out "
                    f"without a word: {way_in(who, full_name)}, or name another"
                )
                yield files.problem(repository, path, text)


def _id(github: GitHub, path: str) -> int | None:
    answer = github.get(path)
    return None if answer is None else int(answer["id"])


def _visibility(*, private: bool) -> str:
    """The word of a server that has not told one."""
    return "private" if private else "public"


def _moved(name: str, now: str) -> str:
    """What to do about a repository that has another name now, or another owner.

    Args:
        name: `OWNER/NAME` as declared.
        now: as GitHub has it.
    """
    if name.partition("/")[0].lower() == now.partition("/")[0].lower():
        way = "declare it by its new name, with the old one as `previously`"
    else:
        way = "transfer it back, or remove this file and adopt it in a stack of its new owner"
    return f"{name} is {now} now: {way}"


class _Inquiry:
    """What GitHub says of one repository, or why it cannot be onboarded."""

    def __init__(self, github: GitHub, owner: str, repository: Repository) -> None:
        self.problems: list[tuple[Path_, str]] = []
        self.refused = False
        self.live: LiveRepository | None = None
        self.outsiders: frozenset[str] = frozenset()
        self._name = f"{owner}/{repository.name}"
        answer = github.get(f"repos/{self._name}")
        if answer is None:
            text = f"GitHub shows no repository {self._name}: create it, or let the token see it"
            self.problems.append((("repository",), text))
            return
        if answer["full_name"].lower() != self._name.lower():
            text = _moved(self._name, answer["full_name"])
            self.problems.append((("repository",), text))
        if answer["archived"]:
            text = f"{self._name} is archived and read-only: unarchive it, or remove this file"
            self.problems.append((("repository",), text))
        # `permissions` is the user's role; an app installation has none and would look powerless.
        if not github.is_app and not answer.get("permissions", {}).get("admin", True):
            self.refused = True
            text = f"the token may not administer {self._name}: environments need admin rights"
            self.problems.append((("repository",), text))
        if self.problems:
            return
        self._check_former_names(github, repository, owner, answer["id"])
        self._check_prod(repository, answer["default_branch"])
        visibility = answer.get("visibility") or _visibility(private=answer["private"])
        reviewers = [repository.environment(name).reviewers.names for name in ENVIRONMENTS]
        self.outsiders = outsiders(
            github, self._name, chain(*reviewers), public=visibility == "public"
        )
        self.live = LiveRepository(
            id=answer["id"],
            html_url=answer["html_url"],
            default_branch=answer["default_branch"],
            subject_prefix=self._subject_prefix(github, owner, answer["full_name"]),
            visibility=visibility,
            protection={
                branch: tuple(sorted(found))
                for branch in sorted(repository.prod_branches(answer["default_branch"]))
                if (found := barriers(github, self._name, branch)) is not None
            },
            missing_branches=self._missing_branches(github, repository, answer["default_branch"]),
        )

    def _check_former_names(
        self, github: GitHub, repository: Repository, owner: str, live_id: int
    ) -> None:
        """GitHub redirects a former name to the repository, unless another one has it now."""
        for former in repository.previously:
            answer = github.get(f"repos/{owner}/{former}")
            if answer is not None and answer["id"] != live_id:
                text = (
                    f"{owner}/{former} is another repository than {self._name} now: remove it if "
                    "`pulumi up` ran since the rename; if not, make Pulumi forget what it has of "
                    f"{former} (pulumi state delete --target-dependents) and take {self._name} "
                    "over with slipway adopt"
                )
                self.problems.append((("previously",), text))

    def _check_prod(self, repository: Repository, default_branch: str) -> None:
        """A `workflow_run` job runs on the default branch, so prod must admit that branch."""
        patterns = repository.deployment_branches("prod")
        if not any(admits(pattern, default_branch) for pattern in patterns):
            text = (
                f"{', '.join(patterns)} does not admit {default_branch!r}, the default branch of "
                f"{self._name}, on which GitHub runs the prod workflow: if it was changed, change "
                "it back; if it is meant, add it"
            )
            self.problems.append((("environments", "prod", "deployment_branches"), text))

    def _subject_prefix(self, github: GitHub, owner: str, full_name: str) -> str:
        """GitHub's own word for it; older Enterprise Servers have only the classic form.

        There the name is GitHub's as well: AWS compares subjects with case, declarations have none.
        """
        answer = github.get(f"repos/{self._name}/actions/oidc/customization/sub") or {}
        if claims := customised_claims(github, owner, answer):
            text = (
                f"{self._name} has customised subject claims ({', '.join(claims)}): the trust "
                "policy would not match; reset them to the default first"
            )
            self.problems.append((("repository",), text))
        return str(answer.get("sub_claim_prefix") or f"repo:{full_name}")

    def _missing_branches(
        self, github: GitHub, repository: Repository, default_branch: str
    ) -> frozenset[str]:
        wanted = {repository.trigger_branch("dev"), repository.trigger_branch("test")}
        missing = set()
        for branch in wanted - {default_branch}:
            try:
                place = f"repos/{self._name}/git/matching-refs/heads/{in_path(branch)}"
                refs = github.get(place) or []
            except EmptyRepositoryError:
                text = f"{self._name} {NO_COMMIT}"
                self.problems.append((("repository",), text))
                break
            if not any(ref["ref"] == f"refs/heads/{branch}" for ref in refs):
                missing.add(branch)
        return frozenset(missing)
