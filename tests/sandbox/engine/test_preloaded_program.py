"""The modules of a checkout's program that the sandbox's preloaded process has imported."""

import sys
from pathlib import Path

import pytest

from sandbox.engine import program

NAMES = {"onboarding", "onboarding.trust"}


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose program imports the package `onboarding`; `preload` has imported it."""
    package = tmp_path / "onboarding"
    package.mkdir()
    for name in ("__init__.py", "trust.py"):
        (package / name).write_text("ROLE = 1\n", "utf-8")
    (tmp_path / "__main__.py").write_text("from onboarding.trust import ROLE\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(program, "_CHECKOUT", tmp_path)
    monkeypatch.setattr(program, "_own", {})
    for name in NAMES:
        monkeypatch.setitem(sys.modules, name, sys)  # so that the end of the test removes them
        del sys.modules[name]
    program.preload()
    assert sys.modules.keys() >= NAMES
    return tmp_path


def test_the_checkouts_own_program_finds_its_modules_imported(checkout: Path) -> None:
    """A run of the checkout's program keeps the imported modules while no file has changed."""
    program._forget_own(checkout / "__main__.py")
    assert sys.modules.keys() >= NAMES


def test_modules_imported_later_are_forgotten_as_well(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a change no module of the packages stays, also one that was imported in another way."""
    monkeypatch.setitem(sys.modules, "onboarding.later", sys)
    (checkout / "onboarding/trust.py").write_text("ROLE = 12\n", "utf-8")
    program._forget_own(checkout / "__main__.py")
    assert "onboarding.later" not in sys.modules


def test_a_project_that_links_to_the_checkout_finds_them_too(checkout: Path) -> None:
    """A project whose packages are links to those of the checkout is the checkout's program."""
    project = checkout / "linked"
    project.mkdir()
    (project / "onboarding").symlink_to(checkout / "onboarding")
    program._forget_own(project / "__main__.py")
    assert sys.modules.keys() >= NAMES


def test_a_changed_file_is_imported_again(checkout: Path) -> None:
    """After a change of one file, a run imports all of the program's modules again."""
    (checkout / "onboarding/trust.py").write_text("ROLE = 12\n", "utf-8")
    program._forget_own(checkout / "__main__.py")
    assert not sys.modules.keys() & NAMES


def test_a_deleted_file_is_not_found_any_more(checkout: Path) -> None:
    """After the deletion of a file, a run no longer finds its module."""
    (checkout / "onboarding/trust.py").unlink()
    program._forget_own(checkout / "__main__.py")
    assert not sys.modules.keys() & NAMES


def test_another_program_imports_its_own_modules(checkout: Path) -> None:
    """A program of another folder gets none of the checkout's modules."""
    program._forget_own(checkout / "elsewhere/__main__.py")
    assert not sys.modules.keys() & NAMES


def test_a_program_that_cannot_be_imported_is_no_error(checkout: Path) -> None:
    """A mistake in the program is shown by its run, not by the sandbox."""
    (checkout / "__main__.py").write_text("from onboarding.missing import ROLE\n", "utf-8")
    program.preload()
    (checkout / "__main__.py").write_text("from onboarding import (\n", "utf-8")
    program.preload()


@pytest.mark.usefixtures("checkout")
def test_the_resources_of_aws_are_imported() -> None:
    """A program makes roles: it finds their module, which the SDK imports when it is first used."""
    assert "pulumi_aws.iam.role" in sys.modules
