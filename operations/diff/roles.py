"""Compare one IAM role as declared with what AWS has: trust, policies, boundary, session, tags."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from components.documents.role import role_policies, role_tags, role_trust
from components.documents.trust import subject, trust_policy
from components.model.repository import Repository
from components.model.role import Role
from components.model.stack import StackSettings
from components.model.types import EnvironmentName
from components.model.unmanaged import Unmanaged, is_one_of
from components.objects import kinds
from operations.diff.fields import field_findings
from operations.diff.finding import Direction, Finding, Repair
from operations.diff.iam import policies
from operations.live.observed import ObservedRepository, ObservedRole

_IDS: Final = re.compile(r"@\d+")


@dataclass(frozen=True)
class DeclaredRole:
    """The declared role of one environment, with facts to judge a live trust."""

    repository: str
    name: str
    role: Role
    provider_arn: str
    trust: Mapping[str, Any]
    inline_policies: Mapping[str, Mapping[str, Any]]
    tags: Mapping[str, str]
    former_subjects: frozenset[str]
    """Subjects of jobs under the repository's former names, in lower case and without ids."""
    given_up_subject: str | None
    """The subject under the declared name; None unless the repository was renamed on GitHub."""
    repository_created: datetime | None
    """Time at which the repository that has the name now was created (UTC)."""
    unmanaged: Unmanaged
    """Objects that other tools manage."""

    @classmethod
    def of(
        cls,
        settings: StackSettings,
        repository: Repository,
        environment: EnvironmentName,
        live: ObservedRepository,
    ) -> "DeclaredRole":
        """The role of a repository's environment; its trust has the subject that GitHub sends."""
        full_name = f"{settings.owner}/{repository.name}".lower()
        moved = live.full_name.lower() != full_name
        return cls(
            repository.name,
            repository.role_name(settings.owner, environment),
            repository.environment(environment).role,
            settings.account(environment).oidc_provider_arn,
            role_trust(settings, environment, live.subject_prefix),
            role_policies(settings, repository, environment),
            role_tags(settings, repository, environment),
            frozenset(
                subject(f"repo:{settings.owner}/{former}".lower(), environment)
                for former in repository.previously
            ),
            subject(f"repo:{full_name}", environment) if moved else None,
            live.created,
            repository.unmanaged,
        )


def role_findings(declared: DeclaredRole, live: ObservedRole | None) -> Iterator[Finding]:
    """All differences of one role; `live` is None if the account has no role of that name."""
    key, wanted = kinds.ROLE.at(declared.name), declared.role
    found = partial(Finding, declared.repository, key)
    if live is None:
        yield found("", "there", "", Direction.NEUTRAL, Repair.UP, key.kind.missing)
        return
    yield from field_findings(declared.repository, key, wanted, live)
    yield from _trust(declared, live)
    if wanted.path != live.path:
        yield found("path", wanted.path, live.path, Direction.NEUTRAL, Repair.UP, "role/path")
    if wanted.permissions_boundary != live.permissions_boundary:
        direction = Direction.WEAKER if wanted.permissions_boundary else Direction.STRONGER
        boundaries = (wanted.permissions_boundary or "", live.permissions_boundary or "")
        # The boundary's document is not read: another boundary may allow more or less.
        rule, both = "role/permissions_boundary", all(boundaries)
        yield found("permissions_boundary", *boundaries, direction, Repair.UP, rule, both_ways=both)
    # Tags whose names begin with aws: are AWS's own.
    tags = {key: value for key, value in live.tags.items() if not key.startswith("aws:")}
    if declared.tags != tags:
        text = ("tags", _mapping(declared.tags), _mapping(tags))
        yield found(*text, Direction.NEUTRAL, Repair.UP, "role/tags")
    yield from _inline_policies(declared, live)
    for arn in sorted(live.managed_policies.symmetric_difference(wanted.managed_policies)):
        policy = kinds.MANAGED_POLICY.at(declared.name, arn)
        attachment = partial(Finding, declared.repository, policy, "")
        if arn in wanted.managed_policies:
            yield attachment("attached", "", Direction.STRONGER, Repair.UP, policy.kind.missing)
        elif not is_one_of(arn, declared.unmanaged.role_policies):
            removal = _removal(others=declared.unmanaged.managed_policies)
            yield attachment("", "attached", Direction.WEAKER, removal, policy.kind.extra)


def _trust(declared: DeclaredRole, live: ObservedRole) -> Iterator[Finding]:
    direction = policies.compare(declared.trust, live.trust)
    if direction is None:
        return
    found = partial(Finding, declared.repository, kinds.ROLE.at(declared.name), "trust")
    wanted, admitted = _subject(declared.trust), _subject(live.trust)
    if admitted and policies.compare(trust_policy(declared.provider_arn, admitted), live.trust):
        admitted = None
    if admitted and trusts_given_up_name(declared, live):
        return  # the finding about the repository's new name covers it
    former = admitted and _without_ids(admitted).lower() in declared.former_subjects
    same = wanted and admitted and (former or _without_ids(wanted) == _without_ids(admitted))
    if wanted and admitted and same and _is_successor(declared, live, wanted, admitted):
        # The user who created a repository under the released name would get its role.
        yield found(wanted, admitted, Direction.WEAKER, Repair.UP, "role/other_repository")
    elif wanted and admitted and same:
        # GitHub sends one form of the subject and the trust policy expects another. A released name
        # can be registered by anyone, so a former name without ids is weaker.
        same_ids = set(_IDS.findall(admitted)) == set(_IDS.findall(wanted)) != set()
        direction = Direction.WEAKER if former and not same_ids else Direction.NEUTRAL
        yield found(wanted, admitted, direction, Repair.UP, "role/subject")
    else:
        narrowed = _narrowed(declared, live)
        text = narrowed or policies.differences(declared.trust, live.trust, brief=True)
        both = narrowed is None and policies.goes_both_ways(declared.trust, live.trust)
        yield found(*text, direction, Repair.UP, "role/trust", both_ways=both)


def trusts_given_up_name(declared: DeclaredRole, live: ObservedRole) -> bool:
    """True if a role trusts the declared name of a repository that was renamed on GitHub.

    False if the trusted subject has the id of another repository.
    """
    wanted, admitted = _subject(declared.trust), _subject(live.trust)
    if not admitted or _without_ids(admitted).lower() != declared.given_up_subject:
        return False
    ids = [_IDS.findall(one or "")[-1:] for one in (wanted, admitted)]
    return ids[0] == ids[1] or not all(ids)


def is_open_to_others(declared: DeclaredRole, live: ObservedRole) -> bool:
    """True if another repository that takes the released name could assume the role."""
    return trusts_given_up_name(declared, live) and not _IDS.search(_subject(live.trust) or "")


def _narrowed(declared: DeclaredRole, live: ObservedRole) -> tuple[str, str] | None:
    """Both values as text if the live trust admits the declared subject without its ids.

    A pattern such as `repo:acme/x:*` was written before GitHub sent ids. Literally it admits no
    subject with ids, but it was meant for every job of the repository, and the declared subject is
    one of these. None if another repository took the name: the pattern was not meant for it.
    """
    wanted = _subject(declared.trust)
    if not wanted or not _IDS.search(wanted) or _is_successor(declared, live, wanted, ""):
        return None
    if not policies.goes_both_ways(declared.trust, live.trust):
        return None
    bare = json.loads(json.dumps(declared.trust).replace(wanted, _without_ids(wanted)))
    if policies.compare(live.trust, bare) is not Direction.STRONGER:
        return None
    _, admitted = policies.differences(bare, live.trust, brief=True)
    return f"{wanted} alone, with the ids that GitHub sends", admitted


def _is_successor(declared: DeclaredRole, live: ObservedRole, wanted: str, admitted: str) -> bool:
    """True if another repository than the trusted one has the name now.

    Ids stay the same when names change. Without ids, the trusted repository is older than the role.
    """
    ids, before = _IDS.findall(wanted), _IDS.findall(admitted)
    if ids and before:
        return ids != before
    created = declared.repository_created
    return bool(ids and created and live.created and created > live.created)


def _without_ids(subject: str) -> str:
    return _IDS.sub("", subject)


def _subject(trust: Mapping[str, Any]) -> str | None:
    """The only subject that a trust policy of slipway's shape admits; None for another shape."""
    try:
        (statement,) = trust["Statement"]
        (subject,) = (
            value
            for key, value in statement["Condition"]["StringEquals"].items()
            if key.endswith(":sub")
        )
    except (KeyError, TypeError, ValueError):
        return None
    return subject if isinstance(subject, str) and not set("*?$") & set(subject) else None


def _inline_policies(declared: DeclaredRole, live: ObservedRole) -> Iterator[Finding]:
    for name in sorted(declared.inline_policies.keys() | live.inline_policies.keys()):
        if name not in declared.inline_policies and is_one_of(
            name, declared.unmanaged.role_policies
        ):
            continue
        key = kinds.INLINE_POLICY.at(declared.name, name)
        found = partial(Finding, declared.repository, key)
        both_documents = tuple(role.inline_policies.get(name, {}) for role in (declared, live))
        # A missing policy may be weaker as well: it may have denied something.
        direction = policies.compare(*both_documents)
        text = policies.differences(*both_documents)
        field, repair, rule = "", Repair.UP, key.kind.missing
        if name not in declared.inline_policies:
            repair, rule = _removal(others=declared.unmanaged.inline_policies), key.kind.extra
        elif name in live.inline_policies:
            field, rule = "document", "role/inline_policy"
        if direction or not field:
            both = policies.goes_both_ways(*both_documents)
            way = direction or Direction.NEUTRAL
            yield found(field, *text, way, repair, rule, both_ways=both)


def _removal(*, others: bool) -> Repair:
    """The command that removes an added policy: none if other tools' policies are unmanaged."""
    return Repair.HAND if others else Repair.UP


def _mapping(tags: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(tags.items()))
