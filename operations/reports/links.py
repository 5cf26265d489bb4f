"""Addresses of the pages on GitHub and in AWS's console where a finding's object is.

Every part of an address is percent-encoded. Deliberately absent: the account of a console's page,
which shows the account that the browser is signed in to; and pages of the isolated partitions of
AWS, whose addresses no public document has.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from components.model.stack import Stack
from components.objects import kinds
from components.objects.kind import Key, Place
from operations.diff.finding import Finding
from operations.live.observed import Observed, ObservedRepository

#: Hosts of AWS's consoles by partition (docs.aws.amazon.com: sign-in endpoints of IAM).
_CONSOLES: Final = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
    "aws-eusc": "console.amazonaws-eusc.eu",
}
#: A web page's address: host, and path.
_ADDRESS: Final = re.compile(r"(https?://[A-Za-z0-9.-]+(?::[0-9]+)?)(/.*)")
#: Pages of the settings by the field of a repository.
_SETTINGS: Final = {
    "archived": "/settings",
    "default branch": "/settings",
    "other environments": "/settings/environments",
    "visibility": "/settings",
}
_IN_ROLE: Final = (
    kinds.ROLE,
    kinds.INLINE_POLICY,
    kinds.MANAGED_POLICY,
    kinds.INLINE_POLICY_LIST,
    kinds.MANAGED_POLICY_LIST,
)


@dataclass(frozen=True)
class _World:
    stack: Stack
    observed: Observed | None

    def live(self, repository: str) -> ObservedRepository | None:
        return self.observed.repositories.get(repository) if self.observed else None


def links(
    stack: Stack, observed: Observed | None, findings: Collection[Finding]
) -> dict[tuple[Place, str], str]:
    """The page of each finding's object, by place and field; absent where there is none.

    Args:
        stack: the declaration.
        observed: the live world; None if it could not be read.
        findings: of the stack.
    """
    world = _World(stack, observed)
    found = {(one.place, one.field): _page(world, one) for one in findings}
    # One row may stand for all objects of a repository.
    for repository in {one.repository for one in findings} - {""}:
        found.setdefault(((repository, kinds.REPOSITORY.at()), ""), _home(world, repository))
    return {place: url for place, url in found.items() if url}


def _page(world: _World, finding: Finding) -> str:
    key = finding.object
    if key.kind in _IN_ROLE:
        return _role(_partition_of_role(world.stack, key["role"]), key["role"])
    if key.kind is kinds.OTHER_ROLE:
        return _role(_partitions(world.stack).get(key["account"], ""), key["role"])
    if key.kind is kinds.OIDC_PROVIDER:
        return _provider(world.stack, key["account"])
    if not finding.repository:
        return ""
    return _on_github(world, finding, _home(world, finding.repository))


def _on_github(world: _World, finding: Finding, home: str) -> str:
    key, live = finding.object, world.live(finding.repository)
    missing = bool(finding.rule) and finding.rule == key.kind.missing
    if "environment" in key.kind.parts:
        # Its variables and secrets are on the same page.
        return home + _environment(key, live)
    if key.kind is kinds.PULL_REQUEST:
        return home + _pull_request(key, live, home)
    if key.kind in (kinds.BRANCH, kinds.WORKFLOW):
        return home + _in_branch(key, finding.field, missing=missing)
    if missing:
        return home.rpartition("/")[0]
    return home + _SETTINGS.get(finding.field, "")


def _environment(key: Key, live: ObservedRepository | None) -> str:
    there = live.environments.get(key["environment"].lower()) if live else None
    own = "" if there is None or there.id is None else f"/{there.id}/edit"
    return f"/settings/environments{own}"


def _pull_request(key: Key, live: ObservedRepository | None, home: str) -> str:
    delivery = live.by_pull_request.get(key["branch"]) if live else None
    number = delivery.url.removeprefix(f"{home}/pull/") if delivery else ""
    return f"/pull/{number}" if re.fullmatch("[0-9]+", number) else "/pulls"


def _in_branch(key: Key, field: str, *, missing: bool) -> str:
    # A tag has that word before its name, and no branch's name has a space.
    ref = _path(key["branch"].removeprefix("tag "))
    if key.kind is kinds.WORKFLOW:
        file = f"/.github/workflows/{_part(key['file'])}"
        return f"/tree/{ref}" if missing else f"/blob/{ref}{file}"
    if field == "protection":
        return f"/rules?ref={_part('refs/heads/' + key['branch'])}"
    return "/branches" if missing else f"/tree/{ref}"


def _home(world: _World, repository: str) -> str:
    """The repository's page: as GitHub tells it, if that is an address, else as declared."""
    live = world.live(repository)
    if live and (told := _ADDRESS.fullmatch(live.html_url)):
        return told[1] + _path(told[2])
    settings = world.stack.settings
    return f"https://{settings.github.host}/{_part(settings.owner)}/{_part(repository)}"


def _partitions(stack: Stack) -> Mapping[str, str]:
    """The partition of each account, by account id."""
    return {one.account_id: one.partition for _, one in stack.settings.distinct_accounts()}


def _partition_of_role(stack: Stack, role: str) -> str:
    """The partition of a declared role's account; of another role's, if there is only one."""
    known = _partitions(stack)
    for _, _, account, name in stack.roles():
        if name.lower() == role.lower():
            return known[account]
    several = set(known.values())
    return several.pop() if len(several) == 1 else ""


def _role(partition: str, role: str) -> str:
    host = _CONSOLES.get(partition)
    return f"https://{host}/iam/home#/roles/details/{_part(role)}" if host else ""


def _provider(stack: Stack, account_id: str) -> str:
    for _, account in stack.settings.distinct_accounts():
        if account.account_id == account_id and (host := _CONSOLES.get(account.partition)):
            arn = _part(account.oidc_provider_arn)
            return f"https://{host}/iam/home#/identity_providers/details/OPENID/{arn}"
    return ""


def _part(text: str) -> str:
    return quote(text, safe="", errors="replace")


def _path(text: str) -> str:
    return quote(text, safe="/", errors="replace")
