from datetime import UTC, datetime
from typing import Any

from operations.drifting.written import written_secrets

TYPE = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"


def resource(**outputs: Any) -> dict[str, Any]:
    """A secret as the state has it."""
    place = {"repository": "billing", "environment": "prod", "secretName": "Token"}
    return {"type": TYPE, "outputs": place | outputs}


def test_the_time_of_our_write_is_read() -> None:
    """`updatedAt` is our write; `remoteUpdatedAt` is what a refresh last saw."""
    ours, remote = "2026-11-23 14:16:43 +0000 UTC", "2026-11-24 14:16:43 +0000 UTC"
    export = {"deployment": {"resources": [resource(updatedAt=ours, remoteUpdatedAt=remote)]}}
    written = {("billing", "prod", "TOKEN"): datetime(2026, 11, 23, 14, 16, 43, tzinfo=UTC)}
    assert written_secrets(export) == written


def test_what_was_never_written_has_no_time() -> None:
    """An empty stack, an unwritten secret and other resources are passed over."""
    assert written_secrets({"deployment": {}}) == {}
    others = [resource(), {"type": TYPE}, {"type": "pulumi:pulumi:Stack"}]
    assert written_secrets({"deployment": {"resources": others}}) == {}
