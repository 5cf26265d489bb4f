import json
from typing import Any

import parliament
import pytest
from pydantic import ValidationError

from components.documents.permissions import permissions_policy
from components.documents.role import DERIVED, role_policies
from components.model.repository import Repository
from components.model.types import EnvironmentName
from tests.operations.diff.worlds import SETTINGS

KEY = "arn:aws:kms:eu-central-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def policy(
    function: str | None, bucket: str | None, key: str | None = None
) -> dict[str, Any] | None:
    """The policy of the repository `billing` in one account."""
    return permissions_policy(
        account_id="333333333333",
        region="eu-west-1",
        repository="billing",
        environment="prod",
        lambda_functions=[] if function is None else [function],
        artifact_bucket=bucket,
        artifact_key=key,
    )


def test_nothing_declared_is_no_policy() -> None:
    """A role without a deployment has no derived policy."""
    assert policy(None, None) is None


def test_a_function_and_a_bucket_are_all_it_may_touch() -> None:
    """The policy allows the exact function, and the environment's own packages in the bucket."""
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


def test_a_key_is_used_through_s3_alone() -> None:
    """The key may be used only by S3 of its region; without a bucket there is no such right."""
    found = policy(None, "acme-packages", KEY)
    assert found is not None
    assert found["Statement"][1:] == [
        {
            "Sid": "EncryptPackages",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": KEY,
            "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}},
        }
    ]
    assert policy(None, None, KEY) is None


def test_china_has_a_domain_of_its_own() -> None:
    """In China the service's name in `kms:ViaService` has the partition's domain."""
    found = permissions_policy(
        account_id="333333333333",
        region="cn-north-1",
        repository="billing",
        environment="prod",
        lambda_functions=[],
        artifact_bucket="acme-packages",
        artifact_key=KEY.replace("arn:aws:kms:eu-central-1", "arn:aws-cn:kms:cn-north-1"),
        partition="aws-cn",
    )
    assert found is not None
    assert found["Statement"][1]["Condition"] == {
        "StringEquals": {"kms:ViaService": "s3.cn-north-1.amazonaws.com.cn"}
    }


@pytest.mark.parametrize(
    ("declared", "keys"),
    [
        (KEY, {"dev": KEY, "test": KEY, "prod": KEY}),
        ({"prod": KEY}, {"dev": None, "test": None, "prod": KEY}),
        (None, {"dev": None, "test": None, "prod": None}),
    ],
)
def test_one_key_for_all_environments_or_one_for_each(
    declared: object, keys: dict[EnvironmentName, str | None]
) -> None:
    """The role of an environment has the right to that environment's key."""
    artifacts = {"s3_bucket": "acme-packages", "kms_key": declared}
    repository = Repository.model_validate({"repository": "a", "artifacts": artifacts})
    for environment, key in keys.items():
        document = role_policies(SETTINGS, repository, environment)[DERIVED]
        named = [
            one["Resource"] for one in document["Statement"] if one["Sid"] == "EncryptPackages"
        ]
        assert named == ([key] if key else [])


@pytest.mark.parametrize("key", ["alias/packages", KEY.replace("key/", "alias/"), "1234abcd"])
def test_a_key_is_named_by_its_arn(key: str) -> None:
    """A key that is not named by its ARN is refused: an alias's ARN gives no right to its key."""
    with pytest.raises(ValidationError, match="is not the ARN of a KMS key"):
        Repository.model_validate({"repository": "a", "artifacts": {"kms_key": {"dev": key}}})


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_the_policy_passes_an_iam_linter() -> None:
    """Actions exist and match the resources they are granted on (parliament's own data)."""
    found = parliament.analyze_policy_string(
        json.dumps(policy("billing-api", "acme-packages", KEY))
    )
    assert [str(finding) for finding in found.findings] == []
    wrong = json.dumps(policy("billing-api", None)).replace("GetFunctionConf", "GetNothing")
    assert parliament.analyze_policy_string(wrong).findings, "the linter must be able to fail"
