from operations.live.github.graphql import archived_repositories
from sandbox.github import Store


def test_what_is_gone_is_not_archived(github: Store) -> None:
    """Neither is what can be written to; however many names there are, twenty are one request."""
    names = ["customised", "billing", "gone", *(f"gone-{number}" for number in range(17))]
    assert archived_repositories("acme", names) == {"customised"}
    assert github.log.report()["total"] == 1
