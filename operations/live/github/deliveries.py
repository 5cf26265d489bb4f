"""Read how a repository's workflow files reach their branches: as commits, or by pull request.

A branch whose rules refuse commits of this token gets them by pull request. If such a branch lacks
declared content, the pull requests that slipway has opened for it are read as well. In an
offboarding, the files leave such a branch by pull request, from a branch of another name.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import count
from typing import Any, Final

from components.documents.delivery import content_id, is_marked, mark
from components.model.delivery import HEADS, REMOVALS, ByPullRequest
from operations.live.github.api import GitHub, in_path
from operations.live.github.graphql import DeclaredBranch, Question
from operations.live.github.rules.branch_rules import BranchRules
from operations.live.github.rules.changes import Change, commits, creation
from operations.live.github.rules.judge import Judge, listed
from operations.live.github.rules.names import beside, references
from operations.live.observed import RepositoryFacts

#: GitHub's most items of one page.
_PAGE: Final = 100
#: Digits of a content's id in the name of a branch.
_DIGITS: Final = 10


def read_deliveries(
    judge: Judge,
    facts: RepositoryFacts,
    question: Question,
    declared: Mapping[str, DeclaredBranch],
    rules: Mapping[str, BranchRules],
) -> dict[str, ByPullRequest]:
    """The branches that get their files by pull request.

    Args:
        judge: knows the repository's rules.
        facts: the answer of GraphQL.
        question: the repository as it was asked for.
        declared: the declared files by branch.
        rules: of each branch, for `auto`.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    found = {}
    for branch, files in sorted(declared.items()):
        if question.delivery == "pull_request" or (
            question.delivery == "auto"
            and branch in rules
            and judge.refusing(_changed(branch, files, leaving=question.leaving), rules[branch])
        ):
            known = (_leaving if question.leaving else _arriving)(facts, branch, files)
            if known.pending:
                known = _looked_up(judge, facts, branch, known, files.largest)
            found[branch] = known
    return found


def _changed(branch: str, files: DeclaredBranch, *, leaving: bool) -> Change:
    """The commits that write, or delete, all declared files of a branch."""
    return commits(branch, files.files, largest=files.largest, removes=leaving)


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
    judge: Judge, facts: RepositoryFacts, branch: str, known: ByPullRequest, largest: int
) -> ByPullRequest:
    """The delivery with what GitHub has of it, and why its own branch takes no commits.

    Args:
        judge: knows the repository's rules.
        facts: the answer of GraphQL.
        branch: the target.
        known: the delivery as the declaration and the live files tell it.
        largest: bytes of the largest declared file.
    """
    refs = references(judge.github, facts.full_name, known.head)
    found = _with_request(judge.github, facts, branch, known, refs)
    if not found.opens or found.brought:
        return found
    if other := None if found.head_exists else beside(refs, found.head):
        refused = f"git cannot make {found.head!r} beside the branch {other!r}: rename that branch"
    else:
        removes = found.head.startswith(REMOVALS)
        written = commits(
            found.head,
            found.pending,
            by_pull_request=True,
            largest=largest,
            removes=removes,
        )
        made = () if found.head_exists else (creation(found.head),)
        refused = _refused_head(judge, found.head, (*made, written))
    return found.model_copy(update={"refused": refused})


def _refused_head(judge: Judge, head: str, changes: Iterable[Change]) -> str:
    """The first change of slipway's own branch that rules refuse, and the way out; else empty."""
    rules = judge.of_name(head)
    for change in changes:
        if refusing := judge.refusing(change, rules):
            what = "to make" if change.kind == "create" else "commits to"
            ways = {
                "ruleset": f"exclude refs/heads/{HEADS}**/* from the ruleset",
                "pushes": "take slipway's workflow files out of this rule for every push",
                "protection": f"give it a pattern that does not match {HEADS}**/*",
            }
            way = " and ".join(dict.fromkeys(ways[one.of] for one in refusing))
            return (
                f"rules refuse {what} {head!r} as well ({listed(refusing)}): {way}, or let the "
                "token's user always bypass it"
            )
    return ""


def _with_request(
    github: GitHub,
    facts: RepositoryFacts,
    branch: str,
    delivery: ByPullRequest,
    refs: Collection[str],
) -> ByPullRequest:
    """The delivery with what GitHub has of it: an open request, a closed one, or a branch only."""
    path, owner = f"repos/{facts.full_name}", facts.full_name.partition("/")[0]
    heads = sorted(ref for ref in refs if ref.startswith(delivery.head[:-_DIGITS]))
    used, foreign = set(), []
    for head in heads:
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
                        # The text is written after the commits.
                        "brought": mark(delivery.content) in (request["body"] or ""),
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
    return bool(author.get("login") == (github.account("user") or {}).get("login"))


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
