"""Only declarations whose workflows would fail at run time are problems."""

from typing import Any

import pytest
from hypothesis import given, settings

from operations.checks.workflows.permissions import IAM_ACTIONS
from tests.components.documents.workflows.declarations import declarations
from tests.components.documents.workflows.test_scripts import iam_action
from tests.operations.checks.workflows.chained import BILLING, found, with_smoke


def test_the_unchanged_repository_has_no_problem() -> None:
    """The unchanged repository has no problem."""
    assert found(BILLING) == []


@settings(max_examples=30)
@given(declared=declarations)
def test_a_valid_declaration_has_no_problem(declared: dict[str, Any]) -> None:
    """Every valid declaration renders to workflows without a problem."""
    assert found(declared) == []


READING = "python-prd.yml, job deploy-prod, step 'Smoke': reads"
CASES = {
    "a secret that the environment has not": (
        "${{ secrets.APP_KEY }}",
        (
            f"{READING} secrets.APP_KEY, which environment prod has not (its secrets: API_KEY): "
            "declare it in environments.prod.secrets"
        ),
    ),
    "a variable that the environment has not": (
        "${{ vars['LOG_LEVEL'] }}",
        (
            f"{READING} vars.LOG_LEVEL, which environment prod has not (its variables: "
            "AWS_ROLE_ARN, AWS_REGION, LEVEL): declare it in environments.prod.variables"
        ),
    ),
    "all secrets at once": (
        "${{ toJSON(secrets) }}",
        (
            f"{READING} secrets as a whole or by a computed name, which cannot be checked: "
            "name each one"
        ),
    ),
}


@pytest.mark.parametrize(("value", "text"), CASES.values(), ids=CASES)
def test_an_empty_value_is_a_problem(value: str, text: str) -> None:
    """A value that would be empty is a problem with file, job, step and remedy."""
    assert ("deploy.after.0", text) in found(with_smoke(KEY=value))


def own_policy(name: str, *statements: dict[str, Any]) -> dict[str, Any]:
    """Return the repository with its own inline policy in dev."""
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    environments = BILLING["environments"]
    dev = environments["dev"] | {"role": {"inline_policies": {name: document}}}
    return BILLING | {"environments": environments | {"dev": dev}}


def test_declared_scripts_may_call_anything() -> None:
    """Declared scripts may call any AWS action, in every step that runs them."""
    step = {"name": "Own", "run": "aws ec2 describe-instances\naws s3 cp x s3://elsewhere"}
    ci = {name: {"before": [step], "after": [step]} for name in ("lint", "security", "tests")}
    around = {"before": [step], "after": [step]}
    deploy = around | {"command": f"{step['run']}\n"}
    declared = {"ci": ci, "package": {"before": [step]}, "deploy": deploy}
    policy = own_policy("own", {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::other"})
    assert found(policy | declared) == []
    folders = {"api": {"working_directory": "api", "before": [step]}}
    assert found(policy | {"ci": ci, "packages": folders, "deploy": around}) == []


@pytest.mark.parametrize("profile", ["standard", "strict"])
def test_runs_by_hand_and_on_pull_requests_have_no_problem(profile: str) -> None:
    """Workflows for runs by hand and pull requests have no problem."""
    declared = {"profile": profile, "ci": {"pull_requests": True}}
    deploy = BILLING["deploy"] | {"manual": True}
    assert found(BILLING | declared | {"deploy": deploy}) == []


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ({"Effect": "Deny", "Action": "lambda:*", "Resource": "*"}, "a policy denies"),
        ({"Effect": "Deny", "NotAction": "s3:*", "NotResource": "x"}, "a policy denies"),
        (
            {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*/lambda-package-dev.zip"},
            (
                "calls aws s3 cp, but a policy denies s3:PutObject on "
                "arn:aws:s3:::acme-packages/billing/COMMIT/lambda-package-dev.zip: take it out"
            ),
        ),
        ({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*"}, None),
        ({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, None),
        (
            {
                "Effect": "Deny",
                "Action": "*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
            None,
        ),
    ],
)
def test_a_policy_of_the_users_own_may_deny(policy: dict[str, Any], says: str | None) -> None:
    """A user's policy that denies a needed action is a problem, since a Deny wins."""
    told = [text for _, text in found(own_policy("own", policy))]
    assert bool(told) == (says is not None)
    assert all(str(says) in text for text in told)


@pytest.mark.parametrize(
    ("call", "action"),
    [(call, action) for call, action in IAM_ACTIONS.items() if call.startswith("lambda ")],
)
def test_actions_are_those_of_awss_own_models(call: str, action: str) -> None:
    """IAM actions have the names of the operations in AWS's own models."""
    assert iam_action(call.split()) == action
