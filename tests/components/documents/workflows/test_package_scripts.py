"""The scripts that build a package run with a stand-in for pip, which needs a network."""

import hashlib
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from components.documents.workflows import deploy_scripts
from components.documents.workflows.vendor_script import VENDOR_DEPENDENCIES, platform
from components.model.pipeline import BuiltPackage, Pipeline
from components.model.repository import Repository
from tests.components.documents.workflows.runner import Runner

pytestmark = pytest.mark.shell

#: A stand-in for pip: it builds the wheels of the runner, and chooses some for the Lambda.
PIP = """\
import os, pathlib, sys
def words(name): return os.environ.get(name, "").split()
if sys.argv[1] == "wheel":
    folder = pathlib.Path(sys.argv[sys.argv.index("--wheel-dir") + 1])
    folder.mkdir(exist_ok=True)
    for wheel in words("WHEELS"): (folder / f"{wheel}.whl").touch()
    print(os.environ.get("SAID", ""))
    sys.exit(1 if os.environ.get("UNBUILDABLE") else 0)
elif "--target" in sys.argv:
    target = pathlib.Path(sys.argv[sys.argv.index("--target") + 1])
    links = pathlib.Path(sys.argv[sys.argv.index("--find-links") + 1])
    print("offered:", *sorted(file.name for file in links.iterdir()))
    for made in words("CHOSEN"): (target / f"{made}.dist-info").mkdir()
    (target / "library").mkdir()
    (target / "library/__init__.py").write_text("")
    (target / "bin").mkdir()
    (target / "bin/tool").write_text("")
"""


@pytest.fixture(params=[(), ("-o", "pipefail")], ids=["", "pipefail"])
def runner(tmp_path: Path, request: pytest.FixtureRequest) -> Runner:
    """A checkout with an application, tests, notes and git's own files."""
    made = Runner(tmp_path, *request.param)
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
    """The package has only the application: no tests, no notes, no files of git."""
    runner.run(deploy_scripts.BUILD_ZIP)
    assert contents(runner) == {"app.py", "sub/part.py"}


@pytest.fixture
def pip(runner: Runner) -> Runner:
    """The same with a stand-in for pip."""
    tool = runner.tools / "pip"
    tool.write_text('#!/bin/sh\necho "$*" >> "$0.calls"\nexec python3 "$0.py" "$@"\n')
    tool.chmod(0o755)
    tool.with_suffix(".py").write_text(PIP)
    (runner.workspace / "requirements.txt").write_text("library==1\n")
    runner.run(deploy_scripts.BUILD_ZIP)
    return runner


LAMBDA = {"PYTHON": "3.12", "MACHINE": "aarch64", "GLIBC_MINOR": "34"}


def test_dependencies_lie_beside_the_application(pip: Runner) -> None:
    """Dependencies are beside the application, where Lambda looks; useless files are left out."""
    pip.run(VENDOR_DEPENDENCIES, **LAMBDA)
    assert contents(pip) == {"app.py", "sub/part.py", "requirements.txt", "library/__init__.py"}


@pytest.mark.parametrize(("glibc", "newest"), [("26", 26), ("34", 34)])
def test_pip_is_given_every_platform_that_the_lambda_runs(
    pip: Runner, glibc: str, newest: int
) -> None:
    """Pip gets every platform that the Lambda runs, newest first: it expands none by itself."""
    pip.run(VENDOR_DEPENDENCIES, **LAMBDA | {"GLIBC_MINOR": glibc})
    call = pip.calls("pip")[-1]
    assert "--only-binary=:all: --implementation cp --python-version 3.12 " in call
    given = [word for word in call.split() if word.startswith("manylinux")]
    expected = [f"manylinux_2_{minor}_aarch64" for minor in range(newest, 16, -1)]
    assert given == [*expected, "manylinux2014_aarch64"]
    assert {f"manylinux_2_{minor}_aarch64" for minor in (17, 26)} <= set(given)


@pytest.mark.parametrize(("version", "glibc"), [("3.9", "26"), ("3.11", "26"), ("3.12", "34")])
@pytest.mark.parametrize(("architecture", "machine"), [("arm64", "aarch64"), ("x86_64", "x86_64")])
def test_the_platform_is_the_runtimes(
    version: str, glibc: str, architecture: str, machine: str
) -> None:
    """The platform follows the runtime: since Python 3.12 it is Amazon Linux 2023 (AWS docs)."""
    declared = {"repository": "a", "package": {"architecture": architecture}}
    (package,) = Pipeline.of(Repository.model_validate(declared), None).packages
    assert isinstance(package, BuiltPackage)
    assert platform(package, version) == {
        "PYTHON": version,
        "MACHINE": machine,
        "GLIBC_MINOR": glibc,
    }


def test_a_pure_source_package_is_taken_as_the_runner_built_it(pip: Runner) -> None:
    """Only pure Python wheels of the runner are offered; equal versions cause no warning."""
    wheels = "pure-1-py3-none-any fast-2-cp312-cp312-linux_x86_64"
    log = pip.run(VENDOR_DEPENDENCIES, **LAMBDA, WHEELS=wheels, CHOSEN="Pure-1 fast-2")
    assert "offered: pure-1-py3-none-any.whl\n" in log
    assert "::warning" not in log


def test_a_version_that_was_passed_over_is_said(pip: Runner) -> None:
    """A warning names a newer version without a wheel: pip silently takes an older one."""
    wheels = "numpy-2.3.0-cp313-cp313-manylinux_2_39_x86_64 six-1-py3-none-any"
    log = pip.run(VENDOR_DEPENDENCIES, **LAMBDA, WHEELS=wheels, CHOSEN="numpy-2.2.6 six-1")
    (warning,) = (line for line in log.splitlines() if line.startswith("::warning"))
    assert warning.startswith("::warning title=Passed over::numpy 2.3.0 ")


def test_what_the_runner_cannot_build_may_have_a_wheel_all_the_same(pip: Runner) -> None:
    """If the runner cannot build a package, pip uses its wheel, and a warning says so."""
    log = pip.run(VENDOR_DEPENDENCIES, **LAMBDA, UNBUILDABLE="1")
    assert "::warning title=Not built::" in log
    assert "library/__init__.py" in contents(pip)


HASHED = """\
# comment
pure-name==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
Pure.Other==2; python_version > "3" --hash=sha256:cc
pure-name-tools==1.0 --hash=sha256:dd
"""


def test_a_built_wheel_has_its_hash_in_the_requirements(pip: Runner) -> None:
    """The requirements get the hash of a wheel that the runner built, or pip would refuse it."""
    (pip.workspace / "requirements.txt").write_text(HASHED)
    wheels = "Pure_Name-1.0-py3-none-any pure_other-2-py3-none-any"
    pip.run(VENDOR_DEPENDENCIES, **LAMBDA, WHEELS=wheels, CHOSEN="Pure_Name-1.0 pure_other-2")
    (used,) = pip.temporary.glob("*/requirements.txt")
    assert f"--requirement {used} " in pip.calls("pip")[-1]
    empty = hashlib.sha256(b"").hexdigest()
    assert used.read_text() == (
        "# comment\n"
        f"pure-name==1.0 --hash=sha256:{empty} \\\n"
        "    --hash=sha256:aa \\\n"
        "    --hash=sha256:bb\n"
        f'Pure.Other==2; python_version > "3" --hash=sha256:{empty} --hash=sha256:cc\n'
        "pure-name-tools==1.0 --hash=sha256:dd\n\n"
    )


def test_requirements_for_another_machine_are_told(pip: Runner) -> None:
    """A warning names the machine: pip evaluates markers for the runner, not for the Lambda."""
    marked = "Ignoring x: markers 'platform_machine == \"other\"' don't match your environment"
    log = pip.run(VENDOR_DEPENDENCIES, **LAMBDA | {"MACHINE": "other"}, SAID=marked)
    assert "::warning title=Left out::requirements for other only" in log


def test_vendoring_nothing_is_an_error(runner: Runner) -> None:
    """Without requirements.txt and lock file, declared vendoring is an error."""
    log = runner.fail(VENDOR_DEPENDENCIES, **LAMBDA)
    assert log.startswith("::error title=Nothing to vendor::")


@pytest.mark.parametrize("tool", ["uv", "poetry"])
def test_a_lock_file_is_exported_by_its_own_tool(pip: Runner, tool: str) -> None:
    """A lock file's own tool exports the requirements, and only these are vendored."""
    (pip.workspace / "requirements.txt").unlink()
    (pip.workspace / f"{tool}.lock").touch()
    pip.stand_in(tool)
    script = pip.tools / tool
    script.write_text(script.read_text().replace("exit 0", 'for last; do :; done; touch "$last"'))
    pip.run(VENDOR_DEPENDENCIES, **LAMBDA)
    (export,) = pip.calls(tool)
    assert export.startswith("export ")
    exported = export.split()[-1]
    assert pip.calls("pip")[0].startswith(f"install {tool}")
    assert all(f"--requirement {exported} " in call for call in pip.calls("pip")[1:])


def test_the_standin_for_pip_is_what_is_called(runner: Runner) -> None:
    """A script calls the stand-in for pip, not the real tool."""
    runner.stand_in("pip")
    found = subprocess.run(
        ["bash", "-c", "command -v pip"],
        env={"PATH": f"{runner.tools}:/usr/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == str(runner.tools / "pip")
