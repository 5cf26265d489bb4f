from datetime import UTC, datetime
from typing import Any

import pytest

from operations.state.secret_write_times import unread_times, written_secrets

TYPE = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"


def resource(**outputs: Any) -> dict[str, Any]:
    """Return a secret as the state has it."""
    place = {"repository": "billing", "environment": "prod", "secretName": "Token"}
    return {"type": TYPE, "outputs": place | outputs}


def test_the_time_of_our_write_is_read() -> None:
    """The write time is `updatedAt`; `remoteUpdatedAt` is the time of the last refresh."""
    ours, remote = "2026-11-23 14:16:43 +0000 UTC", "2026-11-24 14:16:43 +0000 UTC"
    export = {"deployment": {"resources": [resource(updatedAt=ours, remoteUpdatedAt=remote)]}}
    written = {("billing", "prod", "TOKEN"): datetime(2026, 11, 23, 14, 16, 43, tzinfo=UTC)}
    assert written_secrets(export) == written


def test_an_unwritten_secret_has_no_time() -> None:
    """Unwritten secrets and other resources have no write time."""
    assert written_secrets({"deployment": {}}) == {}
    others = [resource(), {"type": TYPE}, {"type": "pulumi:pulumi:Stack"}]
    assert written_secrets({"deployment": {"resources": others}}) == {}


@pytest.mark.parametrize("said", ["yesterday", "2026-13-45 00:00:00 +0000 UTC", 5, ["x"], {"a": 1}])
def test_an_unreadable_time_is_reported(said: object) -> None:
    """An unreadable write time is reported, and its secret is skipped."""
    export = {"deployment": {"resources": [resource(updatedAt=said)]}}
    assert written_secrets(export) == {}
    (told,) = unread_times(export)
    assert told.startswith("whether secret TOKEN of billing's environment prod was overwritten is")
    assert repr(said) in told
