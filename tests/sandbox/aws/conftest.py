"""An AWS server for each module, and a new account for each test."""

import itertools
from collections.abc import Iterator

import pytest
from mypy_boto3_iam import IAMClient

from sandbox.aws.seed import account_iam, seed_account
from sandbox.aws.server import start_aws
from sandbox.serving import Server

_ACCOUNTS = itertools.count(100_000_000_001)


@pytest.fixture(scope="module")
def aws() -> Iterator[Server]:
    """A running server, stopped at the end."""
    server = start_aws()
    yield server
    server.stop()


@pytest.fixture
def account(aws: Server) -> str:
    """The id of a seeded account for this test only."""
    account_id = str(next(_ACCOUNTS))
    seed_account(aws.url, account_id)
    return account_id


@pytest.fixture
def iam(aws: Server, account: str) -> Iterator[IAMClient]:
    """An IAM client of the test's account with all rights."""
    client = account_iam(aws.url, account)
    yield client
    client.close()
