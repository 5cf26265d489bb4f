"""GitHub's input to a workflow: the event, its payload and its commit.

The payloads have the documented members that the workflows use (docs.github.com, "Webhook events
and payloads" and "Events that trigger workflows"), and no others.
"""

from dataclasses import dataclass
from typing import Any

from tests.e2e.conftest import World

#: The actor of every event in these tests.
ACTOR = "octocat"


@dataclass(frozen=True)
class Event:
    """One event in a repository."""

    name: str
    repository: str
    """Owner and name."""
    ref: str
    """GITHUB_REF of the runs that it starts."""
    sha: str
    """GITHUB_SHA of the runs that it starts; GitHub reads the workflow files from this commit."""
    payload: dict[str, Any]
    changed: tuple[str, ...] = ()
    """Paths that a pull request changes."""


def head(world: World, repository: str, branch: str) -> str:
    """Return the commit at a branch's tip."""
    found = world.github("GET", f"repos/{repository}/git/ref/heads/{branch}")
    return str(found["object"]["sha"])


def push(world: World, repository: str, branch: str) -> Event:
    """Return the push event of the branch's last commit."""
    sha = head(world, repository, branch)
    commit = world.github("GET", f"repos/{repository}/commits/{sha}")
    payload = {
        "ref": f"refs/heads/{branch}",
        "before": commit["parents"][0]["sha"] if commit["parents"] else "0" * 40,
        "after": sha,
        "created": False,
        "deleted": False,
        "forced": False,
        "head_commit": {"id": sha, "message": commit["commit"]["message"]},
        "pusher": {"name": ACTOR},
        **_common(world, repository),
    }
    return Event("push", repository, f"refs/heads/{branch}", sha, payload)


def pull_request(world: World, repository: str, branch: str, changed: tuple[str, ...]) -> Event:
    """Return the event of a pull request from a branch of the repository to its default branch.

    GitHub runs it on a merge commit of both; here that is the branch's tip, which has its files.
    """
    common = _common(world, repository)
    default = common["repository"]["default_branch"]
    sha = head(world, repository, branch)

    def side(name: str, commit: str) -> dict[str, Any]:
        return {"ref": name, "sha": commit, "repo": common["repository"]}

    request = {
        "number": 7,
        "head": side(branch, sha),
        "base": side(default, head(world, repository, default)),
    }
    payload = {"action": "opened", "number": 7, "pull_request": request, **common}
    return Event("pull_request", repository, "refs/pull/7/merge", sha, payload, changed)


def by_hand(world: World, repository: str, branch: str, file: str, inputs: dict[str, str]) -> Event:
    """Return the event of "Run workflow" with a branch (docs.github.com: workflow_dispatch)."""
    payload = {
        "inputs": inputs,
        "ref": f"refs/heads/{branch}",
        "workflow": f".github/workflows/{file}",
        **_common(world, repository),
    }
    sha = head(world, repository, branch)
    return Event("workflow_dispatch", repository, f"refs/heads/{branch}", sha, payload)


def workflow_run(
    world: World, repository: str, run: dict[str, Any], *, action: str = "completed"
) -> Event:
    """Return the event of a finished workflow run.

    It runs on the default branch's last commit, whichever commit the other run had.

    Args:
        world: the world of the repository.
        repository: owner and name.
        run: `name`, `path`, `event`, `head_branch`, `head_sha` and `conclusion` of that run.
        action: `completed`; GitHub also sends that a run was requested or is in progress.
    """
    common = _common(world, repository)
    branch = common["repository"]["default_branch"]
    told = {"id": 30433642, "run_number": 562, "run_attempt": 1, "status": "completed"}
    payload = {
        "action": action,
        "workflow_run": told | {"head_repository": common["repository"]} | run,
        "workflow": {"name": run["name"], "path": run["path"]},
        **common,
    }
    sha = head(world, repository, branch)
    return Event("workflow_run", repository, f"refs/heads/{branch}", sha, payload)


def _common(world: World, repository: str) -> dict[str, Any]:
    return {
        "repository": world.github("GET", f"repos/{repository}"),
        "sender": {"login": ACTOR, "type": "User"},
    }
