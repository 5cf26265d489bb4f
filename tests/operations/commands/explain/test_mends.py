"""The changes of a job that an explanation names."""

from dataclasses import replace
from typing import Any

import pytest

from operations.commands.explain.asked import Claims
from operations.commands.explain.iam.request import ACTION, Request
from operations.commands.explain.iam.trust import judge
from operations.commands.explain.mends import name_environment, next_step, other_claim
from operations.commands.explain.step import Result, Step
from tests.operations.commands.explain.policies import PROVIDER
from tests.operations.commands.explain.test_forms import trust_step
from tests.sandbox.aws.documents import GITHUB as ISSUER

FOLDER = ".github/workflows"
PRD = f"acme/billing/{FOLDER}/python-prd.yml@refs/heads/main"
FILE = f"{FOLDER}/python-prd.yml"
PROD = "repo:acme/billing:environment:prod"
ADDED = f"add `environment: prod` to the job, or deploy from {FILE}, whose job has it"


@pytest.mark.parametrize(
    ("claims", "text"),
    [
        (
            {},
            ADDED,
        ),
        (
            {"workflow_ref": PRD, "job_workflow_ref": "acme/ci/.github/workflows/d.yml@refs/x"},
            f"add `environment: prod` to the job in {FOLDER}/d.yml",
        ),
        (
            {"workflow_ref": f"acme/billing/{FOLDER}/d.yml@x", "environment": "Live"},
            f"write `environment: prod` in place of Live in the job in {FOLDER}/d.yml",
        ),
        (
            {"job_workflow_ref": PRD.replace("prd", "test"), "environment": "test"},
            f"deploy to prod from {FOLDER}/python-prd.yml",
        ),
    ],
)
def test_a_job_names_the_environment_in_its_own_file(claims: Claims, text: str) -> None:
    """The file is the one that has the job; other files of slipway deploy elsewhere."""
    assert name_environment("prod", claims).text == text


@pytest.mark.parametrize(
    ("claim", "got", "wanted", "text"),
    [
        (
            "job_workflow_ref",
            f"acme/billing/{FOLDER}/own.yml@refs/heads/main",
            PRD,
            f"deploy from {FOLDER}/python-prd.yml: the role admits that file only",
        ),
        (
            "job_workflow_ref",
            PRD.replace("main", "x"),
            PRD,
            f"deploy from refs/heads/main: the role admits {FILE} of that ref only",
        ),
        (
            "ref",
            "refs/heads/x",
            "refs/heads/main",
            "deploy from refs/heads/main: the role admits that ref only",
        ),
        (
            "sub",
            "repo:acme/billing:ref:refs/heads/main",
            PROD,
            ADDED,
        ),
        (
            "sub",
            "repo:acme/other:environment:prod",
            PROD,
            f"deploy with the sub {PROD}: no other is admitted",
        ),
    ],
)
def test_another_claim_is_mended_by_a_change_of_the_job(
    claim: str, got: str, wanted: str, text: str
) -> None:
    """Each mend says what to deploy from, or which line to write."""
    assert other_claim("prod", {claim: got}, claim, (wanted,)).text == text


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("aud", "request the token for the audience a or b: the role admits that only"),
        ("repository", "deploy from a or b: the role admits that repository only"),
        ("repository_id", "deploy from the repository a or b: the role admits that id only"),
        ("environment", ADDED),
        ("actor", "deploy with the actor a or b: no other is admitted"),
    ],
)
def test_a_claim_with_several_admitted_values_names_them(claim: str, text: str) -> None:
    """A claim that the job does not have is mended as one with another value."""
    assert other_claim("prod", {}, claim, ("a", "b")).text == text


def test_a_file_is_told_by_its_path_and_ref() -> None:
    """The path ends at the first `@`, as a ref may have one; refs and paths are alternatives."""
    own, other = f"acme/billing/{FILE}", f"acme/ci/{FOLDER}/d.yml"
    at = (f"{own}@refs/tags/v@1", f"{own}@refs/tags/v@2")
    for got, wanted, text in (
        (
            f"{own}@refs/tags/v@3",
            at,
            f"deploy from refs/tags/v@1 or refs/tags/v@2: the role admits {FILE} of that ref only",
        ),
        (
            f"acme/billing/{FOLDER}/own.yml@x",
            (at[0], f"{other}@x"),
            f"deploy from {FILE} or {FOLDER}/d.yml: the role admits that file only",
        ),
    ):
        claims = {"workflow_ref": got}
        assert other_claim("prod", claims, "workflow_ref", wanted).text == text


def test_a_question_that_cannot_be_judged_has_a_next_step() -> None:
    """An option helps where a claim is not known, and not where a part cannot be evaluated."""
    options = "--run URL, or --token FILE"
    unknown = trust_step("x")
    assert next_step(unknown, options).text == f"give the job itself: {options}"
    assert next_step(unknown, "").text == "run the job: slipway cannot evaluate this part"
    account = Step(side="AWS", name="account", result=Result.UNKNOWN, answer="")
    assert next_step(account, options).text == "give credentials that may read the account"
    role = Step(side="AWS", name="role", result=Result.UNKNOWN, answer="")
    assert next_step(role, options).text == f"give the job itself: {options}"
    operator: dict[str, Any] = {
        "Principal": {"Federated": PROVIDER},
        "Action": ACTION,
        "Effect": "Allow",
    }
    operator |= {"Condition": {"NumericEquals": {f"{ISSUER}:sub": "1"}}}
    request = Request(provider=PROVIDER, issuer=ISSUER, claims={"sub": "x"})
    evaluated = replace(unknown, trust=judge({"Statement": operator}, request))
    assert next_step(evaluated, options).text == "run the job: slipway cannot evaluate this part"
