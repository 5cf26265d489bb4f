"""Which claims a repository's subjects are made of, where that is not GitHub's default.

A repository that does not use the default has claims of its own, or, where it names none, its
organisation's (docs.github.com: OpenID Connect reference, customising the token claims). What names
repository and context comes to the default, whoever wrote it.
"""

from collections.abc import Mapping
from typing import Any, Final

from components.config.problems import ConfigurationError, ExitCode
from operations.live.github.api import GitHub

#: What subjects are made of unless somebody customised them.
_DEFAULT: Final = ("repo", "context")
#: Said in the place of claims that cannot be read.
_UNKNOWN: Final = ("those of the organisation, which this token may not read",)


def customised_claims(github: GitHub, owner: str, answer: Mapping[str, Any]) -> tuple[str, ...]:
    """The claims; empty for the default subject.

    Args:
        github: the session.
        owner: of the repository.
        answer: the repository's `actions/oidc/customization/sub`.

    Raises:
        ConfigurationError: GitHub is out of reach.
    """
    if answer.get("use_default") is not False:
        return ()
    claims = tuple(answer.get("include_claim_keys") or ()) or _of_organisation(github, owner)
    return () if claims == _DEFAULT else claims


def _of_organisation(github: GitHub, owner: str) -> tuple[str, ...]:
    try:
        found = github.get(f"orgs/{owner}/actions/oidc/customization/sub")
    except ConfigurationError as error:
        if error.exit_code is not ExitCode.AUTHENTICATION:
            raise
        return _UNKNOWN
    if found is not None:
        return tuple(found.get("include_claim_keys") or _DEFAULT)
    # A user has no template; an organisation's may be hidden.
    account = github.get(f"users/{owner}") or {}
    return _DEFAULT if account.get("type") == "User" else _UNKNOWN
