"""GitHub's `mergeable_state` of a pull request."""

from sandbox.github.pull_requests.pull_request import PullRequest
from sandbox.github.repositories import Repository
from sandbox.github.rules.actor import Actor
from sandbox.github.rules.refusal import refused
from sandbox.github.rules.update import RefUpdate
from sandbox.github.store import Store


def mergeable_state(
    store: Store, repository: Repository, found: PullRequest, *, mergeable: bool | None
) -> str:
    """GitHub's word: `clean`, `dirty` (conflicts), `blocked` (by rules), `draft` or another one.

    The rules are judged as for an actor without any bypass. The commit of the merge does not exist
    yet, so only reviews and checks count.
    """
    base = repository.git.ref(f"refs/heads/{found.base}")
    if mergeable is None or base is None:
        return "unknown"
    if not mergeable:
        return "dirty"
    if found.draft:
        return "draft"
    update = RefUpdate(repository, f"refs/heads/{found.base}", base, found.head_sha, found)
    said = refused(Actor(store, "", is_app=True), update)
    # Rules about a linear history and about signatures depend on the merge method.
    blocking = [each for each in (*said.rulesets, *said.classic) if each not in _OF_THE_WAY]
    if blocking:
        return "behind" if update.is_behind and _all_green(repository, found) else "blocked"
    return "clean" if _all_green(repository, found) else "unstable"


def _all_green(repository: Repository, found: PullRequest) -> bool:
    results = repository.checks.get(found.head_sha, {}).values()
    return all(each in {"success", "neutral", "skipped"} for each in results)


_OF_THE_WAY = frozenset(
    {
        "Cannot force-push to this branch",
        "Cannot force-push to a protected branch",
        "This branch must not contain merge commits.",
        "Commits must have verified signatures.",
    }
)
