"""The protocol without an engine; programs run under the real one in tests/e2e."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from sandbox.engine import program


@pytest.fixture
def host(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A language host that this test started as its engine."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "sandbox.engine.language_host", tmp_path, "127.0.0.1:1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def stub(host: subprocess.Popen[str]) -> Iterator[language_pb2_grpc.LanguageRuntimeStub]:
    """A client of the host, which has printed its port."""
    assert host.stdout is not None
    with grpc.insecure_channel(f"127.0.0.1:{int(host.stdout.readline())}") as channel:
        yield language_pb2_grpc.LanguageRuntimeStub(channel)


def test_it_answers_what_an_engine_asks_first(
    stub: language_pb2_grpc.LanguageRuntimeStub,
) -> None:
    """The host answers the calls that an engine makes before every operation."""
    assert stub.Handshake(language_pb2.LanguageHandshakeRequest(), timeout=30) is not None
    assert stub.GetPluginInfo(Empty(), timeout=30).version == version("pulumi")
    assert not stub.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest()).packages
    assert not stub.GetRequiredPlugins(language_pb2.GetRequiredPluginsRequest()).plugins
    assert stub.About(language_pb2.AboutRequest()).executable == sys.executable


def test_it_lists_what_the_project_has(stub: language_pb2_grpc.LanguageRuntimeStub) -> None:
    """The host lists the installed packages with their versions, sorted by name."""
    answer = stub.GetProgramDependencies(language_pb2.GetProgramDependenciesRequest())
    found = {one.name: one.version for one in answer.dependencies}
    assert found["pulumi"] == version("pulumi")
    assert list(found) == sorted(found)


def test_it_says_what_it_does_not_do(stub: language_pb2_grpc.LanguageRuntimeStub) -> None:
    """An unsupported call is an error; it does not pretend to succeed."""
    with pytest.raises(grpc.RpcError) as refused:
        list(stub.InstallDependencies(language_pb2.InstallDependenciesRequest()))
    assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED
    assert "installs nothing" in str(refused.value.details())
    request = language_pb2.RunRequest(attach_debugger=True)
    assert "debugger" in stub.Run(request).error


def test_a_problem_of_the_project_is_no_crash(
    stub: language_pb2_grpc.LanguageRuntimeStub,
) -> None:
    """A problem of the project is an error with its message, not an exception."""
    request = language_pb2.RunRequest(info=language_pb2.ProgramInfo(root_directory="/nowhere"))
    request.info.options["virtualenv"] = "env"
    with pytest.raises(grpc.RpcError) as refused:
        stub.Run(request)
    assert str(refused.value.details()).startswith("Pulumi.yaml names the virtual environment env")


def test_a_program_is_not_interrupted_before_it_is_ready(
    stub: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
) -> None:
    """A program starts with SIGINT blocked: Python's start would answer it with a traceback."""
    python = tmp_path / "env/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(
        f"#!{sys.executable} -S\nimport signal\n"
        f"open('{tmp_path}/blocked', 'w').write(str(signal.pthread_sigmask(signal.SIG_BLOCK, [])))"
    )
    python.chmod(0o755)
    info = language_pb2.ProgramInfo(root_directory=str(tmp_path), program_directory=str(tmp_path))
    info.options["virtualenv"] = "env"
    assert stub.Run(language_pb2.RunRequest(info=info), timeout=30).error == ""
    assert (tmp_path / "blocked").read_text() == str({signal.SIGINT})


def test_a_program_takes_an_interrupt_of_its_start() -> None:
    """An interrupt that came while Python started ends the program without a traceback."""
    own = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # as the host starts it
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", program.__file__],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, own)
    with process:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "")


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_quietly(host: subprocess.Popen[str], number: signal.Signals) -> None:
    """After a signal the host ends without output: the engine would show it."""
    host.send_signal(number)
    assert host.wait(timeout=5) == 0
    assert host.stderr is not None
    assert host.stderr.read() == ""


@pytest.mark.usefixtures("stub")
def test_it_ends_with_its_engine(host: subprocess.Popen[str]) -> None:
    """The host ends when standard input is closed, as it is if the engine is killed."""
    assert host.stdin is not None
    host.stdin.close()
    assert host.wait(timeout=5) == 0
