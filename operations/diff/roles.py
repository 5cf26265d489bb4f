"""Compare one IAM role as declared with what AWS has: trust, policies, boundary, session, tags."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from components.documents.job_claims import job_claims
from components.documents.role import role_policies, role_tags
from components.documents.role_trust import role_trust
from components.documents.subject import sent_subjects, subject, subjects
from components.model.next_name import after_move
from components.model.repository import Repository
from components.model.role import Role
from components.model.stack import StackSettings
from components.model.token_facts import TokenFacts
from components.model.trust import Form
from components.model.types import EnvironmentName
from components.model.unmanaged import Unmanaged, is_one_of
from components.objects import kinds
from operations.diff.fields import field_findings
from operations.diff.finding import Direction, Finding, Repair
from operations.diff.iam import policies
from operations.diff.iam.exact import exact_statements, only_subject
from operations.diff.iam.one_name import PresentName, under_one_name
from operations.diff.iam.statements import listed
from operations.diff.iam.successor import IDS, is_successor, of_another, without_ids
from operations.live.observed import ObservedRepository, ObservedRole


@dataclass(frozen=True)
class DeclaredRole:
    """The declared role of one environment, with facts to judge a live trust."""

    repository: str
    name: str
    role: Role
    provider_arn: str
    trust: Mapping[str, Any]
    present: PresentName
    """The repository as GitHub shows it now."""
    narrower: Mapping[str, Sequence[str]]
    """By value of a claim, others that only this repository has, under any name: with ids."""
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
        """The role of a repository's environment, with GitHub's facts about the repository."""
        full_name = f"{settings.owner}/{repository.name}".lower()
        moved = live.full_name.lower() != full_name
        return cls(
            repository.name,
            repository.role_name(settings.owner, environment),
            repository.environment(environment).role,
            settings.account(environment).oidc_provider_arn,
            role_trust(settings, repository, environment, live),
            PresentName(
                live.full_name,
                live.id,
                sent_subjects(repository, environment, live).values[0],
            ),
            _narrower(repository, environment, live),
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
    if policies.compare(declared.trust, live.trust) is None:
        return
    found = partial(Finding, declared.repository, kinds.ROLE.at(declared.name), "trust")
    wanted, admitted = (
        only_subject(trust, declared.provider_arn) for trust in (declared.trust, live.trust)
    )
    if _differs_in_names_only(declared, live):
        return  # the finding about the repository's new name covers it
    sent = declared.present.sent_subject
    if first := _of_another(declared, live):
        # The user who created a repository under the released name would get its role.
        yield found(wanted or sent, first, Direction.WEAKER, Repair.UP, "role/other_repository")
        return
    former = admitted and without_ids(admitted).lower() in declared.former_subjects
    same = admitted and (former or without_ids(sent) == without_ids(admitted))
    if wanted and admitted and same:
        # GitHub sends one form of the subject and the trust policy expects another. A released name
        # can be registered by anyone, so a former name without ids is weaker.
        same_ids = set(IDS.findall(admitted)) == set(IDS.findall(wanted)) != set()
        direction = Direction.WEAKER if former and not same_ids else Direction.NEUTRAL
        yield found(wanted, admitted, direction, Repair.UP, "role/subject")
    else:
        documents = (declared.trust, live.trust)
        if all(exact_statements(live.trust, declared.provider_arn)):
            documents = (
                _under_any_name(declared, declared.trust),
                _under_any_name(declared, live.trust),
            )
        narrowed = _narrowed(declared, live)
        text = narrowed or policies.differences(declared.trust, live.trust, brief=True)
        both = narrowed is None and policies.goes_both_ways(*documents)
        direction = policies.compare(*documents) or Direction.NEUTRAL
        yield found(*text, direction, Repair.UP, "role/trust", both_ways=both)


def _narrower(
    repository: Repository, environment: EnvironmentName, live: ObservedRepository
) -> dict[str, list[str]]:
    """By value, the values that admit nothing more beside it: this repository's, with its ids."""
    moved = after_move(repository.next_name, live)
    forms: list[tuple[Form, TokenFacts]] = [("classic", live), ("immutable", live)]
    forms += [("auto", moved)] if moved else []
    values = (subjects(repository, environment, facts, form).values for form, facts in forms)
    rows: list[tuple[str, ...]] = [*zip(*values, strict=True)]
    if moved:
        now, then = (job_claims(repository, environment, one) for one in (live, moved))
        for claim in ("repository_owner_id", "job_workflow_ref"):
            rows += zip(now.values(claim), then.values(claim), strict=True)
    return {value: list(row[at + 1 :]) for row in rows for at, value in enumerate(row)}


def _under_any_name(declared: DeclaredRole, trust: Mapping[str, Any]) -> dict[str, Any]:
    """A policy of exact statements, with the values that admit nothing more beside theirs.

    A subject with ids is this repository's, whatever name it has. So a policy with both forms
    admits as much as one with the form without ids. Patterns, which were written for the name, are
    compared as they are.
    """
    statements = json.loads(json.dumps(listed(trust.get("Statement", ()))))
    for one in statements:
        compared = one["Condition"]["StringEquals"]
        for key, values in compared.items():
            more = (also for value in listed(values) for also in declared.narrower.get(value, ()))
            compared[key] = sorted({*listed(values), *more})
    return {**trust, "Statement": statements}


def _differs_in_names_only(declared: DeclaredRole, live: ObservedRole) -> bool:
    """True if a role trusts the released name of its repository, and is otherwise as declared."""
    given_up = set(_given_up(declared, live))
    if not given_up:
        return False
    one_name = partial(under_one_name, now=declared.present, given_up=given_up)
    return policies.compare(one_name(declared.trust), one_name(live.trust)) is None


def is_open_to_others(declared: DeclaredRole, live: ObservedRole) -> bool:
    """True if another repository that takes the released name could assume the role."""
    return any(not IDS.search(admitted) for admitted in _given_up(declared, live, alone=True))


def _given_up(declared: DeclaredRole, live: ObservedRole, *, alone: bool = False) -> Iterator[str]:
    """The trusted subjects with the declared name of a repository that was renamed on GitHub.

    Args:
        declared: the role as declared.
        live: the role in AWS.
        alone: True for those that are not pinned to the repository's id.
    """
    for one in exact_statements(live.trust, declared.provider_arn):
        if one is None or (alone and "repository_id" in one.claims):
            continue
        for admitted in one.subjects:
            ids = [IDS.findall(each)[-1:] for each in (declared.present.sent_subject, admitted)]
            same = without_ids(admitted).lower() == declared.given_up_subject
            if same and (ids[0] == ids[1] or not all(ids)):
                yield admitted


def _narrowed(declared: DeclaredRole, live: ObservedRole) -> tuple[str, str] | None:
    """Both values as text if the live trust admits the declared subject without its ids.

    A pattern such as `repo:acme/x:*` was written before GitHub sent ids. Literally it admits no
    subject with ids, but it was meant for every job of the repository, and the declared subject is
    one of these. None if another repository took the name: the pattern was not meant for it.
    """
    wanted = only_subject(declared.trust, declared.provider_arn)
    age = declared.repository_created, live.created
    if not wanted or not IDS.search(wanted) or is_successor(wanted, "", age):
        return None
    if not policies.goes_both_ways(declared.trust, live.trust):
        return None
    bare = json.loads(json.dumps(declared.trust).replace(wanted, without_ids(wanted)))
    if policies.compare(live.trust, bare) is not Direction.STRONGER:
        return None
    _, admitted = policies.differences(bare, live.trust, brief=True)
    return f"{wanted} alone, with the ids that GitHub sends", admitted


def _of_another(declared: DeclaredRole, live: ObservedRole) -> str | None:
    """The subject of another repository that had the name, or a former one; None without one."""
    admitted = [
        subject_
        for one in exact_statements(live.trust, declared.provider_arn)
        for subject_ in (one.subjects if one else ())
    ]
    age = declared.repository_created, live.created
    return of_another(declared.present.sent_subject, admitted, declared.former_subjects, age)


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
