from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.engine.find import ensure_engine
from sandbox.preloaded import FAST, fast_launcher
from tests.sandbox.preloaded.home import Home
from tests.sandbox.preloaded.sandbox import children


@pytest.fixture(params=["Python", "Go"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """A home whose path is longer than that of a socket may be, and must be quoted in a shell.

    It has each of the two launchers once. What it started ends with it, also if its test fails.
    """
    home = Home(tmp_path / "it's a home" / ("h" * 100), tmp_path / "modules")
    if request.param == "Go":
        built = ensure_engine(lambda _: None).folder / FAST
        if not built.exists():
            pytest.skip("the official CLI has no launcher beside it")
        fast_launcher(home.folder).parent.mkdir()
        fast_launcher(home.folder).symlink_to(built.resolve())
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
