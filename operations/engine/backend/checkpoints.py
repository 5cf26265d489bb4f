"""Let Pulumi write a stack's state once, at the end of a run, and not around each step.

A self-managed backend (file, S3, PostgreSQL) has no log of single steps: the engine serializes and
writes the whole state before and after each one (pulumi 3.256, pkg/backend/snapshot.go), so that a
first run costs the square of its resources. With `PULUMI_SKIP_CHECKPOINTS` it writes the same state
when the run ends, also if the run fails or a signal interrupts it. Only a killed engine leaves the
state as it was before. The next `slipway up` finds the objects that it made on GitHub and in AWS
(`operations.adoption.found_again`). docs/performance.md has the figures.

Such a state does not tell that slipway made an environment. So a tag of the stack has the time of
the last run that made one. It is not in the state, whose writes take the stack's lock.

A run that replaces or renames keeps the writes, and so does one of a user who wants them.
Deliberately absent: plain `pulumi up`. It does not find objects again, so it keeps its writes.
"""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from components.objects.kinds import ENVIRONMENT
from operations.engine.process import pulumi, pulumi_json
from operations.engine.steps import Step
from operations.live.answers import read_time

#: Documented in Pulumi's source only (sdk/go/common/env/env.go).
VARIABLE: Final = "PULUMI_SKIP_CHECKPOINTS"
#: The stack's tag: when the last `slipway up` began that was to create an environment.
TAG: Final = "slipway:creating-since"


def written_at_the_end(plan: Mapping[str, Any]) -> dict[str, str]:
    """The environment of a run that writes the state once.

    Args:
        plan: the preview's JSON.

    Returns:
        An empty one if the user has set the variable, to whatever value, or if the plan replaces
        resources or renames them in the state: after a kill, the former names in the state would
        hide what the run has made.
    """
    if VARIABLE in os.environ or any(map(_moves, plan["steps"])):
        return {}
    return {VARIABLE: "true"}


def _moves(step: Mapping[str, Any]) -> bool:
    former = (step.get("oldState") or {}).get("urn", step["urn"])
    return former != step["urn"] or "replace" in step["op"]


def note_beginning(stack: str, steps: Iterable[Step]) -> None:
    """Tag a stack with the present time if a run is about to create environments.

    Raises:
        ConfigurationError: Pulumi fails.
    """
    if any(step.op == "create" and step.type == ENVIRONMENT.type for step in steps):
        now = datetime.now(UTC).isoformat(timespec="seconds")
        pulumi("stack", "tag", "set", TAG, now, "--stack", stack)


def last_beginning(stack: str) -> datetime | None:
    """The time of the tag; None without a tag.

    Raises:
        ConfigurationError: Pulumi fails.
    """
    tags = pulumi_json("stack", "tag", "ls", "--json", "--stack", stack)
    return read_time(tags[TAG]) if TAG in tags else None
