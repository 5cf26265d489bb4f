import json

from mypy_boto3_iam import IAMClient

from tests.sandbox.aws.documents import trust

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]})


def test_details_tell_all_of_a_role(iam: IAMClient) -> None:
    """RoleDetail has path, trust, policies of both kinds, boundary and tags (IAM API Reference)."""
    boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=POLICY)["Policy"]["Arn"]
    managed = iam.create_policy(PolicyName="managed", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.create_role(
        RoleName="role",
        Path="/a/b/",
        AssumeRolePolicyDocument=trust(),
        PermissionsBoundary=boundary,
        Tags=[{"Key": "team", "Value": "x"}],
    )
    iam.put_role_policy(RoleName="role", PolicyName="inline", PolicyDocument=POLICY)
    iam.attach_role_policy(RoleName="role", PolicyArn=managed)
    details = iam.get_account_authorization_details(Filter=["Role"])
    (role,) = [each for each in details["RoleDetailList"] if each["RoleName"] == "role"]
    assert (role["Path"], role["Arn"].partition(":role")[2]) == ("/a/b/", "/a/b/role")
    assert role["AssumeRolePolicyDocument"] == json.loads(trust())
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    assert role["Tags"] == [{"Key": "team", "Value": "x"}]
    (inline,) = role["RolePolicyList"]
    assert inline["PolicyName"] == "inline"
    assert inline["PolicyDocument"] == json.loads(POLICY)
    assert [each["PolicyArn"] for each in role["AttachedManagedPolicies"]] == [managed]


def test_details_come_in_pages(iam: IAMClient) -> None:
    """A page has at most MaxItems items; the markers lead through all roles once."""
    names = {f"role-{number}" for number in range(5)}
    for name in names:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust())
    first = iam.get_account_authorization_details(Filter=["Role"], MaxItems=4)
    assert (len(first["RoleDetailList"]), first["IsTruncated"]) == (4, True)
    rest = iam.get_account_authorization_details(
        Filter=["Role"], MaxItems=4, Marker=first["Marker"]
    )
    assert not rest["IsTruncated"]
    assert "Marker" not in rest
    told = [role["RoleName"] for page in (first, rest) for role in page["RoleDetailList"]]
    assert len(told) == len(set(told))
    assert names < set(told)


def test_a_page_is_a_hundred_unless_told(iam: IAMClient) -> None:
    """By default a page has 100 items; the others are on the next page."""
    for number in range(100):
        iam.create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument=trust())
    details = iam.get_account_authorization_details(Filter=["Role"])
    assert (len(details["RoleDetailList"]), details["IsTruncated"]) == (100, True)
