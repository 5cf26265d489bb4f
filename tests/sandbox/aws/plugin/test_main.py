import os
import signal
import subprocess
import sys
import time

import pytest

from sandbox.aws.folder import plugin_folder
from sandbox.serving import Server
from tests.sandbox.aws.plugin.engine import sandbox_environment
from tests.sandbox.preloaded.sandbox import alive

#: A process that starts a plugin as an engine does, prints both process ids and waits.
ENGINE = """
import subprocess, sys, time
plugin = subprocess.Popen([sys.argv[1], "127.0.0.1:1"], stdout=subprocess.PIPE, text=True)
plugin.stdout.readline()
print(plugin.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(params=["served", "direct"], autouse=True)
def home(request: pytest.FixtureRequest) -> None:
    """The module's home with a server, or a home without one."""
    if request.param == "served":
        request.getfixturevalue("plugin_home")
    else:
        patch = request.getfixturevalue("monkeypatch")
        patch.setenv("SLIPWAY_SANDBOX_HOME", str(request.getfixturevalue("tmp_path")))


def test_it_ends_with_its_engine(aws: Server) -> None:
    """A plugin ends if its engine is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", ENGINE, plugin_folder() / "pulumi-resource-aws"],
        env=sandbox_environment(aws.url),
        stdout=subprocess.PIPE,
        text=True,
    ) as engine:
        assert engine.stdout is not None
        plugin = int(engine.stdout.readline())
        assert alive(plugin)
        engine.kill()
    deadline = time.monotonic() + 20
    while alive(plugin) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(plugin)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_when_told(aws: Server, number: int) -> None:
    """The plugin ends at once on a signal: the engine waits for it after every command."""
    with subprocess.Popen(
        [plugin_folder() / "pulumi-resource-aws", "127.0.0.1:1"],
        env=sandbox_environment(aws.url),
        stdout=subprocess.PIPE,
        text=True,
    ) as plugin:
        assert plugin.stdout is not None
        assert plugin.stdout.readline().strip().isdigit()
        os.kill(plugin.pid, number)
        assert plugin.wait(5) == 0
