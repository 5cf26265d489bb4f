import json

from mypy_boto3_iam import IAMClient

ROLE = "deployments"


def test_an_update_leaves_what_it_does_not_name(iam: IAMClient, account: str) -> None:
    """UpdateRole does not change members that the request does not have (IAM API Reference)."""
    document = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
            ],
        }
    )
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=document, Description="mine")
    iam.update_role(RoleName=ROLE, MaxSessionDuration=7200)
    iam.update_role(RoleName=ROLE, Description="yours")
    role = iam.get_role(RoleName=ROLE)["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("yours", 7200)
    iam.update_role(RoleName=ROLE, MaxSessionDuration=3600)
    assert iam.get_role(RoleName=ROLE)["Role"]["Description"] == "yours"
