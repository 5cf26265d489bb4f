"""The subjects of deploying jobs: their forms, and customised templates."""

from typing import Any

import pytest

from components.documents.subject import (
    beginnings,
    prefixes,
    sent_subjects,
    subject,
    subjects,
    template_problem,
)
from components.model.live import LiveRepository
from components.model.token_facts import Unasked
from components.model.trust import Form
from tests.components.documents.test_job_claims import FACTS, declared, prod

OLD, NEW = "repo:acme/billing", "repo:acme@9/billing@41"
RESET = "or reset the customisation to GitHub's default"


def facts(*template: str, **changes: Any) -> LiveRepository:
    """The repository with a template."""
    return FACTS.model_copy(update={"subject_claims": template, **changes})


@pytest.mark.parametrize("sent", [OLD, NEW])
@pytest.mark.parametrize(
    ("form", "expected"),
    [("classic", (OLD,)), ("immutable", (NEW,)), ("both", (OLD, NEW))],
)
def test_a_form_begins_as_declared(sent: str, form: Form, expected: tuple[str, ...]) -> None:
    """A declared form is that one, whatever GitHub sends; `auto` is what it sends."""
    live = facts(subject_prefix=sent)
    assert prefixes(live, form) == expected
    assert prefixes(live, "auto") == (sent,)
    assert subjects(declared(), "dev", live, form).values == tuple(
        f"{one}:environment:dev" for one in expected
    )
    assert sent_subjects(declared(), "dev", live).values == (f"{sent}:environment:dev",)


@pytest.mark.parametrize(
    "unknown", [{"id": None}, {"owner_id": None}, {"id": None, "owner_id": None}]
)
def test_without_ids_the_form_is_githubs_own(unknown: dict[str, None]) -> None:
    """An id that is not known is never written into a subject."""
    assert prefixes(facts(**unknown), "immutable") == (OLD,)
    assert prefixes(facts(**unknown), "both") == (OLD,)
    assert prefixes(Unasked(full_name="acme/billing"), "immutable") == (OLD,)


@pytest.mark.parametrize("template", [(), ("repo", "context")])
def test_the_default_template_is_the_default_subject(template: tuple[str, ...]) -> None:
    """GitHub's default is followed, written out or not."""
    found = sent_subjects(declared(), "test", facts(*template))
    assert (found.values, found.problem) == ((f"{OLD}:environment:test",), "")
    assert template_problem(template) == ""


def test_a_template_is_filled_in_its_order() -> None:
    """Each claim is KEY:VALUE, with %3A for a colon; prefix and context are as GitHub has them."""
    template = ("context", "job_workflow_ref", "repo", "repository_owner_id")
    found = subjects(declared(), "prod", facts(*template), "both")
    file = "acme/billing/.github/workflows/python-prd.yml@refs/heads/main"
    assert found.values == tuple(
        f"environment:prod:job_workflow_ref:{file}:{one}:repository_owner_id:9"
        for one in (OLD, NEW)
    )
    assert found.problem == ""
    found = sent_subjects(declared(), "prod", facts("repo", "environment", "ref"))
    assert found.values == (f"{OLD}:environment:prod:ref:refs/heads/main",)
    assert subject(OLD, "a:b:c") == f"{OLD}:environment:a%3Ab%3Ac"


def test_a_claim_with_several_values_makes_several_subjects() -> None:
    """Each ref has its subject, and a claim that all jobs share makes one."""
    two = declared(**prod(deployment_branches=["main", "hotfix"]))
    found = sent_subjects(two, "prod", facts("repo", "context", "ref"))
    assert found.values == tuple(
        f"{OLD}:environment:prod:ref:refs/heads/{one}" for one in ("main", "hotfix")
    )
    found = sent_subjects(two, "prod", facts("repository_id", "context"))
    assert found.values == ("repository_id:41:environment:prod",)


def test_a_template_that_cannot_be_followed_leaves_the_default() -> None:
    """The problem is said, and the subjects are those without a template."""
    wild = declared(**prod(deployment_branches=["*"]))
    found = sent_subjects(wild, "prod", facts("repo", "context", "ref", "ref_type"))
    assert found.values == (f"{OLD}:environment:prod",)
    why = "deployment_branches has the pattern '*', which is more than one name"
    assert found.problem == (
        "has customised subject claims (repo, context, ref, ref_type), which hold claims that are "
        f"not known before a job runs (ref: {why}; ref_type: {why}): take ref and ref_type out of "
        f"the template, {RESET}"
    )
    for template in [("repo", "context", "actor"), ("repo", "workflow")]:
        never = sent_subjects(declared(), "prod", facts(*template))
        assert never.values == (f"{OLD}:environment:prod",)
        assert never.problem == template_problem(template) != ""


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (
            ("context", "ref"),
            (
                "(context, ref), which do not name the repository: add repo, repository or "
                "repository_id"
            ),
        ),
        (
            ("repo", "ref"),
            "(repo, ref), which do not name the environment: add context or environment",
        ),
        (
            ("repo", "context", "actor", "ref", "run_id"),
            (
                "(repo, context, actor, ref, run_id), which hold claims that are not known before "
                "a job runs (actor: it is the user who starts the run; run_id: it is another one "
                "for each run): take actor and run_id out of the template"
            ),
        ),
        (
            ("those of the organisation",),
            (
                "(those of the organisation), which cannot be followed, as they are those of the "
                "organisation: let the token read them"
            ),
        ),
    ],
)
def test_the_problem_names_what_to_change(template: tuple[str, ...], text: str) -> None:
    """The template, what it lacks or has too much, and both remedies."""
    assert template_problem(template) == f"has customised subject claims {text}, {RESET}"


@pytest.mark.parametrize("place", ["repo", "repository", "repository_id"])
@pytest.mark.parametrize("part", ["context", "environment"])
def test_a_template_with_repository_and_environment_may_be_exact(place: str, part: str) -> None:
    """Each of the claims names the repository or the environment."""
    assert template_problem((place, part)) == ""
    assert template_problem((part, "ref", place)) == ""


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ((), (f"{OLD}:",)),
        (("repo", "context"), (f"{OLD}:",)),
        (("repository", "context"), ("repository:acme/billing:",)),
        (("repository_id", "context"), ("repository_id:41:",)),
        (
            ("context", "repo"),
            (f"environment:dev:{OLD}", f"environment:prod:{OLD}"),
        ),
        (
            ("ref", "repo", "actor"),
            (f"{OLD}:environment:dev", f"{OLD}:environment:prod"),
        ),
    ],
)
def test_beginnings_are_those_of_all_jobs(
    template: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    """Of a template that begins with the repository, up to its value; else whole subjects."""
    assert beginnings(declared(), ("dev", "prod"), facts(*template)) == expected
