"""When slipway last wrote each secret, from Pulumi's state.

GitHub tells when a secret was last written and never what it holds, so a value that somebody else
wrote is known by its being younger than our write. The provider (pulumi-github 6.15) keeps the time
of its own write in `updatedAt`; its refresh changes `remoteUpdatedAt` only. Times have seconds.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from operations.drifting.compare import Written
from operations.state.stack_state import SECRET

#: As Go writes a time: `2026-11-23 14:16:43 +0000 UTC`.
_FORMAT: Final = "%Y-%m-%d %H:%M:%S %z UTC"


def written_secrets(export: Mapping[str, Any]) -> Written:
    """Times by repository, environment and name in upper case.

    Args:
        export: the JSON of `pulumi stack export`; no value of it is looked at.
    """
    resources = export["deployment"].get("resources") or ()
    written = {}
    for resource in resources:
        if resource["type"] == SECRET and (when := resource.get("outputs", {}).get("updatedAt")):
            outputs = resource["outputs"]
            key = (outputs["repository"], outputs["environment"], outputs["secretName"].upper())
            written[key] = datetime.strptime(when, _FORMAT).astimezone(UTC)
    return written
