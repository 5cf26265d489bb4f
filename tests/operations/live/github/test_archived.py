from operations.live.github.graphql import archived_repositories
from sandbox.github import Store
from tests.operations.diff.worlds import SETTINGS


def test_only_archived_repositories_are_returned(github: Store) -> None:
    """Missing and writable repositories are not archived; 20 names take one request."""
    names = ["customised", "billing", "gone", *(f"gone-{number}" for number in range(17))]
    assert archived_repositories(SETTINGS, names) == {"customised"}
    assert github.log.report()["total"] == 1
