"""Find foreign workflows on the other branches and tags that an environment admits.

There the environment's patterns let a job deploy although no push to such a branch is slipway's
business. A file that is the same on many of them, or on a branch where it is told already, is told
once.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from components.documents.workflows import FILES
from components.model.ref_patterns import admits
from components.model.repository import Repository
from components.model.types import ENVIRONMENTS
from components.model.unmanaged import is_one_of
from components.objects import kinds
from operations.diff.finding import Direction, Finding, Repair
from operations.diff.workflows.text import read_workflow, sleeps, used_environments
from operations.live.observed import ObservedRepository

_OURS: Final = frozenset(FILES.values())
_HAND: Final = (Direction.WEAKER, Repair.HAND, "workflow/uses_environment")


def admitted_findings(
    repository: Repository, texts: Mapping[str, str], live: ObservedRepository
) -> Iterator[Finding]:
    """What uses an environment where its patterns let it.

    Args:
        repository: the declaration.
        texts: of slipway's own files, which are not read, by git's id.
        live: what GitHub has.
    """
    told = {(file, one.blob) for files in live.workflows.values() for file, one in files.items()}
    found: dict[tuple[str, str], list[tuple[str, set[str]]]] = {}
    for ref, files in sorted(live.admitted.items()):
        name = ref.split("/", 2)[2]
        admitting = admitting_environments(live, name, tag=ref.startswith("refs/tags/"))
        for file, there in files.items():
            key = (file, there.blob)
            if key in told or is_one_of(file, repository.unmanaged.workflows):
                continue
            said = texts.get(there.blob) if there.text is None else there.text
            if used := _used(file, said, _name(ref), admitting) & admitting:
                found.setdefault(key, []).append((ref, used))
    for (file, _), places in sorted(found.items()):
        every = {name for _, used in places for name in used}
        more = f"; so on {len(places) - 1} more branches or tags" if len(places) > 1 else ""
        text = ("uses environment", "", f"{', '.join(sorted(every))}{more}")
        yield Finding(repository.name, kinds.WORKFLOW.at(file, _name(places[0][0])), *text, *_HAND)
    if live.unread_refs and "*" not in repository.unmanaged.workflows:
        text = ("branches and tags", "", f"{live.unread_refs} more may deploy")
        by_hand = (Direction.NEUTRAL, Repair.HAND)
        yield Finding(repository.name, kinds.REPOSITORY.at(), *text, *by_hand, "workflow/unread")


def admitting_environments(live: ObservedRepository, name: str, *, tag: bool) -> set[str]:
    """The environments whose patterns admit a branch or a tag."""
    return {
        environment
        for environment, there in live.environments.items()
        if any(admits(pattern, name) for pattern in (there.tags if tag else there.branches))
    }


def _used(file: str, text: str | None, name: str, admitting: set[str]) -> set[str]:
    """The environments that a file uses; any of them where it can't be read."""
    content = None if text is None else read_workflow(text)
    if content is None:
        return set(ENVIRONMENTS)
    if file in _OURS and sleeps(content, name, default=False, admitting=admitting):
        return set()
    return used_environments(content)


def _name(ref: str) -> str:
    """A branch's name, or a tag's with that word: `hotfix/x`, `tag v1`."""
    _, kind, name = ref.split("/", 2)
    return f"tag {name}" if kind == "tags" else name
