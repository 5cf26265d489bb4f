"""GitHub's refusals about files, commits, branches and references."""

from base64 import b64encode

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import Api
from tests.sandbox.github.refusals import Refusal, assert_refused

R = "/repos/acme/billing"
CONTENT = b64encode(b"hello\n").decode()
STALE = "0" * 40
FILE = {"message": "m", "content": CONTENT}


REFUSALS: list[Refusal] = [
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
        "the branch is looked for before the file is compared",
        ("PUT", f"{R}/contents/README.md", FILE | {"sha": STALE, "branch": "none"}),
        404,
        "Branch none not found",
    ),
]


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row[0])
def test_github_refuses(api: Api, store: Store, row: Refusal) -> None:
    """The statement holds, and the refused request changed nothing."""
    assert_refused(api, store, row)
