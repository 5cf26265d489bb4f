"""Changes by hand, each with what is to be said of it, who repairs it and how it is undone.

Tampers of one batch touch different objects, so that one run can show them all.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from tests.e2e.conftest import World
from tests.e2e.tampering import hands

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
OTHER_JOB = (
    "name: other\non: push\njobs:\n  a:\n    runs-on: x\n    environment: prod\n    steps: []\n"
)
SAME_NAME = "name: python-test\non: push\njobs:\n  a:\n    runs-on: x\n    steps: []\n"


class Tamper(NamedTuple):
    """One change and what must be said of it."""

    do: Callable[[World], Any]
    #: `repository | object | field`.
    place: str
    direction: str
    repair: str
    #: For what nothing of ours repairs: how its maker takes it back.
    undo: Callable[[World], Any] | None = None


def _hand(function: Callable[..., Any], *arguments: Any, **named: Any) -> Callable[[World], Any]:
    return lambda world: function(world, *arguments, **named)


def _policy(**flags: bool) -> dict[str, bool]:
    return {"protected_branches": False, "custom_branch_policies": False} | flags


def _edited(world: World, old: str, new: str, *, repository: str, file: str) -> None:
    text = hands.workflow(world, repository, "main", file)
    assert old in text
    hands.write_workflow(world, repository, "main", file, text.replace(old, new, 1))


def _iam(account: str, call: str, **arguments: Any) -> Callable[[World], Any]:
    return lambda world: getattr(world.iam(account), call)(**arguments)


def _github(method: str, path: str, body: object = None) -> Callable[[World], Any]:
    return lambda world: world.github(method, path, body)


_environment = partial(_hand, hands.environment)

#: Environments and what is in them; and a branch, which would take a file with it.
GITHUB = {
    "last reviewer removed": Tamper(
        _environment("billing/prod", reviewers=[]),
        "billing | environment prod | reviewers",
        "weaker",
        "refresh, then up",
    ),
    "reviewer added": Tamper(
        _environment("payments/prod", reviewers=["Team payments", "User octocat", "User hubot"]),
        "payments | environment prod | reviewers",
        "weaker",
        "up",
    ),
    "wait timer off": Tamper(
        _environment("payments/prod", wait_timer=0),
        "payments | environment prod | wait_minutes",
        "weaker",
        "up",
    ),
    "reviewer exchanged": Tamper(
        _environment("legacy-reports/prod", reviewers=["User hubot"]),
        "legacy-reports | environment prod | reviewers",
        "weaker",
        "up",
    ),
    "self review allowed": Tamper(
        _environment("legacy-reports/prod", prevent_self_review=False),
        "legacy-reports | environment prod | prevent_self_review",
        "weaker",
        "up",
    ),
    "administrators may bypass": Tamper(
        _environment("legacy-reports/prod", can_admins_bypass=True),
        "legacy-reports | environment prod | admin_bypass",
        "weaker",
        "up",
    ),
    "wait timer made longer": Tamper(
        _environment("legacy-reports/prod", wait_timer=20),
        "legacy-reports | environment prod | wait_minutes",
        "stronger",
        "up",
    ),
    "reviewers where none are declared": Tamper(
        _environment("payments/test", reviewers=["User hubot"]),
        "payments | environment test | reviewers",
        "stronger",
        "up",
    ),
    "any branch may deploy": Tamper(
        _environment("billing/test", deployment_branch_policy=None),
        "billing | environment test | deployment_branches",
        "weaker",
        "up",
    ),
    "protected branches may deploy": Tamper(
        _environment("billing/dev", deployment_branch_policy=_policy(protected_branches=True)),
        "billing | environment dev | deployment_branches",
        "weaker",
        "up",
    ),
    "branch pattern added": Tamper(
        _hand(hands.add_pattern, "billing/prod", "hotfix/*"),
        "billing | environment prod, branch policy hotfix/* | ",
        "weaker",
        "by hand",
        _hand(hands.remove_pattern, "billing/prod", "hotfix/*"),
    ),
    "branch pattern edited": Tamper(
        _hand(hands.edit_pattern, "payments/prod", "main", "*"),
        "payments | environment prod, branch policy * | ",
        "weaker",
        "up",
    ),
    "branch pattern removed": Tamper(
        _hand(hands.remove_pattern, "payments/test", "main"),
        "payments | environment test, branch policy main | ",
        "stronger",
        "up",
    ),
    "tag pattern removed": Tamper(
        _hand(hands.remove_pattern, "payments/prod", "v*"),
        "payments | environment prod, tag policy v* | ",
        "stronger",
        "up",
    ),
    "tag pattern added": Tamper(
        _hand(hands.add_pattern, "legacy-reports/test", "x*", "tag"),
        "legacy-reports | environment test, tag policy x* | ",
        "weaker",
        "by hand",
        _hand(hands.remove_pattern, "legacy-reports/test", "x*"),
    ),
    "environment deleted": Tamper(
        _github("DELETE", "repos/acme/legacy-reports/environments/dev"),
        "legacy-reports | environment dev | ",
        "weaker",
        "up",
    ),
    "environment added": Tamper(
        _github("PUT", "repos/acme/billing/environments/staging", {}),
        "billing | repository | environments",
        "neutral",
        "by hand",
        _github("DELETE", "repos/acme/billing/environments/staging"),
    ),
    "variable changed": Tamper(
        _hand(hands.variable, "payments/dev", "LOG_LEVEL", "trace"),
        "payments | environment dev, variable LOG_LEVEL | value",
        "neutral",
        "up",
    ),
    "role variable changed": Tamper(
        _hand(hands.variable, "payments/dev", "AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/x"),
        "payments | environment dev, variable AWS_ROLE_ARN | value",
        "weaker",
        "up",
    ),
    "variable deleted": Tamper(
        _hand(hands.variable, "payments/prod", "LOG_LEVEL", None),
        "payments | environment prod, variable LOG_LEVEL | ",
        "neutral",
        "up",
    ),
    "variable added": Tamper(
        _hand(hands.variable, "payments/test", "DEBUG", "1"),
        "payments | environment test, variable DEBUG | ",
        "neutral",
        "by hand",
        _hand(hands.variable, "payments/test", "DEBUG", None),
    ),
    "secret overwritten": Tamper(
        _hand(hands.secret, "payments/prod", "STRIPE_API_KEY", "somebody-elses"),
        "payments | environment prod, secret STRIPE_API_KEY | value",
        "weaker",
        "refresh, then up",
    ),
    "secret deleted": Tamper(
        _hand(hands.secret, "payments/prod", "DATABASE_URL", None),
        "payments | environment prod, secret DATABASE_URL | ",
        "neutral",
        "up",
    ),
    "secret added": Tamper(
        _hand(hands.secret, "billing/prod", "TOKEN", "somebody-elses"),
        "billing | environment prod, secret TOKEN | ",
        "neutral",
        "by hand",
        _hand(hands.secret, "billing/prod", "TOKEN", None),
    ),
    "trigger branch deleted": Tamper(
        _github("DELETE", "repos/acme/billing/git/refs/heads/develop"),
        "billing | branch develop | ",
        "neutral",
        "up",
    ),
}
#: Workflow files, roles and OIDC providers.
FILES_AND_ROLES = {
    "workflow edited": Tamper(
        _hand(
            _edited,
            "contents: read",
            "contents: write",
            repository="billing",
            file="python-dev.yml",
        ),
        "billing | python-dev.yml on main | content",
        "weaker",
        "up",
    ),
    "workflow deleted": Tamper(
        _hand(hands.write_workflow, "payments", "main", "python-prd.yml", None),
        "payments | python-prd.yml on main | ",
        "neutral",
        "up",
    ),
    "producer of workflow_run renamed": Tamper(
        _hand(
            _edited,
            "name: python-test",
            "name: tests",
            repository="payments",
            file="python-test.yml",
        ),
        "payments | python-test.yml on main | name",
        "neutral",
        "up",
    ),
    "another workflow uses prod": Tamper(
        _hand(hands.write_workflow, "billing", "main", "deploy.yml", OTHER_JOB),
        "billing | deploy.yml on main | environment",
        "weaker",
        "by hand",
        _hand(hands.write_workflow, "billing", "main", "deploy.yml", None),
    ),
    "another workflow triggers prod": Tamper(
        _hand(hands.write_workflow, "payments", "main", "ci.yml", SAME_NAME),
        "payments | ci.yml on main | name",
        "weaker",
        "by hand",
        _hand(hands.write_workflow, "payments", "main", "ci.yml", None),
    ),
    "trust widened to a pattern": Tamper(
        _hand(hands.trust, "billing-prod", "environment:prod", "environment:*"),
        "billing | role acme.billing-prod | trust",
        "weaker",
        "up",
    ),
    "trust moved to another environment": Tamper(
        _hand(hands.trust, "payments-prod", "environment:prod", "environment:dev"),
        "payments | role acme.payments-prod | trust",
        "weaker",
        "up",
    ),
    "permissions widened": Tamper(
        _hand(hands.inline_policy, "billing-test", "deploy", hands.ALL_OF_S3),
        "billing | role acme.billing-test, inline policy deploy | document",
        "weaker",
        "up",
    ),
    "permissions removed": Tamper(
        _hand(hands.inline_policy, "payments-test", "deploy", None),
        "payments | role acme.payments-test, inline policy deploy | ",
        "stronger",
        "up",
    ),
    "inline policy added": Tamper(
        _hand(hands.inline_policy, "billing-prod", "extra", hands.ALL_OF_S3),
        "billing | role acme.billing-prod, inline policy extra | ",
        "weaker",
        "by hand",
        _hand(hands.inline_policy, "billing-prod", "extra", None),
    ),
    "managed policy attached": Tamper(
        _hand(hands.managed_policy, "billing-dev", ADMINISTRATOR, attached=True),
        f"billing | role acme.billing-dev, managed policy {ADMINISTRATOR} | ",
        "weaker",
        "by hand",
        _hand(hands.managed_policy, "billing-dev", ADMINISTRATOR, attached=False),
    ),
    "managed policy detached": Tamper(
        _hand(hands.managed_policy, "billing-prod", READ_ONLY, attached=False),
        f"billing | role acme.billing-prod, managed policy {READ_ONLY} | ",
        "stronger",
        "up",
    ),
    "boundary taken off": Tamper(
        _iam("333333333333", "delete_role_permissions_boundary", RoleName="acme.payments-prod"),
        "payments | role acme.payments-prod | permissions_boundary",
        "weaker",
        "up",
    ),
    "session made longer": Tamper(
        _iam(
            "222222222222",
            "update_role",
            RoleName="acme.legacy-reports-test",
            MaxSessionDuration=7200,
        ),
        "legacy-reports | role acme.legacy-reports-test | max_session_seconds",
        "weaker",
        "up",
    ),
    "role deleted": Tamper(
        _hand(hands.delete_role, "legacy-reports-dev"),
        "legacy-reports | role acme.legacy-reports-dev | ",
        "neutral",
        "up",
    ),
    "tag removed": Tamper(
        _iam(
            "333333333333",
            "untag_role",
            RoleName="acme.legacy-reports-prod",
            TagKeys=["environment"],
        ),
        "legacy-reports | role acme.legacy-reports-prod | tags",
        "neutral",
        "up",
    ),
    "audience added": Tamper(
        _iam(
            "111111111111",
            "add_client_id_to_open_id_connect_provider",
            OpenIDConnectProviderArn=hands.oidc_arn("111111111111"),
            ClientID="somebody-else",
        ),
        " | OIDC provider of account 111111111111 | audiences",
        "weaker",
        "up",
    ),
    "audience removed": Tamper(
        _iam(
            "222222222222",
            "remove_client_id_from_open_id_connect_provider",
            OpenIDConnectProviderArn=hands.oidc_arn("222222222222"),
            ClientID="sts.amazonaws.com",
        ),
        " | OIDC provider of account 222222222222 | audiences",
        "stronger",
        "up",
    ),
    "form of subjects changed by GitHub": Tamper(
        _github(
            "PUT",
            "repos/acme/legacy-reports/actions/oidc/customization/sub",
            {"use_default": True, "use_immutable_subject": True},
        ),
        "legacy-reports | role acme.legacy-reports-test | trust",
        "neutral",
        "up",
    ),
}
