"""The exact subjects of a deploying job: GitHub's default, or a customised template of claims.

A template has the claims of a repository's or an organisation's customisation, in order; each is
`KEY:VALUE`, except `repo` (the prefix) and `context` (`environment:NAME` for a job that names an
environment). Source: docs.github.com, "OpenID Connect reference". slipway follows a template whose
subject is exact: it names repository and environment, and every value is known before the job runs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from components.documents.job_claims import JobClaims, job_claims, why_never
from components.model.repository import Repository
from components.model.token_facts import TokenFacts
from components.model.trust import Form
from components.model.types import EnvironmentName

#: The claims of a subject that is not customised.
DEFAULT: Final = ("repo", "context")
_REPOSITORY: Final = ("repo", "repository", "repository_id")
_ENVIRONMENT: Final = ("context", "environment")
_RESET: Final = "or reset the customisation to GitHub's default"


@dataclass(frozen=True)
class Subjects:
    """The subjects that a role admits, or the reason why they cannot be known."""

    values: tuple[str, ...]
    """Exact `sub` claims; without a template that can be followed, those of the default."""
    problem: str = ""
    """Why the template cannot be followed, and what to change; empty if it can."""


def subject(prefix: str, environment: str) -> str:
    """The `sub` claim of a job that names the environment, without a template.

    Args:
        prefix: GitHub's `sub_claim_prefix`, `repo:OWNER/REPO` or `repo:OWNER@ID/REPO@ID`.
        environment: name of the environment; GitHub writes a colon in it as `%3A`
            (docs.github.com: OpenID Connect reference).
    """
    return f"{prefix}:{_context(environment)}"


def prefixes(facts: TokenFacts, form: Form) -> tuple[str, ...]:
    """The beginnings of default subjects in a declared form; GitHub's own if ids are not known."""
    classic = f"repo:{facts.full_name}"
    owner, _, name = facts.full_name.partition("/")
    known = facts.id and facts.owner_id
    immutable = f"repo:{owner}@{facts.owner_id}/{name}@{facts.id}"
    immutable = immutable if known else facts.subject_prefix
    by_form = {
        "auto": (facts.subject_prefix,),
        "classic": (classic,),
        "immutable": (immutable,),
        "both": (classic, immutable),
    }
    return tuple(dict.fromkeys(by_form[form]))


def sent_subjects(
    repository: Repository, environment: EnvironmentName, facts: TokenFacts
) -> Subjects:
    """The subjects that GitHub sends now; several if a template has a claim with several values."""
    return subjects(repository, environment, facts, "auto")


def subjects(
    repository: Repository, environment: EnvironmentName, facts: TokenFacts, form: Form
) -> Subjects:
    """The subjects of the jobs that deploy to an environment, in a declared form."""
    beginnings = prefixes(facts, form)
    plain = Subjects(tuple(subject(one, environment) for one in beginnings))
    template = facts.subject_claims
    if not template or template == DEFAULT:
        return plain
    claims = job_claims(repository, environment, facts)
    if problem := template_problem(template) or _unknown(template, claims):
        return Subjects(plain.values, problem)
    values = [
        _filled(template, beginning, environment, job)
        for beginning in beginnings
        for job in claims.jobs
    ]
    return Subjects(tuple(dict.fromkeys(values)))


def beginnings(
    repository: Repository, environments: Iterable[EnvironmentName], facts: TokenFacts
) -> tuple[str, ...]:
    """Beginnings of the subjects of all jobs of the repository, whatever they run and where.

    Of a template that begins with other claims than the repository's: the whole subjects of the
    deployments.
    """
    fixed = {
        "repo": facts.subject_prefix,
        "repository": f"repository:{facts.full_name}",
        "repository_id": f"repository_id:{facts.id}",
    }
    first = next(iter(facts.subject_claims), "repo")
    if first in fixed:
        return (f"{fixed[first]}:",)
    sent = (sent_subjects(repository, environment, facts) for environment in environments)
    return tuple(one for subjects_ in sent for one in subjects_.values)


def template_problem(template: Sequence[str]) -> str:
    """Why a template makes no subject exact, whatever is declared; empty if one may be exact."""
    if not template or tuple(template) == DEFAULT:
        return ""
    if odd := next((key for key in template if not key.replace("_", "").isalnum()), None):
        unread = f"cannot be followed, as they are {odd}: let the token read them"
        return f"{_said(template)} {unread}, {_RESET}"
    for what, keys in (("repository", _REPOSITORY), ("environment", _ENVIRONMENT)):
        if not set(keys) & set(template):
            some = ", ".join(keys[:-1])
            return f"{_said(template)} do not name the {what}: add {some} or {keys[-1]}, {_RESET}"
    return _because(template, {key: why_never(key) for key in template if key not in DEFAULT})


def _unknown(template: Sequence[str], claims: JobClaims) -> str:
    unknown = {key: claims.why_unknown(key) for key in template if key not in DEFAULT}
    return _because(template, unknown)


def _because(template: Sequence[str], reasons: Mapping[str, str]) -> str:
    """The problem of a template with claims that are not known; empty without such a claim."""
    unknown = {key: why for key, why in reasons.items() if why}
    if not unknown:
        return ""
    told = "; ".join(f"{key}: {why}" for key, why in unknown.items())
    return (
        f"{_said(template)} hold claims that are not known before a job runs ({told}): take "
        f"{' and '.join(unknown)} out of the template, {_RESET}"
    )


def _said(template: Sequence[str]) -> str:
    return f"has customised subject claims ({', '.join(template)}), which"


def _filled(
    template: Sequence[str], prefix: str, environment: EnvironmentName, job: Mapping[str, str]
) -> str:
    parts = {"repo": prefix, "context": _context(environment)}
    return ":".join(parts.get(key) or f"{key}:{_escaped(job[key])}" for key in template)


def _context(environment: str) -> str:
    return f"environment:{_escaped(environment)}"


def _escaped(value: str) -> str:
    return value.replace(":", "%3A")
