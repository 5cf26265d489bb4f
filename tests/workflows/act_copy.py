"""The copy of a workflow that act reads: with a witness job, and without features that act lacks.

The witness is one more job, which needs all others and writes down their results and outputs: act
logs neither. `strategy.job-index` is replaced by a value of the matrix. The jobs of a matrix run
one after the other: act's option `--concurrent-jobs` does not limit them, and jobs that fetch their
actions at the same time can crash act (see `act`).
"""

import itertools
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

WITNESS: Final = "sandbox-witness"
#: A dimension of the matrix that no workflow has.
INDEX: Final = "job-index"


def act_copy(workflow: Mapping[str, Any], needs: Path) -> dict[str, Any]:
    """Return the workflow for act.

    Args:
        workflow: as the repository has it.
        needs: file for the witness's JSON.
    """
    jobs = {name: _serial(_numbered(job)) for name, job in workflow["jobs"].items()}
    witness = {
        "needs": list(jobs),
        "if": "always()",
        "runs-on": "ubuntu-latest",
        "steps": [
            {
                "env": {"NEEDS": "${{ toJSON(needs) }}"},
                "run": f"printf '%s' \"$NEEDS\" > {shlex.quote(str(needs))}",
            }
        ],
    }
    return {**workflow, "jobs": {**jobs, WITNESS: witness}}


def _serial(job: Mapping[str, Any]) -> dict[str, Any]:
    """Let the jobs of a matrix run one after the other."""
    if "strategy" not in job:
        return dict(job)
    return {**job, "strategy": {**job["strategy"], "max-parallel": 1}}


def _numbered(job: Mapping[str, Any]) -> dict[str, Any]:
    """Add the job's index in the matrix as a value of the matrix."""
    matrix = job.get("strategy", {}).get("matrix", {})
    if "strategy.job-index" not in str(job["steps"]):
        return dict(job)
    if not matrix or {"include", "exclude"} & set(matrix):
        raise NotImplementedError("strategy.job-index without a matrix of plain dimensions")
    combinations = [
        dict(zip(matrix, values, strict=True)) for values in itertools.product(*matrix.values())
    ]
    numbered = [one | {INDEX: index} for index, one in enumerate(combinations)]
    steps = _replaced(job["steps"])
    return {**job, "strategy": job["strategy"] | {"matrix": {"include": numbered}}, "steps": steps}


def _replaced(value: Any) -> Any:
    """Replace the expression's name everywhere in the steps."""
    if isinstance(value, str):
        return re.sub(r"\bstrategy\.job-index\b", f"matrix.{INDEX}", value)
    if isinstance(value, Mapping):
        return {key: _replaced(one) for key, one in value.items()}
    return [_replaced(one) for one in value] if isinstance(value, list) else value
