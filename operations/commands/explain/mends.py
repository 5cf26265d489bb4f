"""The changes that make a job's claims those which a role's trust policy expects.

Each names the change of the job, and its workflow file where a claim tells it. Deliberately absent:
changes of what slipway declares or writes.
"""

from components.documents.workflows import FILES
from components.model.types import EnvironmentName
from operations.commands.explain.asked import Claims
from operations.commands.explain.iam.request import Missing
from operations.commands.explain.iam.trust import Trust
from operations.commands.explain.job import FOLDER, path_of
from operations.commands.explain.step import Mend, Step

#: Claims that name a workflow file and its ref: `OWNER/REPOSITORY/PATH@REF`.
_OF_FILES = ("job_workflow_ref", "workflow_ref")


def name_environment(environment: EnvironmentName, claims: Claims) -> Mend:
    """The change of a job whose claims name no environment, or another one.

    Args:
        environment: that it should name.
        claims: the job's; CloudTrail does not tell the file.
    """
    own, path, named = path_of(environment), _path(file_of(claims)), claims.get("environment")
    if path != own and path.removeprefix(FOLDER) in FILES.values():
        return Mend(text=f"deploy to {environment} from {own}")
    change = f"add `environment: {environment}` to the job"
    if named:
        change = f"write `environment: {environment}` in place of {named} in the job"
    where = f" in {path}" if path else f", or deploy from {own}, whose job has it"
    return Mend(text=f"{change}{where}")


def next_step(step: Step, options: str) -> Mend:
    """The next step of a user after a question that cannot be judged.

    Args:
        step: the question.
        options: those that tell more of the job than is known; empty if a token tells all of it.
    """
    if step.name == "account":
        return Mend(text="give credentials that may read the account")
    if not options or (step.trust is not None and not _needs_claims(step.trust)):
        return Mend(text="run the job: slipway cannot evaluate this part")
    return Mend(text=f"give the job itself: {options}")


def _needs_claims(trust: Trust) -> bool:
    """Whether a claim that is not known leaves a condition open."""
    conditions = (one for statement in trust.statements for one in statement.conditions)
    return any(one.met is None and one.got is Missing.UNKNOWN for one in conditions)


def file_of(claims: Claims) -> str:
    """`OWNER/REPOSITORY/PATH@REF` of the file that has the job; empty if it is not known."""
    return next((found for one in _OF_FILES if (found := claims.get(one))), "")


def other_claim(
    environment: EnvironmentName, claims: Claims, claim: str, wanted: tuple[str, ...]
) -> Mend:
    """The change of a job that has another value of a claim than a trust policy expects.

    Args:
        environment: whose role it is.
        claims: the job's.
        claim: that differs.
        wanted: the values that the policy admits.
    """
    listed, got = " or ".join(wanted), claims.get(claim) or ""
    if claim == "environment" or (claim == "sub" and _same_repository(got, wanted)):
        return name_environment(environment, claims)
    if claim in _OF_FILES:
        return Mend(text=_other_file(got, wanted))
    texts = {
        "ref": f"deploy from {listed}: the role admits that ref only",
        "aud": f"request the token for the audience {listed}: the role admits that only",
        "repository": f"deploy from {listed}: the role admits that repository only",
        "repository_id": f"deploy from the repository {listed}: the role admits that id only",
    }
    return Mend(text=texts.get(claim, f"deploy with the {claim} {listed}: no other is admitted"))


def _other_file(got: str, wanted: tuple[str, ...]) -> str:
    paths = list(dict.fromkeys(map(_path, wanted)))
    named = " or ".join(paths)
    if _path(got) not in paths:
        return f"deploy from {named}: the role admits that file only"
    refs = " or ".join(one.partition("@")[2] for one in wanted)
    return f"deploy from {refs}: the role admits {named} of that ref only"


def _same_repository(got: str, wanted: tuple[str, ...]) -> bool:
    """Whether two subjects are of one repository, so that their context differs."""
    return any(got.split(":")[:2] == one.split(":")[:2] for one in wanted)


def _path(place: str) -> str:
    """The path in `OWNER/REPOSITORY/PATH@REF`."""
    return place.partition("@")[0].split("/", 2)[-1]
