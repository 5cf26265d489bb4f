"""Write the text of a new `_stack.yaml`, with comments for the engineers who will edit it.

Its values have passed the model. Deliberately absent: defaults and tags, which no look at GitHub
or AWS can tell; a comment shows the usual ones.
"""

from collections.abc import Mapping
from typing import Final

from components.model.stack import Account, StackSettings
from components.model.types import ENVIRONMENTS

_TOP: Final = """\
# yaml-language-server: $schema=../schema/stack.json
# The repositories of one owner, and the AWS account of each environment. Made by `slipway init`,
# from now on yours. Each repository has a file of its own beside this one: `repository: NAME`.
"""
_PLAN: Final = """\
# The owner's plan, if GitHub does not tell it to the token: enterprise, team, pro or free.
# plan: enterprise
"""
_ROLE: Final = (
    "Role that slipway itself assumes; `slipway rights {stack} --out DIR` writes its policies."
)
_NO_ROLE: Final = (
    "slipway uses the caller's own credentials here; with `assume_role: ARN` it assumes a role."
)
_PROVIDER: Final = {
    "foreign": "The account has GitHub's OIDC provider already: AWS allows one.",
    "own": "This stack made the account's OIDC provider of GitHub (`oidc_provider: create`).",
    "absent": "The account has no OIDC provider of GitHub yet: this stack creates it.",
    "unknown": "Nobody could look whether GitHub's OIDC provider is there: if it is, write it so.",
}
_DEFAULTS: Final = """\
# What every repository inherits. A repository's file says only what it wants otherwise.
# defaults:
#   environments:
#     prod:
#       reviewers: {teams: [platform]}
#       wait_minutes: 10

# Tags of every AWS resource.
# tags: {cost-center: "4711"}
"""


def settings_text(
    stack: str, settings: StackSettings, providers: Mapping[str, str], *, plan_is_told: bool
) -> str:
    """The whole file.

    Args:
        stack: name of the stack.
        settings: the values.
        providers: by account id what is known of GitHub's OIDC provider: `absent`, `own`,
            `foreign`, or a sentence of its own; a missing account could not be asked.
        plan_is_told: whether GitHub tells the owner's plan to the token.
    """
    text = f"{_TOP}owner: {settings.owner}\n"
    if settings.github.form != "github.com":
        text += f"github: {{host: {settings.github.host}}}\n"
    if not plan_is_told and not settings.github.is_enterprise:
        text += _PLAN
    text += "\naccounts:\n"
    explained: set[str] = set()
    for name in ENVIRONMENTS:
        account = settings.account(name)
        found = providers.get(account.account_id, "unknown")
        lines = _account(account, stack, _PROVIDER.get(found, found))
        # A comment is written only once, at the first account that it is about.
        shown = [one for one in lines if not one.startswith("#") or one not in explained]
        explained.update(one for one in lines if one.startswith("#"))
        text += "".join(f"  {line}\n" for line in (f"{name}:", *(f"  {one}" for one in shown)))
    return f"{text}\n{_DEFAULTS}"


def _account(account: Account, stack: str, provider: str) -> list[str]:
    lines = [f'account_id: "{account.account_id}"', f"region: {account.region}"]
    if account.assume_role:
        lines += [f"# {_ROLE.format(stack=stack)}", f"assume_role: {account.assume_role}"]
    else:
        lines.append(f"# {_NO_ROLE}")
    lines.append(f"# {provider}")
    if account.oidc_provider == "existing":
        lines.append("oidc_provider: existing")
    elif provider == _PROVIDER["unknown"]:
        lines.append("# oidc_provider: existing")
    return lines
