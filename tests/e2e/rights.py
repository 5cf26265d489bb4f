"""The rights that slipway needs: those of GitHub are documented, `slipway rights` prints AWS's."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sandbox.home import PROJECT

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

#: Rights in AWS for `up` that these runs do not use, and the command or client that uses them.
UNCALLED: Final = {
    "iam:GetAccountSummary": "slipway validate --live",
    "iam:GetPolicy": "the same, if a policy or a boundary is declared",
    "iam:ListInstanceProfilesForRole": "Pulumi's AWS provider, before it deletes a role",
    "iam:UpdateRoleDescription": "the same, for a description; the sandbox's has UpdateRole for it",
    "iam:UntagOpenIDConnectProvider": "where a stack gives up one of its tags",
}
#: Actions that delete a role and a provider.
ENDING: Final = {"iam:DeleteOpenIDConnectProvider", "iam:DeleteRole"}
_SLIPWAY: Final = "slipway"
_LIST = re.compile(
    r"epository permissions: (?P<write>[^.;]*?) to write, (?P<read>[^.;]*?) to read; "
    r"organisation permission: (?P<members>\w+) to read"
)


def documented(file: str) -> dict[str, str]:
    """`read` or `write` by permission, from the one sentence of a file that lists them."""
    text = " ".join((PROJECT / file).read_text(encoding="utf-8").split())
    (found,) = _LIST.finditer(text)
    rights = dict.fromkeys(re.split(r", | and ", found["write"]), "write")
    return rights | dict.fromkeys([*re.split(r", | and ", found["read"]), found["members"]], "read")


def least_rights(project: "Project", stack: str) -> dict[str, dict[str, Any]]:
    """Let slipway's role in each account do what `slipway rights` says and no more.

    Returns:
        The policy of each account for `up`.
    """
    out = project.folder.parent / "rights" / stack
    written = project.slipway("rights", stack, "--out", str(out)).stdout.splitlines()
    given: dict[str, dict[str, Any]] = {}
    for path in map(Path, written):
        if path.name == "up.json":
            text, account = path.read_text(encoding="utf-8"), path.parent.name
            iam = project.world.iam(account)
            iam.put_role_policy(RoleName=_SLIPWAY, PolicyName="onboard", PolicyDocument=text)
            given[account] = json.loads(text)
    project.world.aws("POST", "requests/reset")
    return given


def called(project: "Project") -> dict[str, Sequence[int]]:
    """Statuses of the answers to slipway's role, by action, since the rights were given."""
    found: dict[str, Sequence[int]] = project.world.aws("GET", "requests")["roles"][_SLIPWAY]
    return found


def granted(policies: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Every action that some account's policy allows."""
    return {
        action
        for policy in policies.values()
        for statement in policy["Statement"]
        if statement["Effect"] == "Allow"
        for action in statement["Action"]
    }


def refused(seen: Mapping[str, Sequence[int]]) -> set[str]:
    """Actions that AWS refused at least once because a right was missing."""
    return {action for action, statuses in seen.items() if 403 in statuses}
