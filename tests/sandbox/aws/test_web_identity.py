"""AssumeRoleWithWebIdentity over HTTP: from a job's token to credentials, and all refusals."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from sandbox.aws.seed import account_iam, seed_account
from sandbox.aws.server import start_aws
from sandbox.github import Server, Store, serve
from sandbox.tokens import ISSUER, Issuer, runner_routes
from tests.sandbox.aws.documents import GITHUB, SUBJECT, trust

AUDIENCE = "sts.amazonaws.com"
ACCOUNT, BARE = "777777777771", "777777777772"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/billing-dev"
WORKFLOW = """\
jobs:
  dev: {permissions: {id-token: write}, environment: dev}
  prod: {permissions: {id-token: write}, environment: prod}
"""
FILES = {".github/workflows/ci.yml": WORKFLOW}
NO = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


@dataclass
class World:
    """Both servers and the issuer."""

    github: Server
    aws_url: str
    issuer: Issuer

    def token(self, job: str = "dev", audience: str = AUDIENCE, repository: str = "billing") -> str:
        """The id-token of a job."""
        head = f"{self.github.url}api/v3/repos/acme/{repository}/git/ref/heads/main"
        sha = requests.get(head, headers={"Authorization": "Bearer t"}, timeout=9).json()
        body = {"repository": f"acme/{repository}", "event": "push", "ref": "refs/heads/main"}
        body |= {"sha": sha["object"]["sha"], "workflow": next(iter(FILES)), "actor": "octocat"}
        run = requests.post(f"{self.github.url}_sandbox/runs", json=body, timeout=9).json()
        asked = f"{run['request_url']}&job={job}&audience={audience}"
        bearer = {"Authorization": f"bearer {run['request_token']}"}
        return str(requests.get(asked, headers=bearer, timeout=9).json()["value"])

    def assume(self, token: str, **changes: Any) -> Any:
        """STS's answer to an unsigned request."""
        given = {"RoleArn": ROLE, "RoleSessionName": "test", "WebIdentityToken": token} | changes
        config = Config(signature_version=UNSIGNED)
        sts = boto3.client("sts", endpoint_url=self.aws_url, region_name="eu-west-1", config=config)
        try:
            return sts.assume_role_with_web_identity(**given)
        finally:
            sts.close()

    def refusal(self, token: str, **changes: Any) -> tuple[str, str]:
        """Code and message of STS's refusal."""
        with pytest.raises(ClientError) as refused:
            self.assume(token, **changes)
        error = refused.value.response["Error"]
        assert token not in error["Message"]
        return error["Code"], error["Message"]

    def signed(self, issuer: Issuer | None = None, /, **changes: Any) -> str:
        """A token with changed claims."""
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE, "iat": now, "exp": now + 99}
        return (issuer or self.issuer).sign(claims | changes)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Two repositories, one account with a provider and a role, one account without."""
    issuer = Issuer()
    github = serve(Store(), blueprints=[runner_routes(issuer)])
    aws = start_aws(issuers={ISSUER: issuer.jwks})
    born = "2025-01-01T00:00:00Z"
    both = [
        {"owner": "acme", "name": n, "created_at": born, "files": FILES} for n in ("billing", "x")
    ]
    seed = {
        "users": [{"login": "octocat"}],
        "organizations": [{"login": "acme", "admins": ["octocat"]}],
        "tokens": [{"token": "t", "login": "octocat"}],
        "repositories": both,
    }
    requests.post(f"{github.url}_sandbox/seed", json=seed, timeout=9).raise_for_status()
    for account in (ACCOUNT, BARE):
        seed_account(aws.url, account, oidc_provider=account == ACCOUNT)
        with_role = account_iam(aws.url, account)
        document = trust(account)
        with_role.create_role(RoleName="billing-dev", AssumeRolePolicyDocument=document)
        with_role.close()
    yield World(github, aws.url, issuer)
    github.stop()
    aws.stop()


def test_the_right_job_becomes_the_role(world: World) -> None:
    """The credentials are a session of the role in its account, with the requested duration."""
    answer = world.assume(world.token(), DurationSeconds=900)
    assert answer["SubjectFromWebIdentityToken"] == SUBJECT
    assert answer["Audience"] == AUDIENCE
    assert answer["Provider"] == f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
    credentials = answer["Credentials"]
    assert 800 < credentials["Expiration"].timestamp() - time.time() <= 901
    sts = boto3.client(
        "sts",
        endpoint_url=world.aws_url,
        region_name="eu-west-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    identity = sts.get_caller_identity()
    sts.close()
    assert identity["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/billing-dev/test"
    assert answer["AssumedRoleUser"]["AssumedRoleId"] == identity["UserId"]


def test_another_job_does_not(world: World) -> None:
    """A job of another environment or repository, and a missing role, are refused."""
    assert world.refusal(world.token("prod")) == NO
    assert world.refusal(world.token(repository="x")) == NO
    assert world.refusal(world.token(), RoleArn=f"{ROLE}x") == NO


def test_a_token_must_be_good(world: World) -> None:
    """The token must be for this account's provider, signed by the issuer, and valid now."""
    now = int(time.time())
    invalid = "InvalidIdentityToken"
    assert world.refusal(world.token(audience="other")) == (invalid, "Incorrect token audience")
    head, _, tail = world.token().rpartition(".")
    swapped = f"{head}.{'B' if tail[0] == 'A' else 'A'}{tail[1:]}"
    assert world.refusal(swapped)[1].startswith("The web identity token that was passed could not")
    assert "verification key" in world.refusal(world.signed(Issuer()))[1]
    expired = world.refusal(world.signed(exp=now - 1))
    assert expired[0] == "ExpiredTokenException"
    assert expired[1].startswith("Token expired: current date/time ")
    assert world.refusal(world.signed(nbf=now + 60))[0] == invalid
    assert "not a valid JWT" in world.refusal("not-a-jwt")[1]
    missing = (invalid, "Missing a required claim: aud")
    assert world.refusal(world.signed(aud="")) == missing


def test_the_account_must_have_a_provider_of_the_issuer(world: World) -> None:
    """The token of an issuer without a provider is refused before its keys are used."""
    words = "No OpenIDConnect provider found in your account for "
    foreign = world.signed(iss="https://example.com")
    assert world.refusal(foreign) == ("InvalidIdentityToken", f"{words}https://example.com")
    elsewhere = ROLE.replace(ACCOUNT, BARE)
    assert world.refusal(world.token(), RoleArn=elsewhere) == (
        "InvalidIdentityToken",
        f"{words}{ISSUER}",
    )


def test_the_trust_policy_of_this_moment_decides(world: World) -> None:
    """The present trust policy counts; claims that are no condition keys of STS are absent."""
    iam = account_iam(world.aws_url, ACCOUNT)
    iam.create_role(RoleName="changing", AssumeRolePolicyDocument=trust(ACCOUNT))
    role = f"arn:aws:iam::{ACCOUNT}:role/changing"
    token = world.token()
    assert world.assume(token, RoleArn=role)

    def change(**further: str) -> None:
        wanted = {f"{GITHUB}:sub": SUBJECT} | {f"{GITHUB}:{k}": v for k, v in further.items()}
        document = trust(ACCOUNT, {"StringEquals": wanted})
        iam.update_assume_role_policy(RoleName="changing", PolicyDocument=document)

    change(ref="refs/heads/main")
    assert world.assume(token, RoleArn=role)
    for further in ({"ref": "refs/heads/x"}, {"event_name": "push"}, {"sub": "repo:acme/x:y"}):
        change(**further)
        assert world.refusal(token, RoleArn=role) == NO
    unknown = trust(ACCOUNT, {"StringEquals": {f"{GITHUB}:sub": SUBJECT}, "Bool": {"aws:x": "1"}})
    iam.update_assume_role_policy(RoleName="changing", PolicyDocument=unknown)
    assert world.refusal(token, RoleArn=role)[0] == "NotEmulated"
    iam.close()


#: Values of the claims that are condition keys of STS, besides `sub` and `aud`.
CLAIMS = {
    "actor": "octocat",
    "actor_id": "5",
    "enterprise_id": "6",
    "environment": "dev",
    "job_workflow_ref": "acme/billing/.github/workflows/ci.yml@refs/heads/main",
    "ref": "refs/heads/main",
    "repository": "acme/billing",
    "repository_id": "7",
    "repository_owner_id": "8",
    "workflow": "ci",
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_each_of_githubs_ten_claims_is_a_condition_key(world: World, claim: str) -> None:
    """IAM takes a policy with the claim; STS refuses another value, and a token without it."""
    role, iam = f"claims-{claim}", account_iam(world.aws_url, ACCOUNT)
    wanted = {f"{GITHUB}:sub": SUBJECT, f"{GITHUB}:{claim}": ["other", CLAIMS[claim]]}
    document = trust(ACCOUNT, {"StringEquals": wanted})
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.close()
    assert world.assume(world.signed(**CLAIMS), RoleArn=arn)
    without = {name: value for name, value in CLAIMS.items() if name != claim}
    assert world.refusal(world.signed(**without), RoleArn=arn) == NO
    for wrong in (CLAIMS[claim].upper() + "0", f"{CLAIMS[claim]} ", ""):
        assert world.refusal(world.signed(**(CLAIMS | {claim: wrong})), RoleArn=arn) == NO


@pytest.mark.parametrize("operator", ["NumericEquals", "StringMatches", "Bool", "DateEquals"])
def test_an_operator_that_is_not_evaluated_is_no_match(world: World, operator: str) -> None:
    """On a claim, an operator that the sandbox does not evaluate is 501, also if another fits."""
    role, iam = f"operator-{operator}", account_iam(world.aws_url, ACCOUNT)
    wanted = {f"{GITHUB}:sub": SUBJECT}
    condition = {"StringEquals": wanted, operator: {f"{GITHUB}:repository_id": "7"}}
    document = trust(ACCOUNT, condition)
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.close()
    assert world.refusal(world.signed(**CLAIMS), RoleArn=arn)[0] == "NotEmulated"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"DurationSeconds": 3601}, "exceeds the MaxSessionDuration set for this role."),
        ({"DurationSeconds": 43201}, "less than or equal to 43200"),
        ({"RoleSessionName": "a b"}, r"pattern: [\w+=,.@-]*"),
        ({"RoleSessionName": "a" * 65}, "less than or equal to 64"),
        ({"RoleArn": f"arn:aws:iam::{ACCOUNT}:user/somebody"}, "Request ARN is invalid"),
    ],
)
def test_parameters_have_bounds(world: World, changes: dict[str, Any], words: str) -> None:
    """An invalid parameter is a ValidationError with AWS's message."""
    code, message = world.refusal(world.token(), **changes)
    assert (code, words in message) == ("ValidationError", True)


def test_every_form_of_the_request_is_checked(world: World) -> None:
    """Parameters in the address and a signed request are checked in the same way."""
    given = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleArn": ROLE}
    given |= {"RoleSessionName": "test", "WebIdentityToken": world.signed(Issuer())}
    signature = (
        "AWS4-HMAC-SHA256 Credential=sandbox/20261123/us-east-1/sts/aws4_request, Signature=x"
    )
    for headers in ({}, {"Authorization": signature}):
        for answer in (
            requests.get(world.aws_url, params=given, headers=headers, timeout=9),
            requests.post(world.aws_url, data=given, headers=headers, timeout=9),
        ):
            assert answer.status_code == 400
            assert "<Code>InvalidIdentityToken</Code>" in answer.text


def test_tokens_are_not_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The log has no token, neither of a successful nor of a failed request."""
    caplog.set_level("DEBUG", logger="sandbox")
    good, bad = world.token(), world.signed(Issuer())
    world.assume(good)
    world.refusal(bad)
    assert "AssumeRoleWithWebIdentity refused: InvalidIdentityToken" in caplog.text
    for token in (good, bad):
        assert json.dumps(token)[1:-1] not in caplog.text
