"""List the changes that the first `up` makes, after everything that exists is in Pulumi's state.

The list is built on the comparison of `slipway drift`: `up` makes each difference's change in the
opposite direction. Two kinds of changes are added: the parts of a missing object, for which that
comparison has one finding, and what the provider writes again because an import cannot read it
(measured with pulumi-github 6.15). Files that arrive by pull request are changes of slipway's own
branch and of the request (`requested`), not of the target. Differences that only a person can
repair are no changes: see `left_in_place`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from components.documents.delivery import blob_id
from components.documents.role import role_description, role_policies
from components.documents.role_trust import role_trust
from components.model.stack import Stack
from components.objects import kinds
from components.objects.desired import Desired, desired
from components.objects.kind import Place
from components.objects.rules import ADDED
from operations.adoption.change import Act, Change
from operations.adoption.requested import request_changes
from operations.diff.compare import compare
from operations.diff.finding import Direction, Finding, Repair
from operations.diff.iam import policies
from operations.live.observed import Observed, ObservedRepository

#: Rules of missing objects: `up` creates them.
_MISSING: Final = {kind.missing for kind in kinds.KINDS if kind.missing}
_NO_FILES: Final[Mapping[Place, str]] = MappingProxyType({})
#: Rules that give no change of their own: a workflow's name is a part of its content.
_IGNORED: Final = ADDED | {"workflow/name"}
_POLICIES: Final = (kinds.BRANCH_POLICY, kinds.TAG_POLICY)


def changes(
    stack: Stack,
    observed: Observed,
    written: Collection[Place] = (),
    contents: Mapping[Place, str] = _NO_FILES,
) -> list[Change]:
    """Every change and addition, sorted.

    Args:
        stack: the repositories to adopt, resolved.
        observed: the live world, in which every repository exists.
        written: places that an earlier `up` has written, so that the next one does not rewrite
            them.
        contents: of each workflow file that Pulumi's state has.
    """
    # Lists of policies have no change of their own: each policy has one.
    wanted = [one for one in desired(stack, observed.repositories) if not one.key.kind.lists]
    within: dict[Place, list[Desired]] = defaultdict(list)
    for one in wanted:
        within[one.place].append(one)
        if one.key.parent:
            within[one.repository, one.key.parent].append(one)
    found = {
        Change(*one.place, *text, Direction.NEUTRAL, Act.REWRITE)
        for one in wanted
        if (live := observed.repositories.get(one.repository)) and (text := _rewritten(one, live))
    }
    deliveries = {name: one.by_pull_request for name, one in observed.repositories.items() if one}
    for finding in compare(stack, observed):
        requested = _arrives(finding, deliveries.get(finding.repository, {}))
        if finding.repair is not Repair.HAND and finding.rule not in _IGNORED and not requested:
            found |= set(_from_finding(finding, within[finding.place], observed))
    found |= set(request_changes(wanted, deliveries, contents))
    found |= set(_of_roles(stack, observed))
    return sorted(
        change
        for change in found
        if change.act is not Act.REWRITE or (change.repository, change.object) not in written
    )


def _arrives(finding: Finding, deliveries: Collection[str]) -> bool:
    """True if a file's difference ends with the merge of a pull request, not with `up`."""
    key = finding.object
    return key.kind is kinds.WORKFLOW and key["branch"] in deliveries


def _from_finding(
    finding: Finding, wanted: Sequence[Desired], observed: Observed
) -> Iterator[Change]:
    """The changes of a finding; `wanted` are its object and the objects in it, as declared."""
    missing = finding.rule in _MISSING
    if finding.rule == "environment/branch_policy":
        patterns = [one for one in wanted if one.key.kind in _POLICIES]
        yield from _created(patterns, finding.repaired)
    elif missing and any(one.key != finding.object for one in wanted):
        # A missing environment protects nothing, so it and its policies are stronger.
        yield from _created(wanted, Direction.STRONGER)
        return
    before, after = finding.live, finding.declared
    if finding.rule == "workflow/content" and (live := observed.repositories[finding.repository]):
        # The finding counts the lines in the opposite direction, so its text is not used.
        there = live.workflows[finding.object["branch"]][finding.object["file"]]
        before, after = f"other content, blob {there.blob[:12]}", f"the standard's, {after}"
    yield Change(
        *finding.place,
        "" if missing else finding.field,
        "" if missing else before,
        (after or "there") if missing else after,
        finding.repaired,
        Act.CREATE if missing else Act.UPDATE,
    )


def _created(wanted: Iterable[Desired], direction: Direction) -> Iterator[Change]:
    for one in wanted:
        if not one.external:
            protects = one.key.kind in {kinds.ENVIRONMENT, *_POLICIES}
            way = direction if protects else Direction.NEUTRAL
            yield Change(*one.place, "", "", "there", way, Act.CREATE)


def _of_roles(stack: Stack, observed: Observed) -> Iterator[Change]:
    """Changes without a finding: descriptions, and policies that mean the same in another form."""
    for repository, name, account, role_name in stack.roles():
        live = observed.repositories[repository.name]
        role = observed.accounts[account].roles.get(role_name.lower())
        if live is None or role is None:
            continue
        key, of = kinds.ROLE.at(role_name), (stack.settings, repository, name)
        text = role_description(*of)
        if role.description != text:
            values = ("description", role.description, text)
            yield Change(repository.name, key, *values, Direction.NEUTRAL, Act.UPDATE)
        trust = role_trust(stack.settings, repository, name, live)
        documents = [(key, "trust", trust, role.trust)]
        for policy, document in role_policies(*of).items():
            if there := role.inline_policies.get(policy):
                policy_key = kinds.INLINE_POLICY.at(role_name, policy)
                documents.append((policy_key, "document", document, there))
        for object_, field, document, there in documents:
            if document != there and policies.compare(document, there) is None:
                values = (field, "the same in other words", "slipway's words")
                yield Change(repository.name, object_, *values, Direction.NEUTRAL, Act.REWRITE)


def _rewritten(one: Desired, live: ObservedRepository) -> tuple[str, str, str] | None:
    """Field, old and new value if `up` writes an existing object that may be as declared.

    An import cannot read the value, or a part of the object, so the first `up` writes it.
    """
    kind, key = one.key.kind, one.key
    in_environment = kind in (kinds.ENVIRONMENT, kinds.SECRET)
    environment = live.environments.get(key["environment"]) if in_environment else None
    if kind is kinds.WORKFLOW:
        there = live.workflows.get(key["branch"], {}).get(key["file"])
        # Files that a branch gets by pull request are imported and never written.
        committed = key["branch"] not in live.by_pull_request
        if committed and there and there.blob == blob_id(one.values["content"]):
            return "commit", "", "the same content, committed by slipway"
    elif environment and kind is kinds.SECRET:
        since = environment.secrets.get(key["name"])
        if since and not one.external:
            return "value", f"since {since:%Y-%m-%d %H:%M} UTC", "the declaration's"
    elif environment and not environment.reviewers:
        # GitHub tells this rule only if there are reviewers.
        return "prevent_self_review", "", str(one.values["prevent_self_review"]).lower()
    return None
