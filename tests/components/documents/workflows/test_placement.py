import pytest

from components.documents.workflows import workflow_branches
from components.model.repository import Repository


@pytest.mark.parametrize(
    ("default", "manual", "test_file"),
    [
        ("main", False, ["main"]),
        ("main", True, ["main"]),
        ("trunk", False, ["main"]),
        ("trunk", True, ["main", "trunk"]),
    ],
)
def test_a_file_is_where_github_looks_for_it(
    default: str, *, manual: bool, test_file: list[str]
) -> None:
    """A file is on the branch of its push, and on the default branch if GitHub reads it there."""
    declared = {"repository": "billing", "deploy": {"manual": manual}}
    repository = Repository.model_validate(declared)
    assert workflow_branches(repository, default) == {
        "python-dev.yml": ["develop", default],
        "python-test.yml": test_file,
        "python-prd.yml": [default],
    }
