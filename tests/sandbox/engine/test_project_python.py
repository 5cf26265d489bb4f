import platform
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.engine.project_python import ProjectPythonError, project_python


def environment(root: Path, name: str) -> Path:
    """Make the files of a virtual environment."""
    python = root / name / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return python


def test_no_option_means_this_python(tmp_path: Path) -> None:
    """Without options it is the Python that runs the language host."""
    assert project_python(tmp_path, {}).executable == Path(sys.executable)


def test_a_virtualenv_is_relative_to_the_project(tmp_path: Path) -> None:
    """The path is relative to the project, and its commands come first on PATH."""
    python = environment(tmp_path, "env")
    found = project_python(tmp_path, {"virtualenv": "env"})
    assert found.executable == python
    assert found.environment["PATH"].startswith(f"{python.parent}:")
    assert found.environment["VIRTUAL_ENV"] == str(tmp_path / "env")


def test_uv_has_a_virtualenv_by_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For uv it is `.venv`, or the folder in uv's own variable."""
    monkeypatch.delenv("UV_PROJECT_ENVIRONMENT", raising=False)
    expected = environment(tmp_path, ".venv")
    assert project_python(tmp_path, {"toolchain": "uv"}).executable == expected
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "other")
    expected = environment(tmp_path, "other")
    assert project_python(tmp_path, {"toolchain": "uv"}).executable == expected


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"toolchain": "poetry"}, "'poetry'"),
        ({"typechecker": "mypy"}, "'mypy'"),
        ({"virtualenv": "env"}, "environment env"),
    ],
    ids=["toolchain", "type checker", "missing environment"],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, options: dict[str, str], reason: str) -> None:
    """A missing Python or an unsupported option is an error with its reason."""
    with pytest.raises(ProjectPythonError, match=reason):
        project_python(tmp_path, options)


def test_version_and_packages_are_the_interpreters(tmp_path: Path) -> None:
    """Version and packages are those of the project's interpreter, not of the test's."""
    python = project_python(tmp_path, {})
    assert python.version() == ".".join(map(str, sys.version_info[:3]))
    assert python.packages()["pulumi"]


def test_only_another_interpreter_is_started_for_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An environment of another Python tells its own version; one of this Python is not started."""
    python = environment(tmp_path, "env")
    found = project_python(tmp_path, {"virtualenv": "env"})
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", pytest.fail)
        assert found.version() == platform.python_version()
    python.unlink()
    python.write_text("#!/bin/sh\necho 9.8.7\n", encoding="utf-8")
    python.chmod(0o755)
    assert found.version() == "9.8.7"
