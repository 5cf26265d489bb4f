"""The trust of one environment's role as declared: its subjects, its pinned claims, its policy."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from components.documents.job_claims import JobClaims, job_claims
from components.documents.subject import Subjects, subjects
from components.documents.trust import MAX_CHARACTERS, characters, policy, statement
from components.model.next_name import after_move
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.token_facts import TokenFacts
from components.model.trust import Trust
from components.model.types import EnvironmentName

#: The claims that `pinned` compares besides audience and subject. AWS evaluates them for GitHub's
#: issuer (Service Authorization Reference: AWS Security Token Service).
PINNED: Final = (
    *("repository_id", "repository_owner_id", "environment", "ref", "job_workflow_ref"),
)


@dataclass(frozen=True)
class RoleTrust:
    """Whom the role of one environment trusts, and what is not known of it."""

    declared: Trust
    """The declaration."""
    subjects: Subjects
    """The admitted subjects."""
    claims: Mapping[str, tuple[str, ...]]
    """The further claims of the pinned statement; empty without one."""
    left_out: Mapping[str, str]
    """By claim that the pinned statement does not compare: the reason."""
    document: dict[str, Any]
    """The trust policy."""

    @property
    def too_long(self) -> str:
        """What to shorten if IAM would refuse the policy for its length; empty if it would not."""
        length = characters(self.document)
        if length <= MAX_CHARACTERS:
            return ""
        remedies = []
        if self.declared.is_pinned and self.declared.keep_subject_statement:
            remedies.append("`trust.keep_subject_statement: false`")
        if len(self.claims.get("ref", ())) > 1:
            remedies.append("fewer `deployment_branches` and `deployment_tags`")
        if self.declared.subject == "both":
            remedies.append("`trust.subject: auto`")
        if self.declared.is_pinned:
            remedies.append("`trust.claims: subject`")
        if len(self.claims.get("job_workflow_ref", ())) > len(self.claims.get("ref", ())):
            remedies.append("no `next_name`")
        shorter = ", or ".join(remedies) or "fewer claims in the template of its subject"
        return (
            f"its trust policy has {length:,} characters and IAM's default quota is "
            f"{MAX_CHARACTERS:,}: declare {shorter}"
        )


def trust_of(
    settings: StackSettings,
    repository: Repository,
    environment: EnvironmentName,
    facts: TokenFacts,
) -> RoleTrust:
    """The trust of an environment's role.

    Args:
        settings: the stack's.
        repository: the declaration, with the branches that GitHub's facts give it.
        environment: one of its environments.
        facts: what GitHub says about the repository.
    """
    declared = repository.environment(environment).trust
    provider = settings.account(environment).oidc_provider_arn
    admitted = subjects(repository, environment, facts, declared.subject)
    known = job_claims(repository, environment, facts)
    if moved := after_move(repository.next_name, facts):
        later = subjects(repository, environment, moved, "auto").values
        admitted = replace(admitted, values=tuple(dict.fromkeys(admitted.values + later)))
        known = JobClaims(
            known.jobs + job_claims(repository, environment, moved).jobs, known.refs_unknown
        )
    claims: dict[str, tuple[str, ...]] = {}
    left_out: dict[str, str] = {}
    if declared.is_pinned:
        left_out = {claim: why for claim in PINNED if (why := known.why_unknown(claim))}
        if not settings.github.claims_are_evaluated:
            left_out = dict.fromkeys(PINNED, f"AWS does not read it from {settings.github.issuer}")
        claims = {claim: known.values(claim) for claim in PINNED if claim not in left_out}
    statements = [statement(provider, admitted.values, claims)]
    if declared.is_pinned and declared.keep_subject_statement:
        statements.append(statement(provider, admitted.values))
    return RoleTrust(declared, admitted, claims, left_out, policy(*statements))


def role_trust(
    settings: StackSettings,
    repository: Repository,
    environment: EnvironmentName,
    facts: TokenFacts,
) -> dict[str, Any]:
    """The trust policy: the repository's jobs in this environment may assume the role."""
    return trust_of(settings, repository, environment, facts).document
