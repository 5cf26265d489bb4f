"""Read from Pulumi's state the times at which slipway last wrote each secret.

GitHub returns the time of a secret's last write and never its value, so a secret was overwritten
if GitHub's time is later than slipway's write. The provider (pulumi-github 6.15) keeps the time of
its own write in `updatedAt`; its refresh changes only `remoteUpdatedAt`. Times have seconds.
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
        export: the JSON of `pulumi stack export`; values of secrets are not read.
    """
    return {place: time for place, _, time in _times(export) if time is not None}


def unread_times(export: Mapping[str, Any]) -> list[str]:
    """A message for each secret whose time of writing in the state is no time."""
    return [
        f"whether secret {secret} of {repository}'s environment {environment} was overwritten is "
        f"not known: its time of writing in the state is {text!r}"
        for (repository, environment, secret), text, time in _times(export)
        if time is None
    ]


def _times(export: Mapping[str, Any]) -> Iterator[tuple[Place, object, datetime | None]]:
    """For each written secret: the text in the state, and the time that it stands for."""
    for resource in export["deployment"].get("resources") or ():
        outputs = resource.get("outputs", {})
        if resource["type"] == SECRET.type and (text := outputs.get("updatedAt")):
            names = (outputs.get(key, "") for key in ("repository", "environment", "secretName"))
            repository, environment, secret = map(str, names)
            yield (repository, environment, secret.upper()), text, read_time(text)
