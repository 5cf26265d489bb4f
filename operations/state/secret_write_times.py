"""When slipway last wrote each secret, from Pulumi's state.

GitHub tells when a secret was last written and never what it holds, so a value that somebody else
wrote is known by its being younger than our write. The provider (pulumi-github 6.15) keeps the time
of its own write in `updatedAt`; its refresh changes `remoteUpdatedAt` only. Times have seconds.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from components.objects.kinds import SECRET
from operations.diff.compare import Written
from operations.live.answers import read_time

Place = tuple[str, str, str]
"""Repository, environment and name in upper case."""


def written_secrets(export: Mapping[str, Any]) -> Written:
    """Times by repository, environment and name in upper case.

    Args:
        export: the JSON of `pulumi stack export`; no value of it is looked at.
    """
    return {place: time for place, _, time in _times(export) if time is not None}


def unread_times(export: Mapping[str, Any]) -> list[str]:
    """What cannot be told for want of a time that can be read, in words."""
    return [
        f"whether secret {secret} of {repository}'s environment {environment} was overwritten is "
        f"not known: the state says that it was written at {said!r}"
        for (repository, environment, secret), said, time in _times(export)
        if time is None
    ]


def _times(export: Mapping[str, Any]) -> Iterator[tuple[Place, object, datetime | None]]:
    """Of each secret that was written: what the state says, and the time that this is."""
    for resource in export["deployment"].get("resources") or ():
        outputs = resource.get("outputs", {})
        if resource["type"] == SECRET.type and (said := outputs.get("updatedAt")):
            names = (outputs.get(key, "") for key in ("repository", "environment", "secretName"))
            repository, environment, secret = map(str, names)
            yield (repository, environment, secret.upper()), said, read_time(said)
