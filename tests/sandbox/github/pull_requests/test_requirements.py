"""Reviews, checks and signatures that a merge needs."""

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, Api
from tests.sandbox.github.contract_cases import PROTECTION
from tests.sandbox.github.pull_requests.world import (
    PULLS,
    R,
    merged,
    opened,
    tip,
    write,
)
from tests.sandbox.github.rules.world import APPROVED, PULL, checks, refused, rule


def approve(api: Api, token: str = MEMBER, event: str = "APPROVE") -> int:
    """Review the pull request."""
    return api("POST", f"{PULLS}/1/reviews", {"event": event}, token=token).status_code


@pytest.mark.parametrize("classic", [True, False], ids=["classic", "ruleset"])
def test_a_review_is_required(api: Api, store: Store, classic: bool) -> None:  # noqa: FBT001
    """A merge is 405 until a user with write access approves; the author cannot approve."""
    if classic:
        api("PUT", f"{R}/branches/main/protection", PROTECTION)
    else:
        rule(api, PULL)
    opened(api)
    words = APPROVED if classic else f"Repository rule violations found\n\n{APPROVED}\n\n"
    merge = ("PUT", f"{PULLS}/1/merge", None)
    assert refused(api, store, merge) == (405, words)
    assert api("GET", f"{PULLS}/1").get_json()["mergeable_state"] == "blocked"
    assert approve(api, ADMIN) == 422
    assert approve(api) == 200
    assert refused(api, store, merge)[0] == 405  # octocat has only read access
    api("PUT", f"{R}/collaborators/octocat", {"permission": "push"})
    assert approve(api, event="REQUEST_CHANGES") == 200
    assert refused(api, store, merge)[0] == 405
    assert approve(api) == 200
    assert merged(api)[0] == 200


def test_a_push_dismisses_approvals_if_a_rule_says_so(api: Api) -> None:
    """With `dismiss_stale_reviews_on_push` a new head needs a new approval."""
    parameters = PULL["parameters"] | {"dismiss_stale_reviews_on_push": True}
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"]}}
    rule(api, {"type": "pull_request", "parameters": parameters}, conditions=conditions)
    api("PUT", f"{R}/collaborators/octocat", {"permission": "push"})
    opened(api)
    approve(api)
    write(api, "develop", "more.txt", "x")
    (review,) = api("GET", f"{PULLS}/1/reviews").get_json()
    assert review["state"] == "DISMISSED"
    assert merged(api)[0] == 405


def test_checks_of_the_head_are_required(api: Api, store: Store) -> None:
    """The status checks of the head count, not those of the merge commit."""
    rule(api, checks("ci"), conditions={"ref_name": {"include": ["~DEFAULT_BRANCH"]}})
    opened(api)
    status, message = merged(api)
    assert status == 405
    assert 'Required status check "ci" is expected.' in message
    store.repositories[41].checks[tip(api, "develop")["sha"]] = {"ci": "success"}
    assert merged(api)[0] == 200


@pytest.mark.parametrize("classic", [True, False], ids=["classic", "ruleset"])
def test_strict_checks_need_the_newest_base(api: Api, store: Store, classic: bool) -> None:  # noqa: FBT001
    """If the head is behind its base, its status checks count as `expected`."""
    write(api, "main", "new.txt", "x")
    if classic:
        body = PROTECTION | {
            "required_pull_request_reviews": None,
            "enforce_admins": False,
            "required_status_checks": {"strict": True, "contexts": ["ci"]},
        }
        api("PUT", f"{R}/branches/main/protection", body)
    else:
        required = checks("ci")
        required["parameters"]["strict_required_status_checks_policy"] = True
        rule(api, required, conditions={"ref_name": {"include": ["~DEFAULT_BRANCH"]}})
    api("PUT", f"{R}/collaborators/octocat", {"permission": "push"})
    opened(api)
    store.repositories[41].checks[tip(api, "develop")["sha"]] = {"ci": "success"}
    assert api("GET", f"{PULLS}/1").get_json()["mergeable_state"] == "behind"
    answer = api("PUT", f"{PULLS}/1/merge", {}, token=MEMBER)
    assert answer.status_code == 405
    assert 'Required status check "ci" is expected.' in answer.get_json()["message"]
    api("POST", f"{R}/merges", {"base": "develop", "head": "main"})
    store.repositories[41].checks[tip(api, "develop")["sha"]] = {"ci": "success"}
    assert api("PUT", f"{PULLS}/1/merge", {}, token=MEMBER).status_code == 200


def test_unsigned_commits_are_squashed_only(api: Api, store: Store) -> None:
    """GitHub signs a squash commit; merge and rebase are refused: their commits are unsigned."""
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"]}}
    rule(api, {"type": "required_signatures"}, conditions=conditions)
    opened(api)
    for method in ("merge", "rebase"):
        put = ("PUT", f"{PULLS}/1/merge", {"merge_method": method})
        status, message = refused(api, store, put)
        assert status == 405
        assert "Commits must have verified signatures." in message
    assert merged(api, merge_method="squash")[0] == 200
