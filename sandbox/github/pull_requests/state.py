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
    """One of `clean`, `dirty` (conflicts), `blocked` (by rules), `draft`, `unstable`, `unknown`.

    The rules are judged as for somebody whom no bypass lists. Of the merge's own commit nothing is
    known here: only reviews and checks count.
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
    # A linear history and signatures depend on the way of the merge.
    blocking = [each for each in (*said.rulesets, *said.classic) if each not in _OF_THE_WAY]
    if blocking:
        return "blocked"
    results = repository.checks.get(found.head_sha, {}).values()
    bad = any(each not in {"success", "neutral", "skipped"} for each in results)
    return "unstable" if bad else "clean"


_OF_THE_WAY = frozenset(
    {
        "Cannot force-push to this branch",
        "Cannot force-push to a protected branch",
        "This branch must not contain merge commits.",
        "Commits must have verified signatures.",
    }
)
