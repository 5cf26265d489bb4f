import sys

import pytest

from components.documents.workflows import ci_scripts, install_script
from tests.components.documents.workflows.runner import Runner

pytestmark = pytest.mark.shell


def real_python(runner: Runner) -> None:
    """Replace the stand-in for Python by the interpreter of the tests."""
    (runner.tools / "python").unlink()
    (runner.tools / "python").symlink_to(sys.executable)


def test_requirements_are_installed_where_they_are_listed(runner: Runner) -> None:
    """A requirements.txt is installed; without the file nothing is installed, and nothing fails."""
    runner.stand_in("pip")
    runner.run(ci_scripts.INSTALL)
    assert runner.calls("pip") == []
    (runner.workspace / "requirements.txt").touch()
    runner.run(ci_scripts.INSTALL)
    assert runner.calls("pip") == ["install -r requirements.txt"]


def test_requirements_of_tests_are_one_resolution(runner: Runner) -> None:
    """Pip resolves pytest, its plugin and all requirements files together, so that they fit."""
    runner.stand_in("pip")
    for name in ("requirements.txt", "requirements-dev.txt", "test-requirements.txt"):
        (runner.workspace / name).touch()
    runner.run(install_script.INSTALL_TESTS)
    (install,) = runner.calls("pip")
    declared = runner.temporary / "declared.txt"
    assert install == (
        "install pytest pytest-cov -r requirements.txt -r requirements-dev.txt "
        f"-r test-requirements.txt -r {declared}"
    )


def test_a_file_with_hashes_has_a_call_of_its_own(runner: Runner) -> None:
    """A file with hashes is installed first and alone; the next call keeps its versions."""
    runner.stand_in("pip")
    (runner.workspace / "requirements.txt").write_text("a==1 --hash=sha256:00\n")
    (runner.workspace / "requirements-dev.txt").write_text("b\n")
    runner.run(install_script.INSTALL_TESTS)
    first, *both = runner.calls("pip")
    assert first == "install -r requirements.txt"
    # bash runs both at once: the installation reads the output of `pip freeze`.
    freeze, rest = sorted(both)
    assert freeze == "freeze --exclude-editable"
    assert rest.startswith("install -c /dev/fd/")
    assert " pytest pytest-cov -r requirements-dev.txt" in rest


PYPROJECT = """\
[project]
name = "My.Project"
dependencies = ["one>=1", "Local_one>=2"]
[project.optional-dependencies]
docs = ["sphinx"]
test = ["two[fast]>=2; python_version >= '3'", "my_project [docs]"]
dev = ["My-Project[test]", "my-project-tools"]
[dependency-groups]
tests = ["three", {include-group = "Type_Check"}]
dev = [{include-group = "tests"}]
type-check = ["four", {include-group = "tests"}]
lint = ["five"]
[tool.uv.sources]
local-one = {workspace = true}
"""


def test_what_pyproject_declares_for_tests_is_installed(runner: Runner) -> None:
    """Extras and groups for tests are installed once each, without names unsafe on an index.

    Unsafe are the project's own name, in each spelling, and a name for which uv has another source:
    the index may have a stranger's package of that name.
    """
    real_python(runner)
    runner.stand_in("pip")
    (runner.workspace / "pyproject.toml").write_text(PYPROJECT)
    runner.run(install_script.INSTALL_TESTS)
    declared = runner.temporary / "declared.txt"
    assert declared.read_text().splitlines() == [
        "one>=1",
        "two[fast]>=2; python_version >= '3'",
        "three",
        "my-project-tools",
        "four",
    ]
    assert any(call.endswith(f" -r {declared}") for call in runner.calls("pip"))
    assert runner.calls("pip")[-1] == "install -e .[test,tests,dev]"


@pytest.mark.parametrize("text", ["", "[tool.ruff]\nline-length = 100\n"])
def test_settings_of_tools_make_no_project(runner: Runner, text: str) -> None:
    """A pyproject.toml that has only settings of tools is not installed as a project."""
    real_python(runner)
    runner.stand_in("pip")
    (runner.workspace / "pyproject.toml").write_text(text)
    runner.run(install_script.INSTALL_TESTS)
    assert not any("-e" in call.split() for call in runner.calls("pip"))


def test_a_project_that_cannot_be_built_is_told(runner: Runner) -> None:
    """If the project cannot be built, a warning says so, and the tests still run."""
    runner.stand_in("pip")
    pip = runner.tools / "pip"
    pip.write_text(pip.read_text().replace("exit 0", 'case "$*" in *" -e "*) exit 1 ;; esac'))
    (runner.workspace / "setup.py").touch()
    (line,) = runner.run(install_script.INSTALL_TESTS).splitlines()
    assert line.startswith("::warning title=Not installed::the project, or extras of it, cannot ")


@pytest.mark.parametrize(
    ("lock", "command", "bare"),
    [
        ("uv.lock", "sync --active --locked --python {venv}", "--no-install-project"),
        ("poetry.lock", "install", "--no-root"),
    ],
)
@pytest.mark.parametrize(
    ("refused", "tries"),
    [("", ["all"]), ("--all", ["all", "plain"]), ("built", ["all", "plain", "bare"])],
    ids=["all", "extras that exclude each other", "no project that can be built"],
)
def test_a_lock_file_is_its_own_tools(  # noqa: PLR0917 - two tables
    runner: Runner, lock: str, command: str, bare: str, refused: str, tries: list[str]
) -> None:
    """The lock file's own tool installs what it can into an environment of the job's Python."""
    tool, venv = lock.removesuffix(".lock"), runner.temporary / "venv"
    runner.stand_in("pip")
    runner.stand_in(tool)
    script = runner.tools / tool
    refusing = {
        "": "",
        "--all": 'case "$*" in *--all*) exit 2 ;; esac',
        "built": f'case "$*" in *{bare}) ;; *) exit 2 ;; esac',
    }[refused]
    script.write_text(script.read_text().replace("exit 0", refusing))
    made = 'mkdir -p "$3/bin"; echo "ACTIVE=1" > "$3/bin/activate"\n'
    (runner.tools / "python").write_text(f'#!/bin/sh\necho "$*" >> "$0.calls"\n{made}')
    for name in (lock, "pyproject.toml", "requirements.txt", "setup.py"):
        (runner.workspace / name).touch()
    log = runner.run(f'{install_script.INSTALL_TESTS}echo "active=$ACTIVE" >> "$GITHUB_OUTPUT"\n')
    plain = command.format(venv=venv)
    calls = {
        "all": f"{plain} --all-extras --all-groups",
        "plain": plain,
        "bare": f"{plain} --all-extras --all-groups {bare}",
    }
    assert runner.calls(tool) == [calls[one] for one in tries]
    assert ("::warning title=Not installed::" in log) == bool(refused)
    assert runner.calls("python") == [f"-m venv {venv}"]
    assert runner.output == "active=1\n"
    first, *rest = runner.calls("pip")
    assert first == f"install {tool}"
    freeze, install = sorted(rest)
    assert freeze == "freeze --exclude-editable"
    assert install.endswith(" pytest pytest-cov"), "nothing but what the lock file says"
