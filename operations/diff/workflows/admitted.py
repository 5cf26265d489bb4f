"""Find foreign workflows on the other branches and tags that an environment admits.

The environment's patterns let jobs on these deploy. A file with the same content on several of them
is one finding, and none if a trigger branch has a finding for it already.
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
from operations.live.observed import ObservedRepository, ObservedWorkflow

#: Names of slipway's files; older copies on other branches are usual, and no event runs them there.
OURS: Final = frozenset(FILES.values())
_HAND: Final = (Direction.WEAKER, Repair.HAND, "workflow/uses_environment")


def admitted_findings(
    repository: Repository, texts: Mapping[str, str], live: ObservedRepository
) -> Iterator[Finding]:
    """Workflows that use an environment whose patterns admit their branch or tag.

    Args:
        repository: the declaration.
        texts: of slipway's own files by git's id; the observer does not read these.
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
            text = text_of(there, texts)
            if used := _used(file, text, _name(ref), admitting) & admitting:
                found.setdefault(key, []).append((ref, used))
    for (file, _), places in sorted(found.items()):
        every = {name for _, used in places for name in used}
        more = f"; so on {len(places) - 1} more branches or tags" if len(places) > 1 else ""
        values = ("uses environment", "", f"{', '.join(sorted(every))}{more}")
        place = kinds.WORKFLOW.at(file, _name(places[0][0]))
        yield Finding(repository.name, place, *values, *_HAND)
    if live.unread_refs and "*" not in repository.unmanaged.workflows:
        values = ("branches and tags", "", f"{live.unread_refs} more may deploy")
        by_hand = (Direction.NEUTRAL, Repair.HAND)
        yield Finding(repository.name, kinds.REPOSITORY.at(), *values, *by_hand, "workflow/unread")


def text_of(file: ObservedWorkflow, texts: Mapping[str, str]) -> str | None:
    """The text of a live file; of slipway's own files it is known by git's id."""
    return texts.get(file.blob) if file.text is None else file.text


def admitting_environments(live: ObservedRepository, name: str, *, tag: bool) -> set[str]:
    """The environments whose patterns admit a branch or a tag."""
    return {
        environment
        for environment, there in live.environments.items()
        if any(admits(pattern, name) for pattern in (there.tags if tag else there.branches))
    }


def _used(file: str, text: str | None, name: str, admitting: set[str]) -> set[str]:
    """The environments that a file uses; all of them if it cannot be read."""
    content = None if text is None else read_workflow(text)
    if content is None:
        return set(ENVIRONMENTS)
    if file in OURS and sleeps(content, name, default=False, admitting=admitting):
        return set()
    return used_environments(content)


def _name(ref: str) -> str:
    """The name of a branch, or of a tag with that word: `hotfix/x`, `tag v1`."""
    _, kind, name = ref.split("/", 2)
    return f"tag {name}" if kind == "tags" else name
