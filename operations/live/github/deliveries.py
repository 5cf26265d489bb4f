"""Read how a repository's workflow files reach their branches: as commits, or by pull request.

A branch whose rules refuse commits of this token gets them by pull request. If such a branch lacks
declared content, the pull requests that slipway has opened for it are read as well. In an
offboarding, the files leave such a branch by pull request, from a branch of another name.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

from components.documents.delivery import content_id, is_marked, mark
from components.model.delivery import HEADS, REMOVALS, ByPullRequest
from operations.live.github.api import GitHub, in_path
from operations.live.github.branch_rules import BranchRules, read_name_rules, refuses
from operations.live.github.graphql import DeclaredBranch, Question
from operations.live.observed import RepositoryFacts

#: GitHub's most items of one page.
_PAGE: Final = 100
#: Digits of a content's id in the name of a branch.
_DIGITS: Final = 10


def read_deliveries(
    github: GitHub,
    facts: RepositoryFacts,
    question: Question,
    declared: Mapping[str, DeclaredBranch],
    rules: Mapping[str, BranchRules],
) -> dict[str, ByPullRequest]:
    """The branches that get their files by pull request.

    Args:
        github: the session.
        facts: the answer of GraphQL.
        question: the repository as it was asked for.
        declared: the declared files by branch.
        rules: of each branch, for `auto`.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    found = {}
    for branch, files in sorted(declared.items()):
        refused = branch in rules and refuses(github, facts.full_name, branch, rules[branch])
        if question.delivery == "pull_request" or (question.delivery == "auto" and refused):
            known = (_leaving if question.leaving else _arriving)(facts, branch, files)
            found[branch] = _looked_up(github, facts, branch, known) if known.pending else known
    return found


def _arriving(facts: RepositoryFacts, branch: str, declared: DeclaredBranch) -> ByPullRequest:
    # slipway makes a missing branch from the default one, and none of its files is there before.
    made = branch not in facts.workflows
    live = facts.workflows.get(facts.default_branch if made else branch, {})
    pending = tuple(
        file for file, blob in declared.files.items() if file not in live or live[file].blob != blob
    )
    there = frozenset() if made else frozenset(declared.files.keys() & live.keys())
    head = f"{HEADS}{branch}-{declared.content[:_DIGITS]}"
    return ByPullRequest(there=there, pending=pending, content=declared.content, head=head)


def _leaving(facts: RepositoryFacts, branch: str, declared: DeclaredBranch) -> ByPullRequest:
    """The files that the branch still has, with any content."""
    live = facts.workflows.get(branch, {})
    pending = tuple(file for file in declared.files if file in live)
    content = content_id(dict.fromkeys(pending, ""))
    head = f"{REMOVALS}{branch}-{content[:_DIGITS]}"
    return ByPullRequest(there=frozenset(), pending=pending, content=content, head=head)


def _looked_up(
    github: GitHub, facts: RepositoryFacts, branch: str, known: ByPullRequest
) -> ByPullRequest:
    """The delivery with what GitHub has of it, and whether its own branch takes commits."""
    found = _with_request(github, facts, branch, known)
    rules = read_name_rules(github, facts.full_name, found.head)
    refused = found.opens and refuses(github, facts.full_name, found.head, rules)
    return found.model_copy(update={"refused": refused})


def _with_request(
    github: GitHub, facts: RepositoryFacts, branch: str, delivery: ByPullRequest
) -> ByPullRequest:
    """The delivery with what GitHub has of it: an open request, a closed one, or a branch only."""
    path, owner = f"repos/{facts.full_name}", facts.full_name.partition("/")[0]
    beginning = delivery.head[:-_DIGITS]
    heads = {
        ref["ref"].removeprefix("refs/heads/"): ref["object"]["sha"]
        for ref in github.get(
            f"{path}/git/matching-refs/heads/{in_path(beginning)}?per_page={_PAGE}"
        )
        or ()
    }
    used, foreign = set(), []
    for head in sorted(heads):
        query = f"state=all&base={in_path(branch)}&head={owner}:{in_path(head)}&per_page={_PAGE}"
        for request in github.get(f"{path}/pulls?{query}") or ():
            used.add(head)
            if request["state"] == "open" and not _is_ours(github, request):
                foreign.append(str(request["html_url"]))
            elif request["state"] == "open":
                return delivery.model_copy(
                    update={
                        "head": head,
                        "head_exists": True,
                        "number": request["number"],
                        "title": request["title"],
                        "body": request["body"] or "",
                        "url": request["html_url"],
                        "since": request["created_at"],
                        "foreign": tuple(foreign),
                    }
                )
    if closed := next(_closed(github, path, branch, delivery.content), None):
        return delivery.model_copy(
            update={"url": closed["html_url"], "since": closed["closed_at"], "declined": True}
        )
    # The branch of an earlier request has a history that the target may have squashed.
    names = (f"{delivery.head}{f'-{number}' if number else ''}" for number in count())
    head = next(name for name in names if name not in used)
    return delivery.model_copy(
        update={"head": head, "head_exists": head in heads, "foreign": tuple(foreign)}
    )


def _is_ours(github: GitHub, request: Mapping[str, Any]) -> bool:
    """True if slipway opened it: its text says so, or this token's user did."""
    if is_marked(request["body"] or ""):
        return True
    author = request["user"] or {}
    if github.is_app:
        return author.get("type") == "Bot"
    return bool(author.get("login") == (github.get("user") or {}).get("login"))


def _closed(github: GitHub, path: str, branch: str, content: str) -> Iterator[Mapping[str, Any]]:
    """The latest requests that brought this content and were closed without merging."""
    query = f"state=closed&base={in_path(branch)}&sort=updated&direction=desc&per_page={_PAGE}"
    for request in github.get(f"{path}/pulls?{query}") or ():
        ours = request["head"]["ref"].startswith(HEADS) and mark(content) in (request["body"] or "")
        if ours:
            if request["merged_at"] is None:
                yield request
            # A later merge of the same content takes the refusal back.
            return
