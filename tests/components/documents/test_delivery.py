"""The texts of the pull requests that bring and remove workflow files."""

from collections.abc import Callable, Sequence

import pytest

from components.documents.delivery import is_marked, mark, pull_request_body, removal_body
from components.model.repository import Repository

Body = Callable[[Repository, str, Sequence[str], str], str]
REPOSITORY = Repository(repository="billing").read_from("acme", "billing.yaml")


@pytest.mark.parametrize("body", [pull_request_body, removal_body])
def test_a_request_says_what_it_does_and_how_to_merge_it(body: Body) -> None:
    """It names the files, the declaration and the ways to merge.

    A merge commit and a rebase bring the request's own commits, so a branch that demands signed
    ones takes a squash of the author's alone (docs.github.com: about protected branches).
    """
    text = body(REPOSITORY, "main", ["python-dev.yml"], "0123456789abcdef")
    assert "- `.github/workflows/python-dev.yml`\n" in text
    assert REPOSITORY.declared_in in text
    assert "squash, rebase or merge commit. If the branch demands signed commits" in text
    assert "only the author of this pull request merge it, by squash. If you close it" in text
    assert is_marked(text)
    assert mark("0123456789abcdef") in text
