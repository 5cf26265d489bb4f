"""Counts of calls to AWS, and faults on demand."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from boto3 import client as boto3_client
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from mypy_boto3_iam import IAMClient

from sandbox.serving import Server
from tests.sandbox.aws.documents import trust


@pytest.fixture
def control(aws: Server) -> Iterator[str]:
    """The base address of the control routes, with counts at zero and without faults."""
    url = f"{aws.url}/_sandbox"
    requests.post(f"{url}/requests/reset", timeout=30)
    yield url
    requests.delete(f"{url}/faults", timeout=30)


@pytest.fixture
def once(aws: Server, iam: IAMClient) -> Iterator[IAMClient]:
    """An IAM client without retries: botocore's retries would hide a fault."""
    key = iam.create_access_key(UserName=iam.create_user(UserName="once")["User"]["UserName"])
    client = boto3_client(
        "iam",
        endpoint_url=aws.url,
        region_name="us-east-1",
        aws_access_key_id=key["AccessKey"]["AccessKeyId"],
        aws_secret_access_key=key["AccessKey"]["SecretAccessKey"],
        config=Config(retries={"total_max_attempts": 1}),
    )
    yield client
    client.close()


def inject(control: str, **fault: object) -> None:
    """Add a fault."""
    answer = requests.post(f"{control}/faults", json=fault, timeout=30)
    assert answer.status_code == 200, answer.text


def refusal(error: ClientError) -> tuple[int, str]:
    """Status and code."""
    told: Any = error.response
    return told["ResponseMetadata"]["HTTPStatusCode"], told["Error"]["Code"]


def test_calls_are_counted_by_action(control: str, once: IAMClient) -> None:
    """Calls that change something count as `writes`; refused calls count too."""
    requests.post(f"{control}/requests/reset", timeout=30)
    once.create_role(RoleName="a", AssumeRolePolicyDocument=trust())
    once.get_role(RoleName="a")
    once.get_role(RoleName="a")
    once.list_roles()
    with pytest.raises(ClientError):
        once.delete_role(RoleName="none")
    assert requests.get(f"{control}/requests", timeout=30).json() == {
        "total": 5,
        "writes": 2,
        "actions": [
            {"action": "GetRole", "count": 2},
            {"action": "CreateRole", "count": 1},
            {"action": "ListRoles", "count": 1},
            {"action": "DeleteRole", "count": 1},
        ],
        "statuses": {"200": 4, "404": 1},
        "roles": {},
    }


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"kind": "throttling"}, (400, "Throttling")),
        ({"kind": "status"}, (500, "InternalFailure")),
        ({"kind": "status", "status": 503}, (503, "ServiceUnavailable")),
        ({"kind": "access-denied"}, (403, "AccessDenied")),
    ],
)
def test_an_action_fails_as_aws_fails(
    control: str, once: IAMClient, fault: dict[str, Any], told: tuple[int, str]
) -> None:
    """After `skip` calls of the action, `count` calls fail; other actions do not."""
    once.create_role(RoleName="a", AssumeRolePolicyDocument=trust())
    inject(control, **fault, action="Get.*", skip=1, count=1)
    once.get_role(RoleName="a")
    once.list_roles()
    with pytest.raises(ClientError) as refused:
        once.get_role(RoleName="a")
    assert refusal(refused.value) == told
    once.get_role(RoleName="a")


def test_a_fault_can_be_for_one_account(control: str, once: IAMClient, account: str) -> None:
    """The fault of another account does not strike this account."""
    inject(control, kind="throttling", account="0{12}")
    once.list_roles()
    inject(control, kind="throttling", account=account)
    with pytest.raises(ClientError):
        once.list_roles()


@pytest.mark.parametrize("kind", ["status", "drop"])
def test_an_answer_can_be_lost_after_the_work(control: str, once: IAMClient, kind: str) -> None:
    """The role is created, although the client gets an error or no answer."""
    inject(control, kind=kind, action="CreateRole", after=True)
    with pytest.raises((ClientError, ConnectionClosedError)):
        once.create_role(RoleName="a", AssumeRolePolicyDocument=trust())
    assert once.get_role(RoleName="a")["Role"]["RoleName"] == "a"


def test_latency_adds_to_a_proper_answer(control: str, once: IAMClient) -> None:
    """After the latency AWS answers as usual."""
    inject(control, kind="latency", seconds=0.1)
    started = time.monotonic()
    once.list_roles()
    assert time.monotonic() - started >= 0.1
    (fault,) = requests.get(f"{control}/faults", timeout=30).json()
    assert fault["struck"] == 1


@pytest.mark.parametrize(
    ("method", "route", "body", "status"),
    [
        ("POST", "faults", {"kind": "fire"}, 422),
        ("POST", "faults", {"kind": "drop", "actoin": "x"}, 422),
        ("GET", "nonsense", None, 501),
    ],
)
def test_a_wrong_body_is_refused(
    control: str, method: str, route: str, body: object, status: int
) -> None:
    """The control routes refuse unknown kinds and members."""
    assert (
        requests.request(method, f"{control}/{route}", json=body, timeout=30).status_code == status
    )


def test_an_account_may_get_more_roles(control: str, iam: IAMClient) -> None:
    """GetAccountSummary tells the quota of the account that AWS has raised; 5,000 is the most."""
    account = iam.get_user()["User"]["Arn"].split(":")[4]
    body = {"account": account, "roles": 5000}
    assert requests.post(f"{control}/quotas", json=body, timeout=30).status_code == 204
    try:
        assert iam.get_account_summary()["SummaryMap"]["RolesQuota"] == 5000
        refused = requests.post(f"{control}/quotas", json=body | {"roles": 5001}, timeout=30)
        assert refused.status_code == 422
    finally:
        requests.post(f"{control}/quotas", json=body | {"roles": 1000}, timeout=30)
