"""AWS's own managed policies exist, with their paths, and no others do."""

import pytest
from mypy_boto3_iam import IAMClient


@pytest.mark.parametrize(
    ("path", "exists"),
    [
        ("ReadOnlyAccess", True),
        ("job-function/Billing", True),
        ("service-role/AWSLambdaBasicExecutionRole", True),
        ("Billing", False),
        ("job-function/ReadOnlyAccess", False),
        ("ReadOnly", False),
        ("CreateDate", False),
    ],
)
def test_a_policy_exists_under_its_path(iam: IAMClient, path: str, exists: bool) -> None:  # noqa: FBT001 - a table
    """A policy of AWS can be read by its ARN; a part of a name, or another path, is none."""
    arn = f"arn:aws:iam::aws:policy/{path}"
    if exists:
        assert iam.get_policy(PolicyArn=arn)["Policy"]["Arn"] == arn
    else:
        with pytest.raises(iam.exceptions.NoSuchEntityException):
            iam.get_policy(PolicyArn=arn)
