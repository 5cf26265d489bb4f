"""Read a run of GitHub Actions by the address of its page.

docs.github.com/rest/actions/workflow-runs. A run tells no ref, only the name of a branch or tag, so
the ref is the one of that name which exists. Deliberately absent: attempts before the last one, and
which of its jobs the address names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from components.model.github_host import GitHubHost
from operations.commands.explain.given.source import problem
from operations.commands.explain.job import ON_DEFAULT, Job
from operations.commands.explain.seen.look import Home
from operations.live.answers import readable
from operations.live.github.api import GitHub, in_path

OPTION: Final = "--run"
_URL: Final = re.compile(
    r"https?://(?P<host>[^/\s:]+)(?::\d+)?/(?P<owner>[^/\s]+)/(?P<name>[^/\s]+)/actions/runs/(?P<id>\d+)"
    r"(?:/attempts/\d+)?(?:/job/\d+)?(?:[/?#]\S*)?"
)
_FORM: Final = "https://HOST/OWNER/REPOSITORY/actions/runs/ID, as in the browser"


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run."""

    job: Job
    environments: tuple[str, ...]
    """Environments that it waits for, or whose reviews it had, as GitHub writes them."""


def read_run(github: GitHub, home: Home, host: GitHubHost, url: str) -> Run:
    """The run.

    Raises:
        ConfigurationError: it is no address of a run of this repository, or GitHub does not show
            it, refuses, or cannot be reached.
    """
    found = _URL.fullmatch(url.strip())
    if found is None:
        raise problem(OPTION, f"{url} is no address of a run: give {_FORM}")
    if found["host"].lower() not in host.host_names:
        raise problem(OPTION, f"is a run on {found['host']}, and the stack's GitHub is {host.host}")
    live, named = home.live, f"{found['owner']}/{found['name']}"
    if named.lower() != live.full_name.lower():
        raise problem(OPTION, f"is a run of {named}, and the repository is {live.full_name}")
    place = f"repos/{live.full_name}/actions"
    told = github.get(f"{place}/runs/{found['id']}")
    if told is None:
        raise problem(OPTION, f"GitHub shows no run {found['id']} of {live.full_name}")
    waiting = github.get(f"{place}/runs/{found['id']}/pending_deployments") or []
    reviews = github.get(f"{place}/runs/{found['id']}/approvals") or []
    ref = readable(github.url, _ref, github, home, told)
    return readable(github.url, _run, told, ref, waiting, reviews)


def _run(told: Any, ref: str, waiting: Any, reviews: Any) -> Run:
    actor = told.get("actor") or {}
    head, own = told.get("head_repository") or {}, told["repository"]
    pending = [str(one["environment"]["name"]) for one in waiting]
    notes = [_waiting(one) for one in waiting] + [_reviewed(one) for one in reviews]
    job = Job(
        event=str(told["event"]),
        ref=ref,
        # GitHub may write the ref of the file behind its path.
        path=str(told["path"]).partition("@")[0],
        commit=None if _of_request(told) else str(told["head_sha"]),
        of_fork=_of_request(told) and head.get("id") != own["id"],
        actor={"actor": str(actor["login"]), "actor_id": str(actor["id"])} if actor else None,
        notes=tuple(notes),
    )
    reviewed = [str(env["name"]) for one in reviews for env in one["environments"]]
    names = tuple(dict.fromkeys(pending + reviewed))
    return Run(job=job, environments=names)


def _ref(github: GitHub, home: Home, told: Mapping[str, Any]) -> str:
    """The run's ref in full."""
    if told["event"] in ON_DEFAULT:
        return f"refs/heads/{home.live.default_branch}"
    if _of_request(told):
        numbers = [one["number"] for one in told.get("pull_requests") or ()]
        # GitHub does not tell the number for a fork's pull request.
        return f"refs/pull/{numbers[0] if numbers else 'NUMBER'}/merge"
    name = str(told["head_branch"])
    for kind in ("heads", "tags"):
        place = f"repos/{home.live.full_name}/git/matching-refs/{kind}/{in_path(name)}"
        if any(one["ref"] == f"refs/{kind}/{name}" for one in github.get(place) or ()):
            return f"refs/{kind}/{name}"
    return f"refs/heads/{name}"


def _of_request(told: Mapping[str, Any]) -> bool:
    """Whether it is on a merge of a pull request. `pull_request_target` is on a branch."""
    return bool(told["event"] == "pull_request")


def _waiting(one: Mapping[str, Any]) -> str:
    reviewers = [each.get("reviewer") or {} for each in one.get("reviewers") or ()]
    unnamed = "a reviewer whom GitHub does not name"
    who = [str(each.get("login") or each.get("slug") or unnamed) for each in reviewers]
    approval = f"approval by {' or '.join(who)}" if who else "its wait timer"
    return f"the run waits for {one['environment']['name']}: {approval}"


def _reviewed(one: Mapping[str, Any]) -> str:
    names = ", ".join(str(each["name"]) for each in one["environments"])
    who = (one.get("user") or {}).get("login") or "a deleted user"
    return f"{who} {one['state']} the deployment to {names}"
