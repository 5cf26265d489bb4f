"""The claims of a job's id-token, from what GitHub tells of its repository.

docs.github.com: OpenID Connect reference. A claim that is known only once the job runs is None.
Deliberately absent: claims that no condition of AWS can compare.
"""

from typing import Final

from operations.commands.explain.asked import Claims
from operations.commands.explain.job import Job
from operations.commands.explain.seen.look import Home

_EXPRESSION: Final = "${{"
#: The parts of a subject that is not customised.
_DEFAULT: Final = ("repo", "context")


def derived(home: Home, job: Job, environment: str, workflow: str, audience: str) -> Claims:
    """The claims.

    Args:
        home: the repository.
        job: the job.
        environment: as the workflow file spells it.
        workflow: the workflow's name, or its path if it has none.
        audience: that the job asks for.
    """
    live = home.live
    known = None if _EXPRESSION in environment else environment
    found: dict[str, str | None] = {
        "repository": live.full_name,
        "repository_id": str(live.id),
        "repository_owner": home.owner,
        "repository_owner_id": home.owner_id,
        "repository_visibility": live.visibility,
        "ref": job.ref,
        "event_name": job.event,
        "environment": known,
        "workflow": workflow,
        "workflow_ref": f"{live.full_name}/{job.path}@{job.ref}",
        "job_workflow_ref": f"{live.full_name}/{job.path}@{job.ref}",
        "actor": None,
        "actor_id": None,
        # A job has it if its owner belongs to an enterprise, which only the token says.
        "enterprise_id": None,
        **(job.actor or {}),
    }
    return {**found, "sub": _subject(home, found), "aud": audience}


def _subject(home: Home, found: Claims) -> str | None:
    """The subject: prefix and context, or the claims of the customisation (a colon is `%3A`)."""
    parts = []
    for key in home.live.subject_claims or _DEFAULT:
        if key == "repo":
            parts.append(home.live.subject_prefix)
            continue
        name = "environment" if key == "context" else key
        value = found.get(name)
        if value is None:
            return None
        parts.append(f"{name}:{value.replace(':', '%3A')}")
    return ":".join(parts)
