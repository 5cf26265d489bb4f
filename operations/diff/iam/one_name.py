"""Write a trust of one repository as if the repository always had its present name.

A statement that compares `repository_id` admits the tokens of one repository, whatever it is called
and whoever owns it. So former and planned names beside the id admit no other repository's job.
Deliberately absent: patterns, which are compared as they are.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.diff.iam.statements import listed

_SUBJECT: Final = re.compile(r"^repo:[^/:]+/[^:]+(?=:)")
_FILE: Final = re.compile(r"^[^/]+/[^/]+(?=/\.github/workflows/)")


@dataclass(frozen=True)
class PresentName:
    """The repository as GitHub shows it now, and the subject of its jobs."""

    full_name: str
    id: int
    sent_subject: str


def under_one_name(
    trust: Mapping[str, Any], now: PresentName, given_up: Collection[str]
) -> dict[str, Any]:
    """The policy with the present name in the statements that compare the repository's id.

    Args:
        trust: a trust policy.
        now: the repository.
        given_up: subjects with a name that the repository had, in any statement; the subject that
            GitHub sends now takes their place.
    """
    statements = json.loads(json.dumps(listed(trust.get("Statement", ()))))
    for one in statements:
        compared = one.get("Condition", {}).get("StringEquals", {})
        known = any(
            key.endswith(":repository_id") and listed(value) == [str(now.id)]
            for key, value in compared.items()
        )
        for key, values in compared.items():
            claim = key.rpartition(":")[2]
            present = (now.sent_subject if one in given_up else one for one in listed(values))
            compared[key] = sorted({*(_renamed(claim, present, now) if known else present)})
    return {**trust, "Statement": statements}


def _renamed(claim: str, values: Iterator[str], now: PresentName) -> Iterator[str]:
    for value in values:
        if claim == "sub":
            yield _SUBJECT.sub(f"repo:{now.full_name}", value)
        elif claim == "job_workflow_ref":
            yield _FILE.sub(now.full_name, value)
        elif claim == "repository_owner_id":
            yield ""  # whoever the owner is: the repository's id is enough
        else:
            yield value
