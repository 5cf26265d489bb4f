"""An AWS for the tests of a module."""

from collections.abc import Iterator

import pytest

from sandbox.aws.server import start_aws
from sandbox.serving import Server


@pytest.fixture(scope="module")
def aws() -> Iterator[Server]:
    """The server of all accounts; each test takes accounts of its own."""
    server = start_aws()
    yield server
    server.stop()
