"""The claims of a deploying job's id-token, as far as they are known before the job runs.

Source: docs.github.com, "OpenID Connect reference", and "Events that trigger workflows". A job that
no reusable workflow runs has its own workflow file in `job_workflow_ref`, and slipway's deployments
use none. The ref of a push is its branch; a `workflow_run` has the default branch; a run by hand
has the branch or tag that its user chose, of those that the environment admits.
Deliberately absent: the subject (`documents/subject.py`), and AWS's keys (`documents/trust.py`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from components.documents.workflows.triggers import FILES, workflow_name
from components.model.repository import Repository
from components.model.token_facts import TokenFacts
from components.model.types import EnvironmentName

#: Signs of a deployment pattern that is more than one name (`model/ref_patterns.py`).
_WILD: Final = frozenset("*?[")
#: Characters of a policy document (IAM API Reference: CreateRole), without policy variables.
_IN_POLICY: Final = re.compile(r"(?:(?!\$\{)[\x20-\x7e\xa1-\xff])*")
#: Why no declaration tells a claim, by claim.
_NEVER: Final[Mapping[str, str]] = {
    **dict.fromkeys(("actor", "actor_id"), "it is the user who starts the run"),
    **dict.fromkeys(
        ("sha", "workflow_sha", "job_workflow_sha"), "it is another one for each commit"
    ),
    **dict.fromkeys(
        ("run_id", "run_number", "run_attempt", "check_run_id", "jti"),
        "it is another one for each run",
    ),
    **dict.fromkeys(("head_ref", "base_ref"), "only pull requests have it"),
    "runner_environment": "labels of runners do not tell it",
    "ref_protected": "an administrator may change it at any time",
}
_UNKNOWN: Final = "slipway does not know its value"
_NOT_ASKED: Final = "GitHub was not asked"


@dataclass(frozen=True)
class JobClaims:
    """The claims of the jobs that deploy to one environment."""

    jobs: tuple[Mapping[str, str], ...]
    """Known claims of each kind of job: one for each ref and event."""
    refs_unknown: str
    """Why the refs are not known; empty if they are."""

    def values(self, claim: str) -> tuple[str, ...]:
        """Every value that the claim may have; empty if they are not known."""
        if any(claim not in job for job in self.jobs):
            return ()
        return tuple(dict.fromkeys(job[claim] for job in self.jobs))

    def why_unknown(self, claim: str) -> str:
        """Why `values` is empty, or why IAM cannot compare one of them; empty if neither is so."""
        values = self.values(claim)
        if not values:
            unknown = self.refs_unknown if claim in _OF_REF else _NOT_ASKED
            return why_never(claim) or unknown
        odd = next((value for value in values if not _IN_POLICY.fullmatch(value)), None)
        return f"IAM's policies cannot contain {odd!r}" if odd else ""


#: Claims that GitHub must be asked for.
_ASKED: Final = ("repository_id", "repository_owner_id", "repository_visibility")
_OF_REF: Final = ("ref", "ref_type", "workflow_ref", "job_workflow_ref")
_DECLARED: Final = ("repository", "repository_owner", "environment", "workflow", "event_name")


def why_never(claim: str) -> str:
    """Why no declaration tells a claim; empty if one may tell it."""
    if claim in (*_ASKED, *_OF_REF, *_DECLARED):
        return ""
    return _NEVER.get(claim, _UNKNOWN)


def job_claims(
    repository: Repository, environment: EnvironmentName, facts: TokenFacts
) -> JobClaims:
    """The claims of the jobs that deploy to an environment.

    Args:
        repository: the declaration, with the branches that GitHub's facts give it.
        environment: one of its environments.
        facts: what GitHub says about it.
    """
    owner = facts.full_name.partition("/")[0]
    fixed = {
        "repository": facts.full_name,
        "repository_owner": owner,
        "environment": environment,
        "workflow": workflow_name(environment),
    }
    asked = dict(zip(_ASKED, (facts.id, facts.owner_id, facts.visibility), strict=True))
    fixed |= {claim: str(value) for claim, value in asked.items() if value}
    file = f"{facts.full_name}/.github/workflows/{FILES[environment]}"
    refs, why = _refs(repository, environment)
    events = ["workflow_run" if environment == "prod" else "push"]
    if repository.deploy.manual:
        events.append("workflow_dispatch")
    if why:
        return JobClaims(tuple(fixed | {"event_name": event} for event in events), why)
    jobs = [
        fixed
        | {
            "event_name": event,
            "ref": ref,
            "ref_type": "tag" if ref.startswith("refs/tags/") else "branch",
            "workflow_ref": f"{file}@{ref}",
            "job_workflow_ref": f"{file}@{ref}",
        }
        for ref in refs
        for event in events
    ]
    return JobClaims(tuple(jobs), "")


def _refs(repository: Repository, environment: EnvironmentName) -> tuple[list[str], str]:
    """Every ref that the environment admits; or why they cannot be listed."""
    branches = repository.deployment_branches(environment)
    tags = repository.environment(environment).deployment_tags
    for word, patterns in (("deployment_branches", branches), ("deployment_tags", tags)):
        if wild := next((one for one in patterns if _WILD & set(one)), None):
            return [], f"{word} has the pattern {wild!r}, which is more than one name"
    return [*(f"refs/heads/{one}" for one in branches), *(f"refs/tags/{one}" for one in tags)], ""
