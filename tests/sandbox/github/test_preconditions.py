"""What GitHub refuses, one row a statement."""

from base64 import b64encode
from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, OUTSIDER, Api

R = "/repos/acme/billing"
E = f"{R}/environments/prod"
OPEN = f"{R}/environments/open"
NONE = f"{R}/environments/none"
POLICIES = "deployment-branch-policies"
CONTENT = b64encode(b"hello\n").decode()
STALE = "0" * 40
BOTH = {"protected_branches": True, "custom_branch_policies": True}
NEITHER = {"protected_branches": False, "custom_branch_policies": False}
FILE = {"message": "m", "content": CONTENT}
SECRET = {"encrypted_value": CONTENT, "key_id": "1"}
SEVEN = [{"type": "User", "id": 12}] * 7
SUBJECT = "actions/oidc/customization/sub"
VARIABLE = {"name": "X", "value": "1"}


def reviewer(kind: str, key: int) -> dict[str, Any]:
    """An environment's body with one reviewer."""
    return {"reviewers": [{"type": kind, "id": key}]}


#: The statement, the request, the status and a part of the message.
REFUSALS: list[tuple[str, tuple[str, str, Any], int, str]] = [
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
        "an organisation is no member of a team",
        ("PUT", "/orgs/acme/teams/platform/memberships/acme", None),
        422,
        "Validation Failed",
    ),
    ("a body is JSON", ("PUT", E, "not json"), 400, "Problems parsing JSON"),
    ("a body is an object", ("PUT", E, [1]), 400, "Body should be a JSON object"),
    ("seven reviewers are too many", ("PUT", E, {"reviewers": SEVEN}), 422, "reviewers"),
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
    (
        "a file is not found on a branch without it",
        ("GET", f"{R}/contents/src/new.py?ref=main", None),
        404,
        "Not Found",
    ),
    (
        "a file is read from a branch that exists",
        ("GET", f"{R}/contents/README.md?ref=none", None),
        404,
        "No commit found for the ref none",
    ),
    (
        "a file is written to a branch that exists",
        ("PUT", f"{R}/contents/a", FILE | {"branch": "none"}),
        404,
        "Branch none not found",
    ),
    (
        "a file is replaced by who knows it",
        ("PUT", f"{R}/contents/README.md", FILE),
        422,
        '"sha" wasn\'t supplied.',
    ),
    (
        "a file is replaced as it was read",
        ("PUT", f"{R}/contents/README.md", FILE | {"sha": STALE}),
        409,
        f"README.md does not match {STALE}",
    ),
    (
        "the branch is looked for before the file is compared",
        ("PUT", f"{R}/contents/README.md", FILE | {"sha": STALE, "branch": "none"}),
        404,
        "Branch none not found",
    ),
    (
        "a commit has a message",
        ("PUT", f"{R}/contents/a", {"content": CONTENT}),
        422,
        '"message" wasn\'t supplied.',
    ),
    (
        "a file has a content",
        ("PUT", f"{R}/contents/a", {"message": "m"}),
        422,
        '"content" wasn\'t supplied.',
    ),
    (
        "a content is Base64",
        ("PUT", f"{R}/contents/a", {"message": "m", "content": "a"}),
        422,
        "not valid Base64",
    ),
    (
        "only an existing file is deleted",
        ("DELETE", f"{R}/contents/none", {"message": "m", "sha": STALE}),
        404,
        "Not Found",
    ),
    (
        "a file is deleted as it was read",
        ("DELETE", f"{R}/contents/README.md", {"message": "m", "sha": STALE}),
        409,
        "does not match",
    ),
    (
        "a file is deleted by who knows it",
        ("DELETE", f"{R}/contents/README.md", {"message": "m"}),
        422,
        '"sha" wasn\'t supplied.',
    ),
    ("an unknown branch is not found", ("GET", f"{R}/branches/x", None), 404, "Branch not found"),
    (
        "only an existing branch is renamed",
        ("POST", f"{R}/branches/x/rename", {"new_name": "y"}),
        404,
        "Branch not found",
    ),
    (
        "a branch is not renamed over another",
        ("POST", f"{R}/branches/main/rename", {"new_name": "develop"}),
        422,
        "Validation Failed",
    ),
    ("a reference is exact", ("GET", f"{R}/git/ref/heads/mai", None), 404, "Not Found"),
    (
        "a reference is made once",
        ("POST", f"{R}/git/refs", {"ref": "refs/heads/main", "sha": STALE}),
        422,
        "Reference already exists",
    ),
    (
        "a reference points at what exists",
        ("POST", f"{R}/git/refs", {"ref": "refs/heads/new", "sha": STALE}),
        422,
        "Object does not exist",
    ),
    (
        "a reference has its full name",
        ("POST", f"{R}/git/refs", {"ref": "new", "sha": STALE}),
        422,
        "must start with 'refs/'",
    ),
    (
        "only an existing reference is moved",
        ("PATCH", f"{R}/git/refs/heads/x", {"sha": STALE}),
        422,
        "Reference does not exist",
    ),
    (
        "only an existing reference is deleted",
        ("DELETE", f"{R}/git/refs/heads/x", None),
        422,
        "Reference does not exist",
    ),
    (
        "the default branch stays",
        ("DELETE", f"{R}/git/refs/heads/main", None),
        422,
        "default branch",
    ),
    (
        "an unknown commit cannot be shown",
        ("GET", f"{R}/commits/none", None),
        422,
        "No commit found for SHA: none",
    ),
    ("an unknown blob is not found", ("GET", f"{R}/git/blobs/{STALE}", None), 404, "Not Found"),
    ("an unknown tree is not found", ("GET", f"{R}/git/trees/none", None), 404, "Not Found"),
    (
        "an empty repository has no content",
        ("GET", "/repos/acme/empty/contents/", None),
        404,
        "This repository is empty.",
    ),
    (
        "nor a reference",
        ("GET", "/repos/acme/empty/git/ref/heads/main", None),
        409,
        "Git Repository is empty.",
    ),
    (
        "nor matching references",
        ("GET", "/repos/acme/empty/git/matching-refs/heads", None),
        409,
        "Git Repository is empty.",
    ),
    (
        "nor a commit",
        ("GET", "/repos/acme/empty/commits", None),
        409,
        "Git Repository is empty.",
    ),
    (
        "its first commit makes the default branch and no other",
        ("PUT", "/repos/acme/empty/contents/a", FILE | {"branch": "develop"}),
        404,
        "Branch develop not found",
    ),
    (
        "an archived repository takes no file",
        ("PUT", "/repos/acme/old/contents/a", FILE),
        403,
        "archived",
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
def test_github_refuses(
    api: Api, store: Store, row: tuple[str, tuple[str, str, Any], int, str]
) -> None:
    """The statement holds, and the refused request changed nothing."""
    _, (method, path, body), status, message = row
    before = world(store)
    if body == "not json":
        headers = {"Authorization": f"Bearer {ADMIN}"}
        answer = api.client.open(f"/api/v3{path}", method=method, data="{", headers=headers)
    else:
        answer = api(method, path, body)
    assert answer.status_code == status, answer.text
    assert message in answer.get_json()["message"]
    assert world(store) == before


def world(store: Store) -> list[Any]:
    """All that a refused request could have changed."""
    return [
        [
            repository.full_name,
            repository.default_branch,
            repository.settings.copy(),
            list(repository.topics),
            repository.subject,
            repository.git.refs(),
            [
                (
                    environment.name,
                    environment.protection,
                    list(environment.policies),
                    [(v.name, v.value) for v in environment.variables.values()],
                    [(s.name, s.plaintext) for s in environment.secrets.values()],
                )
                for environment in repository.environments.values()
            ],
        ]
        for repository in store.repositories.values()
    ]


#: Who asks, the statement, the request, the status and a part of the message.
RIGHTS: list[tuple[str | None, str, tuple[str, str, Any], int, str]] = [
    (None, "nobody is served", ("GET", R, None), 401, "Requires authentication"),
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
    """Who lacks a right is refused as GitHub refuses, and changed nothing."""
    token, _, (method, path, body), status, message = row
    before = world(store)
    answer = api(method, path, body, token=token)
    assert answer.status_code == status, answer.text
    assert message in answer.get_json()["message"]
    assert world(store) == before
