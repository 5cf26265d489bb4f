"""The claims of a job's id-token (docs.github.com, "OpenID Connect reference").

Deliberately absent, because the emulator does not have them: enterprises and custom properties.
"""

import uuid
from typing import Final

from sandbox.github.accounts import Organization
from sandbox.github.render.urls import node_id
from sandbox.github.repositories import Repository
from sandbox.github.store import Store
from sandbox.tokens.refusal import TokenRefusedError
from sandbox.tokens.runs import Run
from sandbox.tokens.workflow_file import Job

#: A token is valid for so many seconds before and after its issue, as public tokens show.
LIFETIME: Final = 300


def claims(store: Store, run: Run, job: Job, audience: str, now: int) -> dict[str, str | int]:
    """All claims of a job's token.

    Args:
        store: the GitHub that runs it.
        run: a registered run.
        job: a job of the run's workflow file.
        audience: as the job requested it; empty for GitHub's default, the owner's URL.
        now: seconds since the epoch.

    Raises:
        TokenRefusedError: the subject's customisation has a claim that this job does not have.
    """
    repository = run.repository
    found = _of_run(run) | _of_job(run, job)
    return {
        "jti": str(uuid.uuid4()),
        "sub": subject(store, repository, run.event, found),
        "aud": audience or store.site.audience(repository.owner.login),
        **found,
        "iss": store.site.issuer,
        "nbf": now - LIFETIME,
        "iat": now,
        "exp": now + LIFETIME,
    }


def subject(store: Store, repository: Repository, event: str, found: dict[str, str]) -> str:
    """The `sub` claim: repository and context, or the claims of the customisation.

    The repository's name has ids if `sub_claim_prefix` has them. A colon in a value becomes `%3A`.
    An organisation's template applies only to a repository that neither uses the default nor has
    its own template.
    """
    owner = repository.owner
    organization = owner if isinstance(owner, Organization) else None
    keys: tuple[str, ...] = ("repo", "context")
    if not repository.subject.use_default:
        inherited = organization.include_claim_keys if organization else keys
        keys = repository.subject.include_claim_keys or inherited
    parts = {"repo": store.subject_prefix(repository), "context": _context(event, found)}
    missing = [key for key in keys if key not in parts and key not in found]
    if missing:
        raise TokenRefusedError(403, f"the subject needs claims that the job lacks: {missing}")
    return ":".join(parts.get(key) or f"{key}:{_escaped(found[key])}" for key in keys)


def _context(event: str, found: dict[str, str]) -> str:
    if "environment" in found:
        return f"environment:{_escaped(found['environment'])}"
    return "pull_request" if event == "pull_request" else f"ref:{_escaped(found['ref'])}"


def _escaped(value: str) -> str:
    return value.replace(":", "%3A")


def _of_run(run: Run) -> dict[str, str]:
    repository = run.repository
    return {
        "ref": run.ref,
        "sha": run.sha,
        "repository": repository.full_name,
        "repository_owner": repository.owner.login,
        "repository_owner_id": str(repository.owner.id),
        "run_id": str(run.id),
        "run_number": str(run.number),
        "run_attempt": "1",
        "repository_visibility": "private" if repository.private else "public",
        "repository_id": str(repository.id),
        "actor_id": str(run.actor.id),
        "actor": run.actor.login,
        "head_ref": run.head_ref,
        "base_ref": run.base_ref,
        "event_name": run.event,
        "ref_protected": "false",
        "ref_type": "tag" if run.ref.startswith("refs/tags/") else "branch",
    }


def _of_job(run: Run, job: Job) -> dict[str, str]:
    """Claims of the workflow and of the job.

    Without a reusable workflow, `job_workflow_ref` is the workflow's own ref. The environment has
    the spelling of the file; GitHub does not document what happens if it differs in case.
    """
    workflow_ref = f"{run.repository.full_name}/{run.workflow}@{run.ref}"
    found = {
        "workflow": job.workflow,
        "workflow_ref": workflow_ref,
        "workflow_sha": run.sha,
        "job_workflow_ref": workflow_ref,
        "job_workflow_sha": run.sha,
        "check_run_id": str(run.check_runs[job.id]),
        "runner_environment": "self-hosted" if job.self_hosted else "github-hosted",
    }
    if job.environment is not None:
        environment = run.repository.environments[job.environment.lower()]
        found["environment"] = job.environment
        found["environment_node_id"] = node_id("Environment", environment.id)
    return found
