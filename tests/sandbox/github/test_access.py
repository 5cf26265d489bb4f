"""The permissions that requests need, and GitHub's refusals without them."""

from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import MEMBER, OUTSIDER, Api
from tests.sandbox.github.refusals import assert_refused

R = "/repos/acme/billing"
E = f"{R}/environments/prod"
POLICIES = "deployment-branch-policies"
SUBJECT = "actions/oidc/customization/sub"
VARIABLE = {"name": "X", "value": "1"}
SECRET = {"encrypted_value": "eA==", "key_id": "1"}
FILE = {"message": "m", "content": "eA=="}

#: The token, the statement, the request, the status and a part of the message.
RIGHTS: list[tuple[str | None, str, tuple[str, str, Any], int, str]] = [
    (
        None,
        "a request without a token is refused",
        ("GET", R, None),
        401,
        "Requires authentication",
    ),
    ("bogus", "an unknown token is refused", ("GET", R, None), 401, "Bad credentials"),
    (OUTSIDER, "a private repository is hidden", ("GET", "/repos/acme/hidden", None), 404, "Not"),
    (
        OUTSIDER,
        "a private repository is hidden from writers too",
        ("PUT", "/repos/acme/hidden/environments/dev", None),
        404,
        "Not Found",
    ),
    (OUTSIDER, "teams are hidden", ("GET", "/orgs/acme/teams/platform", None), 404, "Not Found"),
    (OUTSIDER, "teams are not listed", ("GET", "/orgs/acme/teams", None), 403, "member"),
    (
        OUTSIDER,
        "strangers create nothing",
        ("POST", "/orgs/acme/repos", {"name": "x"}),
        403,
        "admin access",
    ),
    (OUTSIDER, "secrets are not listed", ("GET", f"{E}/secrets", None), 403, "admin rights"),
    (
        OUTSIDER,
        "an environment needs an administrator",
        ("PUT", E, None),
        403,
        "Must have admin rights to Repository.",
    ),
    (
        MEMBER,
        "a fine-grained token is refused in its own words",
        ("PUT", E, None),
        403,
        "Resource not accessible by personal access token",
    ),
    (MEMBER, "so are patterns", ("POST", f"{E}/{POLICIES}", {"name": "x"}), 403, "Resource not"),
    (MEMBER, "so are variables", ("POST", f"{E}/variables", VARIABLE), 403, "Resource not"),
    (MEMBER, "so are secrets", ("PUT", f"{E}/secrets/A", SECRET), 403, "Resource not"),
    (MEMBER, "so are files", ("PUT", f"{R}/contents/a", FILE), 403, "Resource not accessible"),
    (MEMBER, "so are subjects", ("PUT", f"{R}/{SUBJECT}", {"use_default": True}), 403, "Resource"),
    (MEMBER, "so are settings", ("PATCH", R, {"has_wiki": False}), 403, "Resource not"),
    (MEMBER, "a member deletes no team", ("DELETE", "/orgs/acme/teams/payments", None), 403, ""),
    (
        MEMBER,
        "a member changes no organisation",
        ("PUT", f"/orgs/acme/{SUBJECT}", {"use_immutable_subject": True}),
        403,
        "owner",
    ),
]


@pytest.mark.parametrize("row", RIGHTS, ids=lambda row: row[1])
def test_rights_are_needed(
    api: Api, store: Store, row: tuple[str | None, str, tuple[str, str, Any], int, str]
) -> None:
    """A token without the permission gets GitHub's refusal, and nothing changed."""
    token, statement, request, status, message = row
    assert_refused(api, store, (statement, request, status, message), token)
