"""The refusals of a ruleset: for each rule that a change breaks, GitHub's sentence.

The sentences are quoted from answers of GitHub that people published; each has its thread beside
it. Those about patterns and paths have words of ours, near to those of GitHub's web form.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

import re2

from sandbox.github import errors
from sandbox.github.rules import checks, files, reviews
from sandbox.github.rules.update import RefUpdate
from sandbox.github.store import Store

Rule = dict[str, Any]
#: GitHub's words for commits of which it has verified no signature.
UNSIGNED: Final = "Commits must have verified signatures."
#: Rules that change nothing about who may write: they ask for a review by a machine.
_SILENT: Final = {"copilot_code_review"}


def violations(store: Store, update: RefUpdate, rules: Iterable[Rule]) -> list[str]:
    """The sentences for all rules that the change breaks, in the order of the rules.

    Raises:
        GitHubError: 501 for a rule of a type that the sandbox cannot judge.
    """
    found: list[str] = []
    contexts: list[str] = []
    strict = False
    for rule in rules:
        kind, given = rule["type"], rule.get("parameters", {})
        if kind == "required_status_checks":
            if update.new and not (update.old is None and given["do_not_enforce_on_create"]):
                contexts += [each["context"] for each in given["required_status_checks"]]
                strict = strict or given["strict_required_status_checks_policy"]
        elif kind == "pull_request":
            found += _pull_request(store, update, given)
        elif kind in _RULES:
            found += _RULES[kind](update, given)
        elif kind not in _SILENT:
            raise errors.not_emulated()
    if contexts:
        found += checks.missing(update, contexts, strict=strict)
    return list(dict.fromkeys(found))


def _creation(update: RefUpdate, _given: Rule) -> list[str]:
    """GitHub's words: github.com/orgs/community/discussions/51446."""
    refused = update.old is None
    return ["Cannot create ref due to creations being restricted."] if refused else []


def _update(update: RefUpdate, _given: Rule) -> list[str]:
    """GitHub's words: stackoverflow.com/questions/78285135."""
    return ["Cannot update this protected ref."] if update.old and update.new else []


def _deletion(update: RefUpdate, _given: Rule) -> list[str]:
    """GitHub's words for a branch, with 422 for a REST request."""
    noun = "branch" if update.branch else "tag"
    return [f"Cannot delete this {noun}"] if update.new is None else []


def _non_fast_forward(update: RefUpdate, _given: Rule) -> list[str]:
    """GitHub's words: github.com/JRedrupp/bison/issues/136."""
    return ["Cannot force-push to this branch"] if update.loses_commits else []


def _linear(update: RefUpdate, _given: Rule) -> list[str]:
    """GitHub's words, in an answer to `POST /repos/{owner}/{repo}/merges` (409) as well."""
    git = update.repository.git
    found = [git.commit(sha) for sha in update.commits]
    merges = any(commit is not None and len(commit.parents) > 1 for commit in found)
    return ["This branch must not contain merge commits."] if merges else []


def _signatures(update: RefUpdate, _given: Rule) -> list[str]:
    """GitHub's words; the commits count that the reference did not have."""
    unsigned = any(not update.repository.git.is_verified(sha) for sha in update.commits)
    return [UNSIGNED] if unsigned else []


def _merge_queue(update: RefUpdate, _given: Rule) -> list[str]:
    """GitHub's words: github.com/georust/proj/pull/178. A merge of a pull request is none."""
    return ["Changes must be made through the merge queue"] if update.old and update.new else []


def _code_scanning(update: RefUpdate, given: Rule) -> list[str]:
    """GitHub's words: github.com/github/codeql/issues/19459. The sandbox scans no code."""
    if update.new is None:
        return []
    tools = " and ".join(each["tool"] for each in given["code_scanning_tools"])
    return [f"Code scanning is waiting for results from {tools} for the commit {update.new[:7]}."]


def _workflows(update: RefUpdate, given: Rule) -> list[str]:
    """Words of ours. They "block direct pushes" (docs.github.com: available rules for rulesets).

    The sandbox runs none of them, so no pull request passes either.
    """
    if update.new is None or (update.old is None and given["do_not_enforce_on_create"]):
        return []
    return [f'Required workflow "{each["path"]}" is expected.' for each in given["workflows"]]


def _deployments(update: RefUpdate, given: Rule) -> list[str]:
    """Words of ours. The sandbox has no deployments."""
    names = given["required_deployment_environments"]
    return [f"Required deployments have not succeeded: {', '.join(names)}"] if update.new else []


def _pull_request(store: Store, update: RefUpdate, given: Rule) -> list[str]:
    """GitHub's words: github.com/henne49/dbus-opendtu/issues/235.

    A branch is created and deleted without a pull request.
    """
    if update.old is None or update.new is None:
        return []
    if update.pull_request is None:
        return ["Changes must be made through a pull request."]
    return reviews.missing(
        store,
        update.repository,
        update.pull_request,
        given["required_approving_review_count"],
        last_push=given["require_last_push_approval"],
    )


def _pattern(noun: str, part: Callable[[RefUpdate], Iterable[str]]) -> Callable[..., list[str]]:
    """A rule about texts: each must fit the pattern, or none with `negate`."""

    def broken(update: RefUpdate, given: Rule) -> list[str]:
        negated = given.get("negate", False)
        bad = any(_fits(text, given) is negated for text in part(update))
        words = f"{'not ' if negated else ''}{_OPERATORS[given['operator']]}"
        return [f"{noun} must {words}: {given['pattern']}"] if bad else []

    return broken


def _fits(text: str, given: Rule) -> bool:
    pattern: str = given["pattern"]
    match given["operator"]:
        case "starts_with":
            return text.startswith(pattern)
        case "ends_with":
            return text.endswith(pattern)
        case "contains":
            return pattern in text
    # RE2; `^` is the beginning of the text and not of a line, unless the pattern begins with `(?m)`
    # (docs.github.com: creating rulesets for a repository, and github.com/github/docs/pull/27068).
    return re2.search(pattern, text) is not None


def _messages(update: RefUpdate) -> list[str]:
    git = update.repository.git
    found = [git.commit(sha) for sha in update.commits]
    return [commit.message.decode(errors="replace") for commit in found if commit is not None]


def _emails(who: str) -> Callable[[RefUpdate], list[str]]:
    def emails(update: RefUpdate) -> list[str]:
        git = update.repository.git
        found = [git.commit(sha) for sha in update.commits]
        people = [getattr(commit, who) for commit in found if commit is not None]
        return [each.decode(errors="replace").rpartition("<")[2].rstrip(">") for each in people]

    return emails


_OPERATORS: Final = {
    "starts_with": "start with",
    "ends_with": "end with",
    "contains": "contain",
    "regex": "match a given regex pattern",
}
_RULES: Final[dict[str, Callable[[RefUpdate, Rule], list[str]]]] = {
    "branch_name_pattern": _pattern(
        "Branch name", lambda update: [update.branch] if update.branch and update.new else []
    ),
    "code_scanning": _code_scanning,
    "commit_author_email_pattern": _pattern("Commit author email", _emails("author")),
    "commit_message_pattern": _pattern("Commit message", _messages),
    "committer_email_pattern": _pattern("Committer email", _emails("committer")),
    "creation": _creation,
    "deletion": _deletion,
    "merge_queue": _merge_queue,
    "non_fast_forward": _non_fast_forward,
    "required_deployments": _deployments,
    "required_linear_history": _linear,
    "required_signatures": _signatures,
    "tag_name_pattern": _pattern(
        "Tag name",
        lambda update: [update.ref.removeprefix("refs/tags/")] if not update.branch else [],
    ),
    "update": _update,
    "workflows": _workflows,
} | files.RULES
