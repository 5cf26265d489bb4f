"""Customised templates of claims: followed where they make the subject exact, else refused."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.documents.subject import sent_subjects, template_problem
from components.model.types import ENVIRONMENTS
from tests.components.documents.gate import Claims, Hub, clear, declared, outcome, provision

KNOWN = (
    *("repo", "context", "environment", "repository", "repository_id", "repository_owner"),
    *("repository_owner_id", "repository_visibility", "ref", "ref_type", "workflow"),
    *("workflow_ref", "job_workflow_ref", "event_name"),
)
UNKNOWN = (
    *("actor", "actor_id", "sha", "workflow_sha", "job_workflow_sha", "run_id", "run_number"),
    *("run_attempt", "check_run_id", "runner_environment", "ref_protected", "head_ref"),
    *("base_ref", "environment_node_id", "repo_property_team"),
)
OF_REF = ("ref_type", "workflow_ref", "job_workflow_ref")
EXACT = declared()
SEVERAL = declared(
    deploy={"manual": True, "command": "./deploy"},
    environments={"prod": {"deployment_branches": ["main", "hotfix"]}},
)
WILD = declared(environments={name: {"deployment_branches": ["*"]} for name in ENVIRONMENTS})


@pytest.fixture(autouse=True, scope="module")
def _account() -> Iterator[None]:
    """Forget the account of this module."""
    clear()
    yield
    clear()


templates = st.lists(st.sampled_from([*KNOWN, *UNKNOWN]), min_size=1, max_size=4, unique=True)


@settings(max_examples=150)
@given(
    template=templates | st.permutations(("repo", "context", "job_workflow_ref")).map(list),
    number=st.integers(0, 2),
    immutable=st.booleans(),
    organisation=st.booleans(),
)
def test_a_followed_template_admits_its_jobs_alone(
    template: list[str],
    number: int,
    immutable: bool,  # noqa: FBT001 - drawn
    organisation: bool,  # noqa: FBT001 - drawn
) -> None:
    """If a template is followed, each job that deploys gets its role, and no other environment's.

    If it is not, the problem names a claim that the template lacks, or that is not known.
    """
    repository, keys = (EXACT, SEVERAL, WILD)[number], tuple(template)
    own, inherited = ((), keys) if organisation else (keys, ())
    hub = Hub(repository, immutable=immutable, template=own, organisation_template=inherited)
    found = {name: sent_subjects(repository, name, hub.facts) for name in ENVIRONMENTS}
    if any(one.problem for one in found.values()):
        lacking = not {"repo", "repository", "repository_id"} & set(keys) or not {
            *("context", "environment")
        } & set(keys)
        unknown = set(keys) & {*UNKNOWN, *(("ref", *OF_REF) if repository is WILD else ())}
        assert lacking or unknown
        text = next(one.problem for one in found.values() if one.problem)
        assert lacking or all(key in text for key in unknown & set(keys))
        return
    tokens = {name: list(hub.tokens(name)) for name in ENVIRONMENTS}
    for name in ENVIRONMENTS:
        role = provision(hub, name)
        for other, several in tokens.items():
            expected = "admitted" if other == name else "AccessDenied"
            assert {outcome(role, claims) for claims in several} == {expected}
            elsewhere = [_of_another(claims) for claims in several]
            assert {outcome(role, claims) for claims in elsewhere} == {"AccessDenied"}


def _of_another(claims: Claims) -> Claims:
    """The same job in a repository with another name and other ids."""
    moved = claims["sub"]
    for ours, theirs in (
        ("acme@9/billing@41", "acme@9/invoices@42"),
        ("acme/billing", "acme/invoices"),
        ("repository_id:41", "repository_id:42"),
    ):
        moved = moved.replace(ours, theirs)
    return claims | {"sub": moved}


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (("repo", "actor"), "do not name the environment: add context or environment"),
        (("context", "ref"), "do not name the repository: add repo, repository or repository_id"),
        (("repo", "context", "run_id"), "(run_id: it is another one for each run)"),
        (("repo", "context", "actor", "sha"), "take actor and sha out of the template"),
        (("repo", "context", "repo_property_a"), "slipway does not know its value"),
        (("those of the organisation, which may not be read",), "let the token read them"),
    ],
)
def test_a_refused_template_says_why(template: tuple[str, ...], said: str) -> None:
    """The text names the claim, the reason and what to change."""
    text = template_problem(template)
    assert said in text
    assert text.endswith("or reset the customisation to GitHub's default")
