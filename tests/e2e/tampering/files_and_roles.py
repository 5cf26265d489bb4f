"""Changes of workflow files, roles and OIDC providers, each of another object."""

from tests.e2e.tampering import hands
from tests.e2e.tampering.tampers import Tamper, by_hand, edited, github, iam

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
OTHER_JOB = (
    "name: other\non: push\njobs:\n  a:\n    runs-on: x\n    environment: prod\n    steps: []\n"
)
SAME_NAME = "name: python-test\non: push\njobs:\n  a:\n    runs-on: x\n    steps: []\n"


#: Workflow files, roles and OIDC providers.
FILES_AND_ROLES = {
    "workflow edited": Tamper(
        by_hand(
            edited,
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
        by_hand(hands.write_workflow, "payments", "main", "python-prd.yml", None),
        "payments | python-prd.yml on main | ",
        "neutral",
        "up",
    ),
    "producer of workflow_run renamed": Tamper(
        by_hand(
            edited,
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
        by_hand(hands.write_workflow, "legacy-reports", "main", "deploy.yml", OTHER_JOB),
        "legacy-reports | deploy.yml on main | uses environment",
        "weaker",
        "by hand",
        by_hand(hands.write_workflow, "legacy-reports", "main", "deploy.yml", None),
    ),
    "workflow of our name runs on another branch": Tamper(
        by_hand(hands.write_workflow, "payments", "develop", "python-prd.yml", OTHER_JOB),
        "payments | python-prd.yml on develop | uses environment",
        "weaker",
        "by hand",
        by_hand(hands.write_workflow, "payments", "develop", "python-prd.yml", None),
    ),
    "another workflow triggers prod": Tamper(
        by_hand(hands.write_workflow, "payments", "main", "ci.yml", SAME_NAME),
        "payments | ci.yml on main | name",
        "weaker",
        "by hand",
        by_hand(hands.write_workflow, "payments", "main", "ci.yml", None),
    ),
    "trust widened to a pattern": Tamper(
        by_hand(hands.trust, "billing-prod", "environment:prod", "environment:*"),
        "billing | role acme.billing-prod | trust",
        "weaker",
        "up",
    ),
    "trust moved to another environment": Tamper(
        by_hand(hands.trust, "payments-prod", "environment:prod", "environment:dev"),
        "payments | role acme.payments-prod | trust",
        "weaker",
        "up",
    ),
    "permissions widened": Tamper(
        by_hand(hands.inline_policy, "billing-test", "deploy", hands.ALL_OF_S3),
        "billing | role acme.billing-test, inline policy deploy | document",
        "weaker",
        "up",
    ),
    "permissions removed": Tamper(
        by_hand(hands.inline_policy, "payments-test", "deploy", None),
        "payments | role acme.payments-test, inline policy deploy | ",
        "stronger",
        "up",
    ),
    "inline policy added": Tamper(
        by_hand(hands.inline_policy, "billing-prod", "extra", hands.ALL_OF_S3),
        "billing | role acme.billing-prod, inline policy extra | ",
        "weaker",
        "up",
    ),
    "AdministratorAccess attached to prod's role": Tamper(
        by_hand(hands.managed_policy, "payments-prod", ADMINISTRATOR, attached=True),
        f"payments | role acme.payments-prod, managed policy {ADMINISTRATOR} | ",
        "weaker",
        "up",
    ),
    "managed policy detached": Tamper(
        by_hand(hands.managed_policy, "billing-prod", READ_ONLY, attached=False),
        f"billing | role acme.billing-prod, managed policy {READ_ONLY} | ",
        "stronger",
        "up",
    ),
    "boundary taken off": Tamper(
        iam("333333333333", "delete_role_permissions_boundary", RoleName="acme.payments-prod"),
        "payments | role acme.payments-prod | permissions_boundary",
        "weaker",
        "up",
    ),
    "boundary put on": Tamper(
        iam(
            "222222222222",
            "put_role_permissions_boundary",
            RoleName="acme.billing-test",
            PermissionsBoundary=READ_ONLY,
        ),
        "billing | role acme.billing-test | permissions_boundary",
        "stronger",
        "up",
    ),
    "session made longer": Tamper(
        iam(
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
        by_hand(hands.delete_role, "legacy-reports-dev"),
        "legacy-reports | role acme.legacy-reports-dev | ",
        "neutral",
        "up",
    ),
    "another role for the same jobs": Tamper(
        by_hand(hands.other_role, "prod", "ci", "repo:acme/billing:*"),
        "billing | role ci of account 333333333333 | trust",
        "weaker",
        "by hand",
        iam("333333333333", "delete_role", RoleName="ci"),
    ),
    "tag removed": Tamper(
        iam(
            "333333333333",
            "untag_role",
            RoleName="acme.legacy-reports-prod",
            TagKeys=["environment"],
        ),
        "legacy-reports | role acme.legacy-reports-prod | tags",
        "neutral",
        "up",
    ),
    "tag added": Tamper(
        iam(
            "111111111111",
            "tag_role",
            RoleName="acme.payments-dev",
            Tags=[{"Key": "theirs", "Value": "x"}],
        ),
        "payments | role acme.payments-dev | tags",
        "neutral",
        "up",
    ),
    "audience added": Tamper(
        iam(
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
        iam(
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
        github(
            "PUT",
            "repos/acme/legacy-reports/actions/oidc/customization/sub",
            {"use_default": True, "use_immutable_subject": True},
        ),
        "legacy-reports | role acme.legacy-reports-test | trust",
        "neutral",
        "up",
    ),
}
