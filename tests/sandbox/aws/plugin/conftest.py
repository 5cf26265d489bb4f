"""A plugin process for each module, configured with a new account for each test.

The plugins are forks of a preloaded process, as in a running sandbox.
"""

from collections.abc import Iterator

import pytest

from sandbox.serving import Server
from tests.sandbox.aws.plugin.engine import Engine, sandbox_environment, started
from tests.sandbox.preloaded.sandbox import running


@pytest.fixture(scope="module")
def plugin_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A sandbox home for this module only, with the plugin's script and a server."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch, running(home):
        patch.setenv("SLIPWAY_SANDBOX_HOME", str(home))
        yield


@pytest.fixture(scope="module")
def process(aws: Server, plugin_home: None) -> Iterator[Engine]:
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
