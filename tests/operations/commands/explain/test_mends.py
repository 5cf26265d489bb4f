"""The changes of a job that an explanation names."""

import pytest

from operations.commands.explain.asked import Claims
from operations.commands.explain.mends import name_environment, next_step, other_claim
from operations.commands.explain.step import Result, Step
from tests.operations.commands.explain.test_forms import trust_step

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


def test_a_question_that_cannot_be_judged_has_a_next_step() -> None:
    """An option helps where a claim is not known, and not where a part cannot be evaluated."""
    options = "--run URL, or --token FILE"
    unknown = trust_step("x")
    assert next_step(unknown, options).text == f"give the job itself: {options}"
    assert next_step(unknown, "").text == "run the job: slipway cannot evaluate this part"
    account = Step(side="AWS", name="account", result=Result.UNKNOWN, answer="")
    assert next_step(account, options).text == "give credentials that may read the account"
