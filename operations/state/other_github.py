"""Refuse a stack whose state describes objects of another GitHub than the declared one.

If `github.host` of an existing stack changes, a refresh would find nothing on the new GitHub and
forget the objects of the former one, which would stay there. The roles in the state tell which
GitHub they trust. Deliberately absent: plain `pulumi up`, whose program cannot read its own state.
"""

import re
from collections.abc import Iterator
from typing import Final

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from components.objects import kinds
from operations.engine.stack_state import Export, resources

#: The host of the issuer in the ARN of an OIDC provider.
_ISSUER: Final = re.compile(r":oidc-provider/([^/\"\\]+)")


def other_github(files: StackFiles, export: Export) -> list[Problem]:
    """A problem of the declaration if the state's roles trust another GitHub.

    A custom issuer policy changes the end of the issuer and not its host: that is the same GitHub.
    """
    github = files.stack.settings.github
    former = sorted(set(_issuers(export)) - {github.issuer.partition("/")[0]})
    if not former:
        return []
    text = (
        f"is {github.host}, and the roles in the state of {files.stack.name} trust {former[0]}: it "
        "describes objects of another GitHub, which would be forgotten and stay there. Restore the "
        "former host, and declare repositories that have moved in a stack of their own "
        "(docs/places.md)"
    )
    return [files.settings_document.problem(("github", "host"), text)]


def _issuers(export: Export) -> Iterator[str]:
    for resource in resources(export):
        if resource["type"] == kinds.ROLE.type:
            trust = resource.get("inputs", {}).get("assumeRolePolicy")
            yield from _ISSUER.findall(str(trust))
