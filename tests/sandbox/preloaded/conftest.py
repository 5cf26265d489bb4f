from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.preloaded.home import Home
from tests.sandbox.preloaded.sandbox import children


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home whose path is longer than that of a socket may be, and must be quoted in a shell.

    What it started ends with it, also if its test fails.
    """
    home = Home(tmp_path / "it's a home" / ("h" * 100), tmp_path / "modules")
    yield home
    for process in home.started:
        with process:
            process.kill()


@pytest.fixture
def server(home: Home) -> Iterator[int]:
    """The process id of the home's server."""
    with home.serve() as sandbox:
        (server,) = children(sandbox.pid)
        yield server
