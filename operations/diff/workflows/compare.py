"""Compare the workflow files of a repository with what is on its branches.

These are the default branch and the branches that trigger deployments; `admitted` has the other
branches and tags that an environment admits. On all others no job may deploy.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Final

from components.documents.delivery import blob_id
from components.documents.workflows import workflow_branches, workflow_name
from components.model.delivery import ByPullRequest
from components.model.ref_patterns import admits
from components.model.repository import Repository
from components.model.types import EnvironmentName
from components.model.unmanaged import is_one_of
from components.objects import kinds
from components.objects.kind import Key
from operations.diff.finding import Direction, Finding, Repair
from operations.diff.workflows.admitted import (
    OURS,
    admitted_findings,
    admitting_environments,
    text_of,
)
from operations.diff.workflows.file_diff import FileDiff, file_diff
from operations.diff.workflows.text import read_workflow, sleeps, used_environments
from operations.live.observed import ObservedRepository, ObservedWorkflow

#: The workflow whose runs lead to prod: another workflow of this name triggers prod as well.
_PRODUCER: Final = workflow_name("test")
_UNREADABLE: Final = "cannot be read: may use any of them"


def workflow_findings(
    repository: Repository, contents: Mapping[str, str], live: ObservedRepository
) -> Iterator[Finding]:
    """Differences in slipway's files, and foreign files that use its environments.

    Args:
        repository: the declaration.
        contents: the files as they should be, by file name.
        live: what GitHub has.
    """
    placement = workflow_branches(repository, _home(repository, live))
    missing = {branch for branches in placement.values() for branch in branches}
    for branch in sorted(missing - live.workflows.keys()):
        # `up` creates no branch but dev's.
        repair = Repair.UP if branch == repository.trigger_branch("dev") else Repair.HAND
        yield _missing(repository.name, kinds.BRANCH.at(branch), repair)
    for file, branches in placement.items():
        for branch in branches:
            if branch in live.workflows:
                there = live.workflows[branch].get(file)
                request = live.by_pull_request.get(branch)
                if there is None and request and request.url:
                    continue  # the finding about the pull request gives the reason
                place = kinds.WORKFLOW.at(file, branch)
                yield from _file(repository.name, place, contents[file], there)
    yield from request_findings(repository.name, live.by_pull_request)
    # The observer does not read slipway's own files, which are known by git's id.
    texts = {blob_id(text): text for text in contents.values()}
    yield from admitted_findings(repository, texts, live)
    for branch, files in sorted(live.workflows.items()):
        for file, found in sorted(files.items()):
            if branch in placement.get(file, ()):
                continue
            text = text_of(found, texts)
            # slipway's present files check themselves whether a run by hand may continue.
            own = found.blob in texts
            if file in OURS and _sleeps(text, branch, live, own=own):
                continue
            known = is_one_of(file, repository.unmanaged.workflows)
            place = kinds.WORKFLOW.at(file, branch)
            names = repository.environment_names
            yield from _foreign(repository.name, place, text, names, known=known)


def _home(repository: Repository, live: ObservedRepository) -> str:
    """The branch of files that GitHub reads from the default one: that branch, if prod admits it.

    Otherwise slipway provisions nothing until the default branch is changed back; the finding
    `repository/default_branch` says so.
    """
    patterns = repository.deployment_branches("prod")
    admitted = any(admits(pattern, live.default_branch) for pattern in patterns)
    without = "prod" not in repository.environment_names
    return live.default_branch if admitted or without else repository.trigger_branch("prod")


def _sleeps(text: str | None, branch: str, live: ObservedRepository, *, own: bool) -> bool:
    content = None if text is None else read_workflow(text)
    admitting = set() if own else admitting_environments(live, branch, tag=False)
    default = branch == live.default_branch
    return content is not None and sleeps(content, branch, default=default, admitting=admitting)


def _file(
    repository: str, place: Key, wanted: str, there: ObservedWorkflow | None
) -> Iterator[Finding]:
    found = partial(Finding, repository, place)
    if there is None:
        yield _missing(repository, place)
        return
    blob = blob_id(wanted)
    if there.blob == blob:
        return
    diff = FileDiff("", ()) if there.text is None else file_diff(wanted, there.text)
    changes = f" ({diff.summary})" if diff.summary else ""
    text = ("content", f"blob {blob[:12]}", f"blob {there.blob[:12]}{changes}")
    # Its jobs use the environment's role.
    weaker = (Direction.WEAKER, Repair.UP, "workflow/content")
    yield found(*text, *weaker, diff=diff.lines)
    if there.text is not None:
        name, renamed = (
            str((read_workflow(text) or {}).get("name", "")) for text in (wanted, there.text)
        )
        if name != renamed:
            yield found("name", name, renamed, Direction.NEUTRAL, Repair.UP, "workflow/name")


def request_findings(repository: str, deliveries: Mapping[str, ByPullRequest]) -> Iterator[Finding]:
    """A finding for each pull request that is open, or that its owner closed.

    Args:
        repository: declared name.
        deliveries: by branch.
    """
    for branch, delivery in sorted(deliveries.items()):
        if delivery.pending and delivery.url:
            state, rule = "open", "workflow/pull_request_open"
            if delivery.declined:
                state, rule = "closed", "workflow/pull_request_closed"
            values = ("state", "merged", f"{state} since {delivery.since}: {delivery.url}")
            place = kinds.PULL_REQUEST.at(branch)
            yield Finding(repository, place, *values, Direction.NEUTRAL, Repair.HAND, rule)


def _missing(repository: str, place: Key, repair: Repair = Repair.UP) -> Finding:
    values = ("", "there", "", Direction.NEUTRAL, repair)
    return Finding(repository, place, *values, place.kind.missing)


def _foreign(
    repository: str,
    place: Key,
    text: str | None,
    names: Collection[EnvironmentName],
    *,
    known: bool,
) -> Iterator[Finding]:
    """The use of environments of these names by a foreign workflow; `known` if it is unmanaged.

    A workflow with the producer's name is reported even then, as its runs lead to prod.
    """
    found = partial(Finding, repository, place)
    content = None if text is None else read_workflow(text)
    among = used_environments(content) & set(names) if content is not None else set()
    used = _UNREADABLE if content is None else ", ".join(sorted(among))
    if used and not known:
        rule = "workflow/uses_environment"
        yield found("uses environment", "", used, Direction.WEAKER, Repair.HAND, rule)
    if content is None:
        named = known and _PRODUCER in (text or _PRODUCER)
    else:
        named = content.get("name") == _PRODUCER
    if named:
        name = _PRODUCER if content is not None else f"cannot be read: may be {_PRODUCER}"
        rule = "workflow/same_name"
        yield found("name", "", name, Direction.WEAKER, Repair.HAND, rule)
