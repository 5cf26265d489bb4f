"""GitHub's refusals about environments, their patterns, variables and secrets."""

from base64 import b64encode
from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import Api
from tests.sandbox.github.refusals import BROKEN, Refusal, assert_refused

R = "/repos/acme/billing"
E = f"{R}/environments/prod"
OPEN = f"{R}/environments/open"
NONE = f"{R}/environments/none"
POLICIES = "deployment-branch-policies"
BOTH = {"protected_branches": True, "custom_branch_policies": True}
NEITHER = {"protected_branches": False, "custom_branch_policies": False}
SECRET = {"encrypted_value": b64encode(b"not sealed").decode(), "key_id": "1"}
SEVEN = [{"type": "User", "id": 12}] * 7
VARIABLE = {"name": "X", "value": "1"}


def reviewer(kind: str, key: int) -> dict[str, Any]:
    """An environment's body with one reviewer."""
    return {"reviewers": [{"type": kind, "id": key}]}


REFUSALS: list[Refusal] = [
    ("a body is JSON", ("PUT", E, BROKEN), 400, "Problems parsing JSON"),
    ("a body is an object", ("PUT", E, [1]), 400, "Body should be a JSON object"),
    (
        "seven reviewers are too many",
        ("PUT", E, {"reviewers": SEVEN}),
        422,
        "reviewers can have at most 6 reviewers",
    ),
    ("a wait of 30 days is the longest", ("PUT", E, {"wait_timer": 43_201}), 422, "wait_timer"),
    ("a wait is not negative", ("PUT", E, {"wait_timer": -1}), 422, "wait_timer"),
    ("a wait is a number", ("PUT", E, {"wait_timer": "1"}), 422, "wait_timer"),
    (
        "protected and custom branches exclude each other",
        ("PUT", E, {"deployment_branch_policy": BOTH}),
        422,
        "cannot have the same value",
    ),
    (
        "a branch policy is protected or custom",
        ("PUT", E, {"deployment_branch_policy": NEITHER}),
        422,
        "cannot have the same value",
    ),
    ("a reviewer exists", ("PUT", E, reviewer("User", 99)), 422, "was not found"),
    ("a reviewing team exists", ("PUT", E, reviewer("Team", 99)), 422, "was not found"),
    ("an organisation reviews nothing", ("PUT", E, reviewer("User", 21)), 422, "was not found"),
    ("a reviewer is a user or a team", ("PUT", E, reviewer("Bot", 12)), 422, "reviewers/0/type"),
    (
        "a private repository has protection on Enterprise only",
        ("PUT", "/repos/thrifty/secret/environments/prod", {"wait_timer": 1}),
        422,
        "billing plan",
    ),
    ("an environment is made before it is read", ("GET", NONE, None), 404, "Not Found"),
    ("only an existing environment is deleted", ("DELETE", NONE, None), 404, "Not Found"),
    (
        "patterns need an environment",
        ("POST", f"{NONE}/{POLICIES}", {"name": "main"}),
        404,
        "Not Found",
    ),
    (
        "patterns need custom branch policies",
        ("POST", f"{OPEN}/{POLICIES}", {"name": "main"}),
        404,
        "Not Found",
    ),
    ("an unknown pattern is not found", ("GET", f"{E}/{POLICIES}/1", None), 404, "Not Found"),
    ("a pattern needs a name", ("POST", f"{E}/{POLICIES}", {}), 422, '"name" wasn\'t'),
    (
        "a pattern is one of branches or tags",
        ("POST", f"{E}/{POLICIES}", {"name": "x", "type": "commit"}),
        422,
        "type",
    ),
    ("variables need an environment", ("POST", f"{NONE}/variables", VARIABLE), 404, "Not Found"),
    (
        "a variable is made once",
        ("POST", f"{E}/variables", {"name": "region", "value": "x"}),
        409,
        "Already exists",
    ),
    ("an unknown variable is not found", ("GET", f"{E}/variables/NONE", None), 404, "Not Found"),
    (
        "only an existing variable is changed",
        ("PATCH", f"{E}/variables/NONE", {"value": "1"}),
        404,
        "Not Found",
    ),
    (
        "only an existing variable is deleted",
        ("DELETE", f"{E}/variables/NONE", None),
        404,
        "Not Found",
    ),
    (
        "a variable's name begins with no digit",
        ("POST", f"{E}/variables", {"name": "1A", "value": "1"}),
        422,
        "alphanumeric",
    ),
    (
        "a variable's name is not GitHub's",
        ("POST", f"{E}/variables", {"name": "github_x", "value": "1"}),
        422,
        "GITHUB_",
    ),
    (
        "a variable has a value",
        ("POST", f"{E}/variables", {"name": "A"}),
        422,
        '"value" wasn\'t supplied',
    ),
    (
        "a variable has at most 48 KB",
        ("POST", f"{E}/variables", {"name": "A", "value": "x" * 49_153}),
        422,
        "too large",
    ),
    ("secrets need an environment", ("PUT", f"{NONE}/secrets/A", SECRET), 404, "Not Found"),
    ("so does their key", ("GET", f"{NONE}/secrets/public-key", None), 404, "Not Found"),
    ("a secret is sealed for this key", ("PUT", f"{E}/secrets/A", SECRET), 422, "key_id"),
    (
        "a secret's name has no hyphen",
        ("PUT", f"{E}/secrets/A-B", SECRET),
        422,
        "alphanumeric",
    ),
    (
        "a secret's name is not GitHub's",
        ("PUT", f"{E}/secrets/GITHUB_A", SECRET),
        422,
        "GITHUB_",
    ),
    ("a secret is sent with its key", ("PUT", f"{E}/secrets/A", {}), 422, "encrypted_value"),
    ("an unknown secret is not found", ("GET", f"{E}/secrets/NONE", None), 404, "Not Found"),
    (
        "only an existing secret is deleted",
        ("DELETE", f"{E}/secrets/NONE", None),
        404,
        "Not Found",
    ),
]


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row[0])
def test_github_refuses(api: Api, store: Store, row: Refusal) -> None:
    """The statement holds, and the refused request changed nothing."""
    assert_refused(api, store, row)
