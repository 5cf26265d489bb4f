"""Let Pulumi write a stack's state once, at the end of a run, and not around each step.

A self-managed backend (file, S3, PostgreSQL) has no log of single steps: the engine serializes and
writes the whole state before and after each one (pulumi 3.256, pkg/backend/snapshot.go), so that a
first run costs the square of its resources. With `PULUMI_SKIP_CHECKPOINTS` it writes the same state
when the run ends, also if the run fails or is interrupted by a signal. Only a killed engine leaves
the state as it was before: the next `slipway up` finds the objects that it made on GitHub and in
AWS (`operations.adoption.found_again`). docs/performance.md has the figures.

Deliberately absent: plain `pulumi up`, which nobody repairs after a kill, so it keeps its writes.
"""

import os
from typing import Final

#: Documented in Pulumi's source only (sdk/go/common/env/env.go).
VARIABLE: Final = "PULUMI_SKIP_CHECKPOINTS"


def written_at_the_end() -> dict[str, str]:
    """The environment of such a run; empty if the user has set the variable, to whatever value."""
    return {} if VARIABLE in os.environ else {VARIABLE: "true"}
