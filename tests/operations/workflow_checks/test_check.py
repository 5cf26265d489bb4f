"""The chain from a push to AWS: rendered files are tampered with, and what would break is told."""

from typing import Any

import pytest
from hypothesis import given, settings

from operations.workflow_checks.permissions import IAM_ACTIONS
from tests.components.documents.workflows.declarations import declarations
from tests.components.documents.workflows.test_scripts import iam_action
from tests.operations.workflow_checks.chained import BILLING, found


def test_what_is_rendered_holds_together() -> None:
    """The renderer and the model agree; so every finding below is of the tampering."""
    assert found(BILLING) == []


@settings(max_examples=30)
@given(declared=declarations)
def test_whatever_is_declared_holds_together(declared: dict[str, Any]) -> None:
    """A valid declaration renders to a chain that a push can go through."""
    assert found(declared) == []


DEV, TEST, PROD = "python-dev.yml", "python-test.yml", "python-prd.yml"
CASES: dict[str, tuple[tuple[str, str, str], str, str]] = {
    "an environment that nobody provisions": (
        (DEV, "environment: dev\n", "environment: staging\n"),
        "environments",
        (
            "python-dev.yml, job deploy-dev: environment 'staging' is not provisioned, GitHub "
            "would make one without any rule: name one of dev, test, prod"
        ),
    ),
    "an environment that differs in case": (
        (DEV, "environment: dev\n", "environment: Dev\n"),
        "environments",
        (
            "python-dev.yml, job deploy-dev: environment 'Dev' is not provisioned, GitHub would"
            " make one without any rule: name one of dev, test, prod"
        ),
    ),
    "a branch that the environment does not admit": (
        (TEST, "branches: [main]", "branches: [main, trunk]"),
        "environments.test.deployment_branches",
        (
            "python-test.yml, job deploy-test: a push of 'trunk' deploys to test, whose policy "
            "for branches admits main: add 'trunk' to it, or change the trigger"
        ),
    ),
    "any branch": (
        (DEV, "    branches: [develop]\n", "    paths: [src]\n"),
        "environments.dev.deployment_branches",
        (
            "python-dev.yml, job deploy-dev: a push of every branch deploys to dev: filter "
            "on.push.branches"
        ),
    ),
    "a pattern": (
        (DEV, "branches: [develop]", 'branches: ["release/*"]'),
        "environments.dev.deployment_branches",
        (
            "python-dev.yml, job deploy-dev: on.push.branches has the pattern 'release/*', and "
            "whether environment dev admits all it matches cannot be checked: name each one"
        ),
    ),
    "an event of which the branch is not known": (
        (DEV, "on:\n", "on:\n  workflow_dispatch:\n"),
        "environments.dev",
        (
            "python-dev.yml, job deploy-dev: workflow_dispatch starts a deployment to dev, and "
            "which branch it comes from cannot be checked: use push or workflow_run"
        ),
    ),
    "a producer of another name": (
        (TEST, "name: python-test\n", "name: tests\n"),
        "",
        (
            "python-prd.yml: waits for the workflow 'python-test', which no file has: name one "
            "of python-dev, python-prd, tests"
        ),
    ),
    "a producer that runs elsewhere": (
        (PROD, "branches: [main]", "branches: [stable]"),
        "branches",
        (
            "python-prd.yml: waits for runs of python-test on 'stable', but python-test runs on"
            " main: make the branches the same"
        ),
    ),
    "a secret that the environment has not": (
        (PROD, "secrets.API_KEY", "secrets.APP_KEY"),
        "deploy.after.0",
        (
            "python-prd.yml, job deploy-prod, step 'Smoke': reads secrets.APP_KEY, "
            "which environment prod has not (its secrets: API_KEY): declare it in "
            "environments.prod.secrets"
        ),
    ),
    "a variable that the environment has not": (
        (PROD, "vars.LEVEL", "vars['LOG_LEVEL']"),
        "deploy.after.0",
        (
            "python-prd.yml, job deploy-prod, step 'Smoke': reads vars.LOG_LEVEL, "
            "which environment prod has not (its variables: AWS_ROLE_ARN, AWS_REGION, LEVEL): "
            "declare it in environments.prod.variables"
        ),
    ),
    "all secrets at once": (
        (PROD, "${{ secrets.API_KEY }}", "${{ toJSON(secrets) }}"),
        "deploy.after.0",
        (
            "python-prd.yml, job deploy-prod, step 'Smoke': reads secrets as a whole "
            "or by a computed name, which cannot be checked: name each one"
        ),
    ),
    "a call that the role may not make": (
        (
            DEV,
            "aws lambda publish-version",
            "aws s3 cp x s3://elsewhere; aws lambda publish-version",
        ),
        "environments.dev.role.inline_policies",
        (
            "python-dev.yml, job deploy-dev, step 'Deploy to dev': calls aws s3 cp, but none of"
            " the role's policies (deploy) allows s3:PutObject on arn:aws:s3:::elsewhere:"
            " add a policy that does"
        ),
    ),
    "an upload to another environment's packages": (
        (DEV, "lambda-package-dev", "lambda-package-prod"),
        "environments.dev.role.inline_policies",
        (
            "allows s3:PutObject on "
            "arn:aws:s3:::acme-packages/billing/COMMIT/lambda-package-prod.zip: add a policy that "
            "does"
        ),
    ),
    "another function than the role is for": (
        (DEV, "LAMBDA_FUNCTION: billing-api", "LAMBDA_FUNCTION: ledger-api"),
        "environments.dev.role.inline_policies",
        (
            "calls aws lambda update-function-code, but none of the role's policies (deploy) "
            "allows lambda:UpdateFunctionCode on arn:aws:lambda:eu-"
            "west-1:111111111111:function:ledger-api: add a policy that does"
        ),
    ),
}


@pytest.mark.parametrize(("change", "place", "text"), CASES.values(), ids=CASES)
def test_what_would_break_is_told(change: tuple[str, str, str], place: str, text: str) -> None:
    """With job and step, what was found, what is allowed and what to do; at the cause's place."""
    told = found(BILLING, change)
    assert any(at == place and said.endswith(text) for at, said in told), told


NOT = "github.event_name != 'pull_request'"
PULLS = (TEST, "on:\n", "on:\n  pull_request:\n    branches: [main]\n")


@pytest.mark.parametrize(
    ("condition", "told"),
    [(f"always() && {NOT}", False), (NOT, False), ("always()", True), (f"always() || {NOT}", True)],
)
def test_a_pull_request_deploys_nothing(condition: str, *, told: bool) -> None:
    """CI may run on it; the job with an environment has to exclude it by its condition."""
    changed = (TEST, "\n    environment: test\n", f"\n    if: {condition}\n    environment: test\n")
    without = (TEST, "\n    if: always()\n", "\n")
    text = (
        "python-test.yml, job deploy-test: pull_request starts a deployment to test, of what "
        "nobody has merged: exclude it in the job's `if`, as in "
        "`github.event_name != 'pull_request'`"
    )
    wanted = [("environments.test", text)] if told else []
    assert found(BILLING, PULLS, without, changed) == wanted


@pytest.mark.parametrize("profile", ["standard", "strict"])
def test_runs_by_hand_and_on_pull_requests_hold_together(profile: str) -> None:
    """What is rendered for them is a chain without a finding."""
    declared = {"profile": profile, "ci": {"pull_requests": True}}
    deploy = BILLING["deploy"] | {"manual": True}
    assert found(BILLING | declared | {"deploy": deploy}) == []


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ({"Effect": "Deny", "Action": "lambda:*", "Resource": "*"}, "a policy denies"),
        ({"Effect": "Deny", "NotAction": "s3:*", "NotResource": "x"}, "a policy denies"),
        ({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*"}, None),
    ],
)
def test_a_policy_of_the_users_own_may_deny(policy: dict[str, Any], says: str | None) -> None:
    """IAM: a denial is stronger than what the derived policy allows."""
    document = {"Version": "2012-10-17", "Statement": policy}
    environments = BILLING["environments"]
    dev = environments["dev"] | {"role": {"inline_policies": {"own": document}}}
    declared = BILLING | {"environments": environments | {"dev": dev}}
    told = [text for _, text in found(declared)]
    assert bool(told) == (says is not None)
    assert all(str(says) in text for text in told)


@pytest.mark.parametrize(
    ("call", "action"),
    [(call, action) for call, action in IAM_ACTIONS.items() if call.startswith("lambda ")],
)
def test_actions_are_those_of_awss_own_models(call: str, action: str) -> None:
    """A call is one operation, which is the action's name; a waiter polls one."""
    assert iam_action(call.split()) == action
