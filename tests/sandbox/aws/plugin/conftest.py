"""A plugin's process for a module's tests, in another account for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.aws import AwsServer
from tests.sandbox.aws.plugin.engine import Engine, sandbox_environment, started


@pytest.fixture(scope="module")
def process(aws: AwsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A running plugin, not configured."""
    with pytest.MonkeyPatch.context() as patch:
        home: Path = tmp_path_factory.mktemp("home")
        patch.setenv("SLIPWAY_SANDBOX_HOME", str(home))
        with started(sandbox_environment(aws.url)) as engine:
            yield engine


@pytest.fixture
def engine(process: Engine, account: str) -> Engine:
    """The plugin, in the test's account."""
    process.configure(
        allowedAccountIds=f'["{account}"]',
        assumeRoles=f'[{{"roleArn": "arn:aws:iam::{account}:role/slipway"}}]',
        region="eu-west-1",
    )
    return process
