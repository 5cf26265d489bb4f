"""Which id-tokens each role of a stack admits, as declared and in AWS, and what can be dropped.

Deliberately absent: the direction of differences, which `slipway drift` judges; whether a certain
job would get a role.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from components.documents.job_claims import JobClaims, job_claims
from components.documents.role_trust import RoleTrust, trust_of
from components.documents.subject import sent_subjects, subjects
from components.model.branches import as_found
from components.model.next_name import after_move
from components.model.plan import as_offered
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import EnvironmentName
from operations.diff.iam.exact import exact_statements
from operations.live.observed import Observed, ObservedRepository

Form = Literal["classic", "immutable", "template", "next", "other"]
"""`classic` without ids, `immutable` with ids, `template` in which both are the same, `next` after
the declared move; or another subject, of a former name for example."""

_NEXT: Final[Form] = "next"


@dataclass(frozen=True)
class Admitted:
    """One statement of a trust policy."""

    forms: Mapping[str, Form]
    """The form of each admitted subject."""
    claims: Mapping[str, tuple[str, ...]]
    """Further claims that it compares, with the values of which one suffices."""


@dataclass(frozen=True)
class Admission:
    """The trust of one environment's role."""

    repository: str
    environment: EnvironmentName
    account_id: str
    role: str
    sent: Mapping[str, Form]
    """Subjects that GitHub sends now, with their form."""
    declared: tuple[Admitted, ...]
    """The declared statements."""
    live: tuple[Admitted | None, ...]
    """The statements in AWS; None for one of another shape than slipway's."""
    unread: str
    """Why there are no statements of AWS; empty if there are."""
    admits: bool | None
    """Whether the live role admits every job that deploys; None if that is not known."""
    pinned_admits: bool | None
    """The same for its pinned statements alone; None also if it has none."""
    droppable: tuple[tuple[str, str], ...]
    """What is not needed any more, and the declaration that drops it."""
    left_out: Mapping[str, str]
    """By claim that `pinned` does not compare: the reason."""


def admissions(stack: Stack, observed: Observed) -> Iterator[Admission]:
    """One for each role of a repository that GitHub shows.

    Args:
        stack: the declaration.
        observed: the live world.
    """
    for declared in stack.repositories:
        live = observed.repositories[declared.name]
        if live is None:
            continue
        repository = as_found(as_offered(declared, live.offered), live)
        for environment in repository.environment_names:
            yield _admission(stack, repository, environment, live, observed)


def _admission(
    stack: Stack,
    repository: Repository,
    environment: EnvironmentName,
    live: ObservedRepository,
    observed: Observed,
) -> Admission:
    account = stack.settings.account(environment)
    trust = trust_of(stack.settings, repository, environment, live)
    name = repository.role_name(stack.settings.owner, environment)
    unread = observed.unseen.get(account.account_id, "")
    role = None if unread else observed.accounts[account.account_id].roles.get(name.lower())
    if role is None and not unread:
        unread = "the role does not exist"
    forms = _forms(repository, environment, live)

    def read(document: Mapping[str, Any]) -> tuple[Admitted | None, ...]:
        return tuple(
            None if one is None else Admitted(_formed(one.subjects, forms), one.claims)
            for one in exact_statements(document, account.oidc_provider_arn)
        )

    there = () if role is None else read(role.trust)
    pinned = tuple(one for one in there if one and one.claims)
    jobs = job_claims(repository, environment, live)
    sent = sent_subjects(repository, environment, live).values
    return Admission(
        repository=repository.name,
        environment=environment,
        account_id=account.account_id,
        role=name,
        sent=_formed(sent, forms),
        declared=tuple(one for one in read(trust.document) if one),
        live=there,
        unread=unread,
        admits=_admits(there, sent, jobs),
        pinned_admits=(fits := _admits(pinned, sent, jobs)),
        droppable=tuple(_droppable(trust, _formed(sent, forms), forms, pinned_fits=fits is True)),
        left_out=trust.left_out,
    )


def _forms(
    repository: Repository, environment: EnvironmentName, live: ObservedRepository
) -> dict[str, Form]:
    """The form of each subject of the environment."""
    classic, immutable = (
        subjects(repository, environment, live, form).values for form in ("classic", "immutable")
    )
    found: dict[str, Form] = dict.fromkeys(classic, "classic")
    found |= {one: "template" if one in found else "immutable" for one in immutable}
    moved = after_move(repository.next_name, live)
    later = subjects(repository, environment, moved, "auto").values if moved else ()
    return dict.fromkeys(later, _NEXT) | found


def _formed(admitted: tuple[str, ...], forms: Mapping[str, Form]) -> dict[str, Form]:
    return {subject: forms.get(subject, "other") for subject in admitted}


def _admits(
    there: tuple[Admitted | None, ...], sent: tuple[str, ...], jobs: JobClaims
) -> bool | None:
    """Whether every job gets in by one of the statements; None if that cannot be told."""
    if not there:
        return None
    whole = [one for one in there if one and set(sent) <= one.forms.keys()]
    if any(not one.claims or _fits(one, jobs) for one in whole):
        return True
    unsure = any(one is None for one in there) or any(
        not jobs.values(claim) for one in whole for claim in one.claims
    )
    return None if unsure else False


def _fits(one: Admitted, jobs: JobClaims) -> bool:
    """Whether each job's known claims are those that the statement compares."""
    return all(
        (known := jobs.values(claim)) and set(known) <= set(values)
        for claim, values in one.claims.items()
    )


def _droppable(
    trust: RoleTrust, sent: Mapping[str, Form], forms: Mapping[str, Form], *, pinned_fits: bool
) -> Iterator[tuple[str, str]]:
    declared = trust.declared
    if pinned_fits and declared.is_pinned and declared.keep_subject_statement:
        what = (
            "the statement that compares the subject alone, once `slipway explain --token` says "
            "that the pinned one admits a deployment"
        )
        yield what, "trust.keep_subject_statement: false"
    unsent = [one for one in trust.subjects.values if one not in sent]
    if declared.subject == "both" and "immutable" in sent.values():
        extra = ", ".join(one for one in unsent if forms.get(one) == "classic")
        if extra:
            yield f"the form without ids ({extra})", "trust.subject: auto"
