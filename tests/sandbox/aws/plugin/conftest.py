"""A plugin process for each module, configured with a new account for each test."""

from collections.abc import Iterator

import pytest

from sandbox.aws.server import AwsServer
from tests.sandbox.aws.plugin.engine import Engine, sandbox_environment, started


@pytest.fixture(scope="module")
def plugin_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A sandbox home for this module only; the plugin's script is written there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLIPWAY_SANDBOX_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def process(aws: AwsServer, plugin_home: None) -> Iterator[Engine]:
    """A running plugin that is not configured."""
    del plugin_home
    with started(sandbox_environment(aws.url)) as engine:
        yield engine


@pytest.fixture
def engine(process: Engine, account: str) -> Engine:
    """The plugin, configured with the test's account."""
    process.configure(
        allowedAccountIds=f'["{account}"]',
        assumeRoles=f'[{{"roleArn": "arn:aws:iam::{account}:role/slipway"}}]',
        region="eu-west-1",
    )
    return process
