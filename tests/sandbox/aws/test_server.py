import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from sandbox.aws.seed import account_iam, seed_account
from sandbox.aws.server import start_aws
from sandbox.serving import Server
from tests.sandbox.aws.documents import trust


def test_it_listens_on_loopback_and_stops() -> None:
    """After `stop` the server does not answer, and its port is free."""
    first = start_aws()
    assert first.url == f"http://127.0.0.1:{first.port}"
    first.stop()
    with pytest.raises(ConnectionRefusedError), socket.socket() as probe:
        probe.connect(("127.0.0.1", first.port))
    second = start_aws(first.port)
    assert second.port == first.port
    second.stop()


def test_each_start_is_a_new_world() -> None:
    """A new server has no objects of the last one."""
    for _ in range(2):
        server = start_aws()
        seed_account(server.url, "111111111111")  # refused if the role exists already
        server.stop()


def test_a_connection_serves_many_calls(aws: Server) -> None:
    """The connection stays open after answers and after errors, as that of AWS does."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    calls = {"Action=AssumeRoleWithWebIdentity": 400, "Action=GetCallerIdentity": 200}
    with closing(http.client.HTTPConnection("127.0.0.1", aws.port, timeout=10)) as connection:
        connection.connect()
        own = connection.sock
        for body, status in [*calls.items(), *calls.items()]:
            connection.request("POST", "/", body, kind)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
            assert connection.sock is own


def test_many_calls_at_once_all_succeed(aws: Server, account: str) -> None:
    """Parallel calls succeed; moto alone would sometimes answer 500."""
    iam = account_iam(aws.url, account)

    def make(number: int) -> None:
        name = f"role-{number}"
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust())
        iam.tag_role(RoleName=name, Tags=[{"Key": "number", "Value": str(number)}])
        iam.get_role(RoleName=name)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(make, range(100)))
    assert len(iam.list_roles(MaxItems=1000)["Roles"]) == 101
    iam.close()
