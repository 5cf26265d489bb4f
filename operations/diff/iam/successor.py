"""Find out whether a role trusts another repository than the one that has the name now.

Ids stay the same when names change. A subject without ids is judged by time: the repository that
the role trusts is older than the role. Deliberately absent: patterns, and subjects of templates
that have no name.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

IDS: Final = re.compile(r"@\d+")
Age = tuple[datetime | None, datetime | None]
"""When the repository that has the name now, and the role, were created (UTC)."""


def of_another(sent: str, admitted: Sequence[str], former: Collection[str], age: Age) -> str | None:
    """The first admitted subject of another repository that had the name; None without one.

    A role that admits this repository by its ids as well is this one's, whatever else it admits.

    Args:
        sent: the subject that GitHub sends now.
        admitted: the subjects that a role admits: several before a planned move, for example.
        former: subjects under declared former names, in lower case and without ids.
        age: of repository and role.
    """
    ids = IDS.findall(sent)
    if ids and any(IDS.findall(one) == ids for one in admitted):
        return None
    for one in admitted:
        name = without_ids(one)
        same = name.lower() in former or name == without_ids(sent)
        if same and is_successor(sent, one, age):
            return one
    return None


def is_successor(sent: str, admitted: str, age: Age) -> bool:
    """True if the repository that has the name now is not the trusted one."""
    ids, before = IDS.findall(sent), IDS.findall(admitted)
    if ids and before:
        return bool(ids != before)
    created, made = age
    return bool(ids and created and made and created > made)


def without_ids(subject: str) -> str:
    """The subject with names alone."""
    return IDS.sub("", subject)
