"""The claims of deploying jobs: their values, and why one is not known."""

from typing import Any

import pytest

from components.documents.job_claims import job_claims, why_never
from components.model.live import LiveRepository
from components.model.repository import Repository
from components.model.token_facts import Unasked

FACTS = LiveRepository(
    id=41,
    owner_id=9,
    full_name="acme/billing",
    html_url="https://github.com/acme/billing",
    default_branch="main",
    subject_prefix="repo:acme/billing",
    visibility="internal",
)


def declared(**changes: Any) -> Repository:
    """A declaration."""
    return Repository.model_validate({"repository": "billing"} | changes)


def prod(**changes: Any) -> dict[str, Any]:
    """Changes of prod in a declaration."""
    return {"environments": {"prod": changes}}


def test_a_job_has_the_claims_of_its_file_branch_and_repository() -> None:
    """Every claim that is known before the run, as GitHub's documentation shows it."""
    file = "acme/billing/.github/workflows/python-prd.yml@refs/heads/main"
    found = job_claims(declared(), "prod", FACTS)
    assert found.jobs == (
        {
            "repository": "acme/billing",
            "repository_owner": "acme",
            "repository_id": "41",
            "repository_owner_id": "9",
            "repository_visibility": "internal",
            "environment": "prod",
            "workflow": "python-prd",
            "event_name": "workflow_run",
            "ref": "refs/heads/main",
            "ref_type": "branch",
            "workflow_ref": file,
            "job_workflow_ref": file,
        },
    )
    assert all(not found.why_unknown(claim) for claim in found.jobs[0])


def test_each_admitted_ref_and_event_has_its_job() -> None:
    """Branches and tags of the environment, pushed or run by hand; equal values are one."""
    several = prod(deployment_branches=["main", "hotfix"], deployment_tags=["v1"])
    repository = declared(deploy={"manual": True, "command": "./deploy"}, **several)
    found = job_claims(repository, "prod", FACTS)
    assert found.values("ref") == ("refs/heads/main", "refs/heads/hotfix", "refs/tags/v1")
    assert found.values("ref_type") == ("branch", "tag")
    assert found.values("event_name") == ("workflow_run", "workflow_dispatch")
    assert len(found.jobs) == 6
    assert [job["ref_type"] for job in found.jobs if job["ref"] == "refs/tags/v1"] == ["tag", "tag"]
    (pushed,) = job_claims(declared(), "dev", FACTS).jobs
    assert (pushed["event_name"], pushed["ref"]) == ("push", "refs/heads/develop")


def test_facts_of_github_are_unknown_until_it_is_asked() -> None:
    """Ids and visibility have no value then, and the reason is said."""
    found = job_claims(declared(), "dev", Unasked(full_name="acme/billing"))
    for claim in ("repository_id", "repository_owner_id", "repository_visibility"):
        assert found.values(claim) == ()
        assert found.why_unknown(claim) == "GitHub was not asked"
    assert found.values("ref") == ("refs/heads/develop",)
    assert found.why_unknown("ref") == ""


@pytest.mark.parametrize(
    ("changes", "word", "wild"),
    [
        (prod(deployment_branches=["main", "release/*"]), "deployment_branches", "release/*"),
        (prod(deployment_branches=["v?"]), "deployment_branches", "v?"),
        (prod(deployment_tags=["v1", "v[0-9]"]), "deployment_tags", "v[0-9]"),
    ],
)
def test_a_pattern_of_refs_is_not_one_value(changes: Any, word: str, wild: str) -> None:
    """Claims with the ref are unknown, with the pattern as reason; the others are known."""
    repository = declared(deploy={"manual": True, "command": "./deploy"}, **changes)
    found = job_claims(repository, "prod", FACTS)
    for claim in ("ref", "ref_type", "workflow_ref", "job_workflow_ref"):
        assert found.values(claim) == ()
        assert (
            found.why_unknown(claim)
            == f"{word} has the pattern {wild!r}, which is more than one name"
        )
    assert found.values("event_name") == ("workflow_run", "workflow_dispatch")
    assert found.values("environment") == ("prod",)
    assert found.why_unknown("environment") == ""


@pytest.mark.parametrize("name", ["a\u20ac", "${b", "c\x7f"])
def test_a_value_that_a_policy_cannot_contain_is_said(name: str) -> None:
    """IAM accepts printable characters of Latin-1, and would replace a policy variable."""
    found = job_claims(declared(**prod(deployment_branches=["main", name])), "prod", FACTS)
    assert found.why_unknown("ref") == f"IAM's policies cannot contain {f'refs/heads/{name}'!r}"
    assert found.why_unknown("event_name") == ""


@pytest.mark.parametrize("name", ["b\u00ff", "c$d", "e{f}", "g\u00a1"])
def test_other_signs_of_a_branch_are_fine(name: str) -> None:
    """A dollar without a brace, and letters with accents, can be compared."""
    found = job_claims(declared(**prod(deployment_branches=[name])), "prod", FACTS)
    assert found.why_unknown("ref") == ""


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        ("actor", "it is the user who starts the run"),
        ("sha", "it is another one for each commit"),
        ("run_id", "it is another one for each run"),
        ("head_ref", "only pull requests have it"),
        ("enterprise", "slipway does not know its value"),
        ("repository_id", ""),
        ("workflow_ref", ""),
        ("workflow", ""),
    ],
)
def test_a_claim_that_no_declaration_tells_has_its_reason(claim: str, why: str) -> None:
    """The reason is the claim's own; it goes before that of the refs or of GitHub's facts."""
    assert why_never(claim) == why
    repository = declared(**prod(deployment_branches=["*"]))
    assert not why or job_claims(repository, "prod", FACTS).why_unknown(claim) == why
