"""The chain from a push to AWS: rendered files are tampered with, and what would break is told."""

from typing import Any

import pytest
from hypothesis import given, settings

from components.documents.workflows import render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import StackSettings
from operations.chain import findings
from operations.chain_calls import IAM_ACTIONS
from tests.components.documents.workflows.declarations import declarations
from tests.components.documents.workflows.test_scripts import iam_action

SETTINGS = StackSettings.model_validate(
    {
        "owner": "acme",
        "accounts": {
            name: {"account_id": digit * 12, "region": "eu-west-1"}
            for name, digit in (("dev", "1"), ("test", "2"), ("prod", "3"))
        },
    }
)
BILLING: dict[str, Any] = {
    "repository": "billing",
    "deploy": {"lambda_function": "billing-api", "alias": "live"},
    "artifacts": {"s3_bucket": "acme-packages"},
    "environments": {"prod": {"secrets": ["API_KEY"], "variables": {"LEVEL": "info"}}},
}


def found(declared: dict[str, Any], *changes: tuple[str, str, str]) -> list[tuple[str, str]]:
    """Place and text of each finding, in files in which texts were replaced."""
    repository = Repository.model_validate(declared)
    texts = dict(render_workflows(repository.name, Pipeline.of(repository)))
    for file, old, new in changes:
        assert old in texts[file], old
        texts[file] = texts[file].replace(old, new)
    return [
        (".".join(map(str, finding.path)), finding.text)
        for finding in findings(SETTINGS, repository, texts)
    ]


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
        "deploy",
        (
            "python-prd.yml, job deploy-prod, step 'Deploy to prod': reads secrets.APP_KEY, "
            "which environment prod has not (its secrets: API_KEY): declare it in "
            "environments.prod.secrets"
        ),
    ),
    "a variable that the environment has not": (
        (PROD, "vars.LEVEL", "vars['LOG_LEVEL']"),
        "deploy",
        (
            "python-prd.yml, job deploy-prod, step 'Deploy to prod': reads vars.LOG_LEVEL, "
            "which environment prod has not (its variables: AWS_ROLE_ARN, AWS_REGION, LEVEL): "
            "declare it in environments.prod.variables"
        ),
    ),
    "all secrets at once": (
        (PROD, "${{ secrets.API_KEY }}", "${{ toJSON(secrets) }}"),
        "deploy",
        (
            "python-prd.yml, job deploy-prod, step 'Deploy to prod': reads secrets as a whole "
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
            " the role's policies (deploy) allows s3:PutObject on arn:aws:s3:::/COMMIT/PACKAGE.zip:"
            " add a policy that does"
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


def test_a_step_of_the_users_own_may_read_what_is_declared_only() -> None:
    """The place is the step's own, in each environment that lacks the secret."""
    step = {"name": "Smoke", "run": "./smoke.sh", "env": {"KEY": "${{ secrets.API_KEY }}"}}
    declared = BILLING | {"deploy": {"command": "x", "after": [step]}}
    assert [(place, text.partition(",")[0]) for place, text in found(declared)] == [
        ("deploy.after.0", "python-dev.yml"),
        ("deploy.after.0", "python-test.yml"),
    ]


def test_a_ci_job_has_no_environment_to_read_from() -> None:
    """Its steps get an empty text from GitHub, and no error."""
    step = {"name": "Scan", "uses": "acme/scan@v1", "with": {"key": "${{ secrets.API_KEY }}"}}
    told = found(BILLING | {"ci": {"security": {"before": [step]}}})
    assert {place for place, _ in told} == {"ci.security.before.0"}
    assert all("the job has no environment" in text for _, text in told)


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
    declared = BILLING | {"environments": {"dev": {"role": {"inline_policies": {"own": document}}}}}
    told = [text for _, text in found(declared)]
    assert bool(told) == (says is not None)
    assert all(str(says) in text for text in told)


def test_a_name_in_a_text_is_not_read() -> None:
    """Quoted words in an expression are no context."""
    assert found(BILLING, (PROD, "${{ secrets.API_KEY }}", "${{ 'secrets.X' }}")) == []


@pytest.mark.parametrize(
    ("call", "action"),
    [(call, action) for call, action in IAM_ACTIONS.items() if call.startswith("lambda ")],
)
def test_actions_are_those_of_awss_own_models(call: str, action: str) -> None:
    """A call is one operation, which is the action's name; a waiter polls one."""
    assert iam_action(call.split()) == action
