"""GitHub's refusals about accounts, teams, repositories and subjects."""

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import Api
from tests.sandbox.github.refusals import Refusal, assert_refused

R = "/repos/acme/billing"
SUBJECT = "actions/oidc/customization/sub"


REFUSALS: list[Refusal] = [
    ("an unknown user is not found", ("GET", "/users/nobody", None), 404, "Not Found"),
    ("an unknown organisation is not found", ("GET", "/orgs/nobody", None), 404, "Not Found"),
    ("an unknown team is not found", ("GET", "/orgs/acme/teams/none", None), 404, "Not Found"),
    ("an unknown repository is not found", ("GET", "/repos/acme/none", None), 404, "Not Found"),
    ("an unknown id is not found", ("GET", "/repositories/999", None), 404, "Not Found"),
    (
        "a repository's name is taken once",
        ("POST", "/orgs/acme/repos", {"name": "BILLING"}),
        422,
        "Validation Failed",
    ),
    (
        "a repository's name has no slash",
        ("POST", "/orgs/acme/repos", {"name": "a/b"}),
        422,
        "Validation Failed",
    ),
    ("a repository needs a name", ("POST", "/orgs/acme/repos", {}), 422, '"name" wasn\'t'),
    (
        "the default branch exists",
        ("PATCH", R, {"default_branch": "none"}),
        422,
        "Validation Failed",
    ),
    (
        "topics are lower case",
        ("PUT", f"{R}/topics", {"names": ["Python"]}),
        422,
        "Validation Failed",
    ),
    (
        "a team's name is taken once",
        ("POST", "/orgs/acme/teams", {"name": "Platform"}),
        422,
        "Validation Failed",
    ),
    (
        "a team's parent exists",
        ("POST", "/orgs/acme/teams", {"name": "x", "parent_team_id": 99}),
        422,
        "Validation Failed",
    ),
    (
        "a team is not below itself",
        ("PATCH", "/orgs/acme/teams/platform", {"parent_team_id": 31}),
        422,
        "Validation Failed",
    ),
    (
        "an organisation is no member of a team",
        ("PUT", "/orgs/acme/teams/platform/memberships/acme", None),
        422,
        "Validation Failed",
    ),
    (
        "an archived repository takes no environment",
        ("PUT", "/repos/acme/old/environments/dev", None),
        403,
        "archived",
    ),
    (
        "an archived repository takes no settings",
        ("PATCH", "/repos/acme/old", {"has_wiki": False}),
        403,
        "archived",
    ),
    (
        "custom subjects name claims",
        ("PUT", f"{R}/{SUBJECT}", {"use_default": False, "include_claim_keys": ["A b"]}),
        422,
        "Validation Failed",
    ),
    (
        "a subject is the default or not",
        ("PUT", f"{R}/{SUBJECT}", {}),
        422,
        '"use_default" wasn\'t supplied',
    ),
    (
        "a new repository keeps its immutable subject",
        (
            "PUT",
            f"/repos/acme/empty/{SUBJECT}",
            {"use_default": True, "use_immutable_subject": False},
        ),
        422,
        "Validation Failed",
    ),
]


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row[0])
def test_github_refuses(api: Api, store: Store, row: Refusal) -> None:
    """The statement holds, and the refused request changed nothing."""
    assert_refused(api, store, row)
