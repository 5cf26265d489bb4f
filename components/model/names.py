"""Derived names, which are stable and never collide."""

import hashlib
from typing import Final

#: IAM's limit for a role name (IAM User Guide: IAM and STS quotas).
MAX_ROLE_NAME: Final = 64
_DIGITS: Final = 8


def role_name(owner: str, repository: str, environment: str) -> str:
    """The name of the role of one repository's environment, at most 64 characters.

    `OWNER.REPOSITORY-ENVIRONMENT` is unambiguous: an owner has no dot, an environment no hyphen. A
    longer name is cut and ends in `+` and a hash of the whole name, in lower case as IAM ignores
    case; no shorter name has a `+`.
    """
    name = f"{owner}.{repository}-{environment}"
    if len(name) <= MAX_ROLE_NAME:
        return name
    digest = hashlib.sha256(name.lower().encode()).hexdigest()[:_DIGITS]
    return f"{name[: MAX_ROLE_NAME - _DIGITS - 1]}+{digest}"
