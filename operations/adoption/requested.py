"""List what the first `up` after an adoption does for pull requests that bring workflow files.

A repository may have an open request of slipway's although Pulumi's state does not know it: the
state was lost, or a run was interrupted. Then `up` imports the request and its branch, commits the
declared files to that branch, and writes the declared text into the request. Files that the branch
has are committed again, as the observer does not read it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from components.model.delivery import ByPullRequest
from components.objects.desired import Desired
from components.objects.kind import Place
from components.objects.kinds import BRANCH, PULL_REQUEST, WORKFLOW
from operations.adoption.change import Act, Change
from operations.diff.finding import Direction

#: Texts of a request that `up` writes.
_TEXTS: Final = ("title", "body")


def request_changes(
    wanted: Iterable[Desired],
    deliveries: Mapping[str, Mapping[str, ByPullRequest]],
    contents: Mapping[Place, str],
) -> Iterator[Change]:
    """The branches, files and requests that are made or changed.

    Args:
        wanted: the declared objects.
        deliveries: of each repository, its branches that get their files by pull request.
        contents: of each workflow file that the state has.
    """
    for one in wanted:
        for branch, delivery in deliveries.get(one.repository, {}).items():
            if not delivery.opens:
                continue
            if one.key == BRANCH.at(delivery.head) and not delivery.head_exists:
                yield _created(one)
            elif one.key.kind is WORKFLOW and one.key["branch"] == delivery.head:
                yield from _committed(one, contents.get(one.place))
            elif one.key == PULL_REQUEST.at(branch):
                yield from _requested(one, delivery)


def _created(one: Desired) -> Change:
    return Change(*one.place, "", "", "there", Direction.NEUTRAL, Act.CREATE)


def _committed(one: Desired, before: str | None) -> Iterator[Change]:
    if before is None:
        yield _created(one)
    elif before != one.values["content"]:
        text = ("content", "other content", "the standard's")
        yield Change(*one.place, *text, Direction.NEUTRAL, Act.UPDATE)


def _requested(one: Desired, delivery: ByPullRequest) -> Iterator[Change]:
    if delivery.number is None:
        yield _created(one)
        return
    live = {"title": delivery.title, "body": delivery.body}
    for field in _TEXTS:
        if live[field] != one.values[field]:
            # A body has many lines; its page shows them.
            text = (field, f"that of {delivery.url}", f"the {field} for what is declared now")
            yield Change(*one.place, *text, Direction.NEUTRAL, Act.UPDATE)
