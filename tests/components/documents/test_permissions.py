import json

import parliament
import pytest

from components.documents.permissions import permissions_policy


def policy(function: str | None, bucket: str | None) -> dict[str, object] | None:
    """The policy of the repository `billing` in one account."""
    return permissions_policy(
        account_id="333333333333",
        region="eu-west-1",
        repository="billing",
        environment="prod",
        lambda_functions=[] if function is None else [function],
        artifact_bucket=bucket,
    )


def test_nothing_declared_is_no_policy() -> None:
    """A role without a deployment may do nothing."""
    assert policy(None, None) is None


def test_a_function_and_a_bucket_are_all_it_may_touch() -> None:
    """Exact function, and the environment's own packages of the repository in the bucket."""
    found = policy("billing-api", "acme-packages")
    assert found is not None
    assert found["Statement"] == [
        {
            "Sid": "UpdateFunction",
            "Effect": "Allow",
            "Action": [
                "lambda:GetFunctionConfiguration",
                "lambda:PublishVersion",
                "lambda:UpdateFunctionCode",
            ],
            "Resource": "arn:aws:lambda:eu-west-1:333333333333:function:billing-api",
        },
        {
            "Sid": "StorePackages",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": [
                "arn:aws:s3:::acme-packages/billing/*-prod.zip",
                "arn:aws:s3:::acme-packages/billing/*-prod/*",
            ],
        },
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_the_policy_passes_an_iam_linter() -> None:
    """Actions exist and match the resources they are granted on (parliament's own data)."""
    found = parliament.analyze_policy_string(json.dumps(policy("billing-api", "acme-packages")))
    assert [str(finding) for finding in found.findings] == []
    wrong = json.dumps(policy("billing-api", None)).replace("GetFunctionConf", "GetNothing")
    assert parliament.analyze_policy_string(wrong).findings, "the linter must be able to fail"
