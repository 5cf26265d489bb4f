"""The scripts that make and measure a package are run, with stand-ins for what needs a network."""

import json
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from components.documents.workflows import ci_scripts, deploy_scripts
from tests.components.documents.workflows.runner import Runner

#: What pip does with --target, for a package of one module.
PIP = """\
import pathlib, sys
target = pathlib.Path(sys.argv[sys.argv.index("--target") + 1])
(target / "library").mkdir()
(target / "library/__init__.py").write_text("")
(target / "bin").mkdir()
(target / "bin/tool").write_text("")
"""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A checkout with an application, tests, notes and git's own files."""
    made = Runner(tmp_path)
    for name in ("app.py", "sub/part.py", "README.md", "tests/test_app.py", ".git/HEAD"):
        file = made.workspace / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1\n")
    return made


def contents(runner: Runner) -> set[str]:
    """The files in the package."""
    with ZipFile(runner.workspace / "lambda-package.zip") as package:
        return {name for name in package.namelist() if not name.endswith("/")}


def test_the_package_holds_the_application_alone(runner: Runner) -> None:
    """No tests, no notes, nothing of git."""
    runner.run(deploy_scripts.BUILD_ZIP)
    assert contents(runner) == {"app.py", "sub/part.py"}


def test_dependencies_lie_beside_the_application(runner: Runner) -> None:
    """Where Lambda looks for modules, chosen for the function's own platform and version."""
    (runner.workspace / "requirements.txt").write_text("library==1\n")
    pip = runner.tools / "pip"
    pip.write_text('#!/bin/sh\necho "$*" >> "$0.calls"\nexec python3 "$0.py" "$@"\n')
    pip.chmod(0o755)
    pip.with_suffix(".py").write_text(PIP)
    runner.run(deploy_scripts.BUILD_ZIP)
    runner.run(deploy_scripts.VENDOR_DEPENDENCIES, PYTHON="3.12", MACHINE="aarch64")
    assert contents(runner) == {
        "app.py",
        "sub/part.py",
        "requirements.txt",
        "library/__init__.py",
    }
    (call,) = runner.calls("pip")
    assert call.startswith("install --requirement requirements.txt --target ")
    assert call.endswith(
        "--only-binary=:all: --implementation cp --python-version 3.12 "
        "--platform manylinux2014_aarch64"
    )


def test_vendoring_nothing_is_an_error(runner: Runner) -> None:
    """Whoever declares it expects requirements.txt to be there."""
    log = runner.fail(deploy_scripts.VENDOR_DEPENDENCIES, PYTHON="3.12", MACHINE="")
    assert log.startswith("::error title=Nothing to vendor::")


@pytest.mark.parametrize(("megabytes", "large"), [(1, False), (251, True)])
def test_lambdas_limit_is_checked_before_the_upload(
    runner: Runner, megabytes: int, *, large: bool
) -> None:
    """Zeros shrink well: it is the unzipped size that is too large."""
    with ZipFile(runner.workspace / "lambda-package.zip", "w", compression=8) as package:
        package.writestr("zeros", b"\0" * megabytes * 1024 * 1024)
    log = (runner.fail if large else runner.run)(deploy_scripts.CHECK_SIZE)
    assert f"{megabytes * 1024 * 1024} unzipped" in runner.summary
    assert log.startswith("::error title=Package too large::") == large


def test_a_zip_over_fifty_megabytes_is_too_large(runner: Runner) -> None:
    """What does not shrink is limited as it is sent."""
    with ZipFile(runner.workspace / "lambda-package.zip", "w") as package:
        package.writestr("stored", b"\0" * 53 * 1024 * 1024)
    assert "Package too large" in runner.fail(deploy_scripts.CHECK_SIZE)


def test_findings_are_repeated_line_by_line(runner: Runner) -> None:
    """Only findings, and none of them can be a command to GitHub."""
    needs = {
        "python-lint": {
            "result": "success",
            "outputs": {"findings_0": "Flake8: 2 findings, 100%\n::add-mask::x", "findings_1": ""},
        },
        "python-security": {"result": "success", "outputs": {}},
        "python-tests": {"result": "cancelled"},
    }
    assert runner.run(deploy_scripts.REPEAT_FINDINGS, NEEDS=json.dumps(needs)) == (
        "::warning title=Deployed nevertheless::Flake8: 2 findings, 100%25 ::add-mask::x\n"
    )


PYPROJECT = """\
[build-system]
requires = ["setuptools"]
{project}
[project.optional-dependencies]
docs = ["sphinx"]
test = ["hypothesis"]
dev = ["ruff"]
[dependency-groups]
tests = ["hypothesis"]
[tool.test]
dev = 1
"""


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (PYPROJECT.format(project='[project]\nname = "x"'), " -e .[test,dev] --group tests"),
        (PYPROJECT.format(project=""), " --group tests"),
        ('[project]\nname = "x"\n', " -e ."),
        ("[tool.ruff]\ndev = 1\n", ""),
    ],
    ids=["extras and groups", "no project", "project alone", "settings alone"],
)
def test_extras_and_groups_of_pyproject_are_installed(
    runner: Runner, text: str, asked: str
) -> None:
    """`test`, `tests` and `dev` by what exists, with the project itself."""
    (runner.workspace / "pyproject.toml").write_text(text)
    runner.stand_in("pip")
    runner.run(ci_scripts.INSTALL_TEST_REQUIREMENTS)
    assert runner.calls("pip") == [f"install pytest pytest-cov{asked}"]


def test_the_standin_for_pip_is_what_is_called(runner: Runner) -> None:
    """A stand-in that were not found would let the real tool answer."""
    runner.stand_in("pip")
    found = subprocess.run(
        ["bash", "-c", "command -v pip"],
        env={"PATH": f"{runner.tools}:/usr/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == str(runner.tools / "pip")
