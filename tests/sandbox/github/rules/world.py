"""Rulesets for tests, and requests that they refuse."""

from base64 import b64encode
from typing import Any

from sandbox.github.store import Store
from tests.sandbox.github.conftest import Api
from tests.sandbox.github.contract_cases import RULESET

R = "/repos/acme/billing"
FILE = {"message": "fix: m", "content": b64encode(b"x").decode(), "branch": "main"}
REVIEWED = {
    "required_approving_review_count": 1,
    "dismiss_stale_reviews_on_push": False,
    "require_code_owner_review": False,
    "require_last_push_approval": False,
    "required_review_thread_resolution": False,
}

PULL: dict[str, Any] = {"type": "pull_request", "parameters": REVIEWED}
BY_PULL = "Changes must be made through a pull request."
APPROVED = "At least 1 approving review is required by reviewers with write access."


def checks(*contexts: str, on_create: bool = True) -> dict[str, Any]:
    """The rule that demands status checks."""
    return {
        "type": "required_status_checks",
        "parameters": {
            "strict_required_status_checks_policy": False,
            "do_not_enforce_on_create": not on_create,
            "required_status_checks": [{"context": each} for each in contexts],
        },
    }


def pattern(kind: str, operator: str, text: str, *, negate: bool = False) -> dict[str, Any]:
    """A rule about texts."""
    return {"type": kind, "parameters": {"operator": operator, "pattern": text, "negate": negate}}


def parametrised(kind: str, **parameters: Any) -> dict[str, Any]:
    """A rule with parameters."""
    return {"type": kind, "parameters": parameters}


def rule(api: Api, *rules: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Make a ruleset for all branches."""
    everywhere = {"conditions": {"ref_name": {"include": ["~ALL"], "exclude": []}}}
    body = RULESET | {"name": "all"} | everywhere | {"rules": list(rules)} | members
    answer = api("POST", f"{R}/rulesets", body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def heads(store: Store) -> dict[str, str]:
    """The branches of the repository."""
    return store.repositories[41].git.branches()


def refused(api: Api, store: Store, request: tuple[str, str, Any]) -> tuple[int, str]:
    """Status and message of a request that changes nothing."""
    before = heads(store)
    answer = api(*request)
    assert heads(store) == before
    return answer.status_code, answer.get_json()["message"]
