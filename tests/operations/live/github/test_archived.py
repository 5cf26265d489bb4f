from typing import Any

from operations.live.github.api import GitHub
from operations.live.github.archived import archived_repositories


class Facts(GitHub):
    """A GitHub that knows which repositories there are, and whether they are archived."""

    def __init__(self, **archived: bool) -> None:
        self._archived = archived

    def get(self, path: str, media_type: str | None = None) -> Any | None:
        """What it says of `repos/acme/NAME`."""
        assert media_type is None
        name = path.removeprefix("repos/acme/")
        return {"archived": self._archived[name]} if name in self._archived else None


def test_what_is_gone_is_not_archived() -> None:
    """Neither is what can be written to."""
    github = Facts(old=True, live=False)
    assert archived_repositories(["old", "live", "gone"], github, "acme") == {"old"}
