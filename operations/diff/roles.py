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
    """The role of one environment as it should be, and whose it is."""

    repository: str
    environment: EnvironmentName
    name: str
    path: str
    provider_arn: str
    trust: Mapping[str, Any]
    inline_policies: Mapping[str, Mapping[str, Any]]
    managed_policies: frozenset[str]
    permissions_boundary: str | None
    max_session_seconds: int
    tags: Mapping[str, str]
    former_subjects: frozenset[str]
    """Subjects, without ids and in lower case, of jobs under the repository's former names."""
    given_up_subject: str | None
    """The same under the declared name, where the repository has another one now."""
    repository_created: datetime | None
    """When the repository was made that has its name now (UTC)."""
    unmanaged: Unmanaged
    """What somebody else attaches."""

    @classmethod
    def of(
        cls,
        settings: StackSettings,
        repository: Repository,
        environment: EnvironmentName,
        live: ObservedRepository,
    ) -> "DeclaredRole":
        """The role of a repository's environment, for the subjects GitHub sends now."""
        declared = repository.environment(environment).role
        full_name = f"{settings.owner}/{repository.name}".lower()
        moved = live.full_name.lower() != full_name
        return cls(
            repository.name,
            environment,
            repository.role_name(settings.owner, environment),
            declared.path,
            settings.account(environment).oidc_provider_arn,
            role_trust(settings, environment, live.subject_prefix),
            role_policies(settings, repository, environment),
            frozenset(declared.managed_policies),
            declared.permissions_boundary,
            declared.max_session_seconds,
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
    """What differs in one role; `live` is None where the account has none of that name."""
    key = kinds.ROLE.at(declared.name)
    found = partial(Finding, declared.repository, key)
    if live is None:
        yield found("", "there", "", Direction.NEUTRAL, Repair.UP, key.kind.missing)
        return
    yield from field_findings(declared.repository, key, declared, live)
    yield from _trust(declared, live)
    if declared.path != live.path:
        text = ("path", declared.path, live.path)
        yield found(*text, Direction.NEUTRAL, Repair.UP, "role/path")
    if declared.permissions_boundary != live.permissions_boundary:
        direction = Direction.WEAKER if declared.permissions_boundary else Direction.STRONGER
        boundaries = (declared.permissions_boundary or "", live.permissions_boundary or "")
        # What a boundary says is not known: another one may cap more here and less there.
        rule, both = "role/permissions_boundary", all(boundaries)
        yield found("permissions_boundary", *boundaries, direction, Repair.UP, rule, both_ways=both)
    # Tags whose names begin with aws: are AWS's own.
    tags = {key: value for key, value in live.tags.items() if not key.startswith("aws:")}
    if declared.tags != tags:
        text = ("tags", _mapping(declared.tags), _mapping(tags))
        yield found(*text, Direction.NEUTRAL, Repair.UP, "role/tags")
    yield from _inline_policies(declared, live)
    for arn in sorted(declared.managed_policies ^ live.managed_policies):
        policy = kinds.MANAGED_POLICY.at(declared.name, arn)
        attached = partial(Finding, declared.repository, policy, "")
        if arn in declared.managed_policies:
            rule = policy.kind.missing
            yield attached("attached", "", Direction.STRONGER, Repair.UP, rule)
        elif not is_one_of(arn, declared.unmanaged.role_policies):
            rule = policy.kind.extra
            removal = _removal(others=declared.unmanaged.managed_policies)
            yield attached("", "attached", Direction.WEAKER, removal, rule)


def _trust(declared: DeclaredRole, live: ObservedRole) -> Iterator[Finding]:
    direction = policies.compare(declared.trust, live.trust)
    if direction is None:
        return
    found = partial(Finding, declared.repository, kinds.ROLE.at(declared.name))
    wanted, admitted = _subject(declared.trust), _subject(live.trust)
    if admitted and policies.compare(trust_policy(declared.provider_arn, admitted), live.trust):
        admitted = None
    if admitted and trusts_given_up_name(declared, live):
        return  # that the repository has another name says it, once
    former = admitted and _IDS.sub("", admitted).lower() in declared.former_subjects
    same = wanted and admitted and (former or _IDS.sub("", wanted) == _IDS.sub("", admitted))
    if wanted and admitted and same and _is_successor(declared, live, wanted, admitted):
        # Whoever makes a repository of a name that was given up would come into its role.
        text = ("trust", wanted, admitted)
        yield found(*text, Direction.WEAKER, Repair.UP, "role/other_repository")
    elif wanted and admitted and same:
        # The same job under another form of its name, or a declared former one: GitHub sends one,
        # AWS expects the other. A name that was given up anybody may take.
        same_ids = set(_IDS.findall(admitted)) == set(_IDS.findall(wanted)) != set()
        free = former and not same_ids
        text = ("trust", wanted, admitted)
        direction = Direction.WEAKER if free else Direction.NEUTRAL
        yield found(*text, direction, Repair.UP, "role/subject")
    else:
        text = ("trust", *policies.differences(declared.trust, live.trust, brief=True))
        if narrowed := _narrowed(declared, live):
            text = ("trust", *narrowed)
        both = narrowed is None and policies.goes_both_ways(declared.trust, live.trust)
        yield found(*text, direction, Repair.UP, "role/trust", both_ways=both)


def trusts_given_up_name(declared: DeclaredRole, live: ObservedRole) -> bool:
    """Whether a role trusts the declared name of a repository that has another one now.

    With the id of another repository it is that one's.
    """
    wanted, admitted = _subject(declared.trust), _subject(live.trust)
    if not admitted or _IDS.sub("", admitted).lower() != declared.given_up_subject:
        return False
    ids = [_IDS.findall(one or "")[-1:] for one in (wanted, admitted)]
    return ids[0] == ids[1] or not all(ids)


def is_open_to_others(declared: DeclaredRole, live: ObservedRole) -> bool:
    """Whether who takes the name that the repository has given up comes into its role."""
    return trusts_given_up_name(declared, live) and not _IDS.search(_subject(live.trust) or "")


def _narrowed(declared: DeclaredRole, live: ObservedRole) -> tuple[str, str] | None:
    """Both sides in words where the declared subject is one of the live ones but for its ids.

    A pattern such as `repo:acme/x:*` is from before GitHub sent ids. By its letters it admits
    nothing of a repository with ids; by its meaning every job of the repository, so that the one
    subject is less. Another repository that took the name is meant by neither.
    """
    wanted = _subject(declared.trust)
    if not wanted or not _IDS.search(wanted) or _is_successor(declared, live, wanted, ""):
        return None
    if not policies.goes_both_ways(declared.trust, live.trust):
        return None
    bare = json.loads(json.dumps(declared.trust).replace(wanted, _IDS.sub("", wanted)))
    if policies.compare(live.trust, bare) is not Direction.STRONGER:
        return None
    _, admitted = policies.differences(bare, live.trust, brief=True)
    return f"{wanted} alone, with the ids that GitHub sends", admitted


def _is_successor(declared: DeclaredRole, live: ObservedRole, wanted: str, admitted: str) -> bool:
    """Whether the name is another repository's now than the one that the role trusts.

    Ids outlive names. A subject without ids was a repository's that is older than its role.
    """
    ids, before = _IDS.findall(wanted), _IDS.findall(admitted)
    if ids and before:
        return ids != before
    made = declared.repository_created
    return bool(ids and made and live.created and made > live.created)


def _subject(trust: Mapping[str, Any]) -> str | None:
    """The one subject that a trust policy of slipway's own shape admits, else None."""
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
        wanted, there = declared.inline_policies.get(name), live.inline_policies.get(name)
        # A policy may deny: who takes it off lets more happen.
        direction = policies.compare(wanted or {}, there or {})
        both = policies.goes_both_ways(wanted or {}, there or {})
        text = policies.differences(wanted or {}, there or {})
        way = direction or Direction.NEUTRAL
        if there is None:
            yield found("", *text, way, Repair.UP, key.kind.missing, both_ways=both)
        elif wanted is None:
            removal = _removal(others=declared.unmanaged.inline_policies)
            yield found("", *text, way, removal, key.kind.extra, both_ways=both)
        elif direction:
            rule = "role/inline_policy"
            yield found("document", *text, direction, Repair.UP, rule, both_ways=both)


def _removal(*, others: bool) -> Repair:
    """Who removes a policy that was added: with others' policies in it, no role is exclusive."""
    return Repair.HAND if others else Repair.UP


def _mapping(tags: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(tags.items()))
