"""The project's language host under the real CLI: programs succeed, fail and are interrupted."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.preloaded.launcher import SOCKET
from tests.e2e.trivial_project import PATIENCE, SECRET, Project, trivial_project, wait
from tests.sandbox.preloaded.sandbox import alive, running


@pytest.fixture(scope="module")
def initial(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose stack has never been updated, for copies."""
    made = trivial_project(tmp_path_factory.mktemp("initial"))
    made.write("")
    made.new_stack()
    return made


@pytest.fixture
def project(initial: Project, tmp_path: Path) -> Project:
    """A stack with its own backend, run by the project's language host, with any installed CLI.

    No sandbox runs, so that programs start directly.
    """
    made = trivial_project(tmp_path)
    for name in ("project", "state"):
        shutil.copytree(initial.folder.parent / name, tmp_path / name, dirs_exist_ok=True)
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The socket of a preloaded process, which the tests share."""
    home = tmp_path_factory.mktemp("server")
    with running(home):
        yield home / SOCKET


@pytest.fixture(params=["direct", "preloaded"])
def started(request: pytest.FixtureRequest, project: Project, tmp_path: Path) -> Project:
    """The same project, whose programs start directly or as forks."""
    if request.param == "preloaded":  # test_a_python_with_settings_starts_directly shows the fork
        (tmp_path / SOCKET).symlink_to(request.getfixturevalue("server"))
    return project


def test_a_program_gets_its_surroundings(started: Project) -> None:
    """The program knows stack, project, organisation, folders, dry run and plain configuration."""
    started.write(
        "import importlib.util, os, pulumi, sys\n"
        "import beside\n"
        "assert not [one for one in sys.path if not one.startswith('/')]\n"
        "assert importlib.util.find_spec('project_python') is None, 'a module of the host'\n"
        "pulumi.export('got', [pulumi.get_stack(), pulumi.get_project(), beside.NAME,\n"
        "    pulumi.get_organization(), pulumi.get_root_directory(), os.getcwd(),\n"
        "    pulumi.runtime.is_dry_run(), pulumi.Config().require('plain'), sys.executable])\n"
    )
    (started.folder / "beside.py").write_text("NAME = 'a module beside the program'\n")
    assert started.pulumi("config", "set", "plain", "value").returncode == 0
    done = started.pulumi("up", "--yes", "--skip-preview")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(started.pulumi("stack", "output", "--json").stdout)["got"] == [
        *("dev", "trivial", "a module beside the program", "organization"),
        *(str(started.folder), str(started.folder), False, "value", sys.executable),
    ]


def test_the_cli_takes_the_host_for_its_own(project: Project) -> None:
    """The CLI takes the host beside it without a warning."""
    done = project.pulumi("preview")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stdout + done.stderr


def test_a_secret_reaches_the_program_and_nothing_else(started: Project) -> None:
    """The secret is in no command line, no environment variable and no file of the state."""
    started.write(
        "import os, pulumi, sys\n"
        "hidden = pulumi.Config().require('hidden')\n"
        "pulumi.export('leaked', hidden in str([sys.orig_argv, dict(os.environ)]))\n"
        "pulumi.export('known', pulumi.runtime.is_config_secret('trivial:hidden'))\n"
        "pulumi.export('hidden', pulumi.Config().require_secret('hidden'))\n"
    )
    assert started.pulumi("config", "set", "--secret", "hidden", SECRET).returncode == 0
    done = started.pulumi("up", "--yes", "--skip-preview")
    assert done.returncode == 0, done.stdout + done.stderr
    outputs = json.loads(started.pulumi("stack", "output", "--json", "--show-secrets").stdout)
    assert outputs == {"leaked": False, "known": True, "hidden": SECRET}
    files = [file for file in started.folder.parent.rglob("*") if file.is_file()]
    assert [file for file in files if SECRET.encode() in file.read_bytes()] == []


def test_what_a_program_prints_is_shown_as_it_comes(started: Project) -> None:
    """The engine shows both streams at once, also if the program never flushes."""
    started.write(
        "import os, sys\nprint('to stdout')\nsys.stderr.write('to stderr\\n')\nos._exit(0)\n"
    )
    done = started.pulumi("preview", "--json")
    messages = [found["message"].strip() for found in json.loads(done.stdout)["diagnostics"]]
    assert sorted(messages) == ["to stderr", "to stdout"]


def test_a_run_error_is_its_message_alone(started: Project) -> None:
    """The engine shows the message of a `RunError`, without a traceback or a second message."""
    started.write("import pulumi\nraise pulumi.RunError('do this\\nthen that')\n")
    assert started.errors() == ["do this\nthen that"]


def test_a_python_with_settings_starts_directly(
    project: Project, tmp_path: Path, server: Path
) -> None:
    """A program starts directly if settings of Python are set, or if the setting is `off`."""
    project.write("import gc, pulumi\npulumi.export('forked', gc.get_freeze_count() > 0)\n")
    settings: list[dict[str, str]] = [
        {"PYTHONHASHSEED": "1"},
        {"SLIPWAY_SANDBOX_PRELOADED": "off"},
        {},
    ]
    (tmp_path / SOCKET).symlink_to(server)
    for setting in settings:
        set_so = Project(project.folder, project.environment | setting)
        assert set_so.pulumi("up", "--yes", "--skip-preview").returncode == 0
        outputs = json.loads(project.pulumi("stack", "output", "--json").stdout)
        assert outputs == {"forked": not setting}


@pytest.mark.parametrize(
    "failing",
    ["fail(1)", "import pulumi\npulumi.export('x', pulumi.Output.from_input(1).apply(fail))"],
    ids=["in the program", "in an apply"],
)
def test_an_exception_is_the_users_trace_once(project: Project, failing: str) -> None:
    """The traceback has the frames of the user's program only, and is shown once."""
    project.write(f"def fail(_):\n    raise ValueError('broken')\n{failing}\n")
    (error,) = project.errors()
    assert error.startswith("Program failed with an unhandled exception:\nTraceback")
    assert error.endswith("ValueError: broken")
    files = {line.split('"')[1] for line in error.splitlines() if line.startswith("  File ")}
    assert files == {str(project.folder / "__main__.py")}


def test_an_exit_code_is_named(started: Project) -> None:
    """A program that exits with a code and without a message is an error that names the code."""
    started.write("import sys\nsys.exit(3)\n")
    (error,) = started.errors()
    assert "the program exited with code 3" in error


def test_a_missing_program_is_named(project: Project) -> None:
    """A missing program is named, and no other `__main__.py` on sys.path runs in its place."""
    (project.folder / "__main__.py").unlink()
    assert project.errors() == [f"There is no program: {project.folder}/__main__.py is missing."]


def test_a_failing_resource_is_reported_by_the_engine_alone(project: Project) -> None:
    """The program ends quietly when a resource that it registered has failed."""
    project.write(
        "import pulumi\npulumi.CustomResource('github:index/branch:Branch', 'a', {'nonsense': 1})\n"
    )
    done = project.pulumi("up", "--yes", "--skip-preview")
    assert done.returncode
    assert "Missing required argument" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_the_virtual_environment_of_the_project_runs_it(started: Project) -> None:
    """The program runs in the environment of Pulumi.yaml, whose commands are first on PATH."""
    started.write(
        "import os, pulumi, sys\n"
        "pulumi.export('got', [sys.executable, os.environ['PATH'].split(os.pathsep)[0]])\n",
        virtualenv="env",
    )
    (started.folder / "env").symlink_to(sys.prefix)
    done = started.pulumi("up", "--yes", "--skip-preview")
    assert done.returncode == 0, done.stdout + done.stderr
    scripts = started.folder / "env" / "bin"
    got = json.loads(started.pulumi("stack", "output", "--json").stdout)["got"]
    assert got == [str(scripts / "python"), str(scripts)]


def test_a_missing_virtual_environment_is_named(project: Project) -> None:
    """A virtual environment that does not exist is named; no other Python runs the program."""
    project.write("", virtualenv="env")
    (error,) = project.errors()
    assert "Pulumi.yaml names the virtual environment env" in error


def test_about_tells_which_python_and_what_is_in_it(project: Project) -> None:
    """`pulumi about` names the project's Python and its packages."""
    about = json.loads(project.pulumi("about", "--json").stdout)
    version = ".".join(map(str, sys.version_info[:3]))
    assert about["runtime"] == {
        "language": "python",
        "executable": sys.executable,
        "version": version,
    }
    assert "pulumi_github" in {found["name"].replace("-", "_") for found in about["dependencies"]}


def test_an_interrupt_ends_all_quietly(started: Project) -> None:
    """Ctrl-C ends the program and its host, without a traceback."""
    script = Path(started.environment["PATH"].split(os.pathsep)[0], "pulumi-language-python")
    script.write_text(script.read_text().replace('"$@"', f'"$@" 2> {started.folder}/said'))
    with started.start() as engine:
        try:
            ids = started.ids(engine.pid)
            engine.send_signal(signal.SIGINT)
            engine.communicate(timeout=PATIENCE)
        finally:
            engine.kill()
    assert engine.returncode
    assert (started.folder / "said").read_text() == ""
    wait(lambda: not any(alive(pid) for pid in ids))


def test_further_interrupts_change_nothing(started: Project) -> None:
    """Any number of interrupts end the program without a traceback, as the first one alone.

    They end after two seconds: without a pause between them, a program may get nothing done but
    hear them.
    """
    script = Path(started.environment["PATH"].split(os.pathsep)[0], "pulumi-language-python")
    script.write_text(script.read_text().replace('"$@"', f'"$@" 2> {started.folder}/said'))
    started.write(
        "import os, pulumi, signal, subprocess, sys\n"
        "pulumi.ComponentResource('a:b:C', 'never registered')\n"
        "many = f'import os, time\\nend = time.monotonic() + 2\\n'\n"
        "many += f'while time.monotonic() < end: os.kill({os.getpid()}, {signal.SIGINT})'\n"
        "subprocess.Popen([sys.executable, '-S', '-c', many], stderr=subprocess.DEVNULL)\n"
        "signal.pause()\n"
    )
    done = started.pulumi("up", "--yes", "--skip-preview")
    assert "the program exited with code 130" in done.stdout
    assert (started.folder / "said").read_text() == ""


def test_nothing_outlives_a_killed_engine(started: Project) -> None:
    """A killed engine leaves neither the host nor the program running."""
    with started.start() as engine:
        try:
            ids = started.ids(engine.pid)
        finally:
            engine.kill()
    wait(lambda: not any(alive(pid) for pid in ids))
