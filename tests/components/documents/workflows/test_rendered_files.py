"""Rendered files as a whole equal the reviewed ones, and linters accept them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from components.documents.workflows import FILES
from tests.components.documents.workflows.conftest import DECLARATIONS, workflow_texts

TOOLS = Path(sys.executable).parent

#: Findings of zizmor that follow from the standard's own text, and why they are accepted.
ACCEPTED = {
    "unpinned-uses": "the standard names actions by their major version",
    "artipacked": "the standard's checkout is the plain one; the token it leaves in .git can only "
    "read, and no artifact holds .git",
    "dangerous-triggers": "the standard deploys prod by workflow_run; only after a push to main",
}
#: Further findings of zizmor's pedantic persona.
ACCEPTED_BY_THE_PEDANTIC = {
    "concurrency-limits": "prod's runs as a whole do not wait for each other: one that has nothing "
    "to deploy would displace one that waits",
}


class WorkflowFile(SingleFileSnapshotExtension):
    """Golden files are real workflow files, which people and linters can read."""

    _write_mode = WriteMode.TEXT
    file_extension = "yml"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        pytest.param(name, file, id=f"{name}-{Path(file).stem}")
        for name in DECLARATIONS
        for file in FILES.values()
    ],
)
def test_the_text_is_as_reviewed(name: str, file: str, snapshot: SnapshotAssertion) -> None:
    """A rendered file equals its committed golden file, so a review shows every change."""
    assert workflow_texts(name)[file] == snapshot(extension_class=WorkflowFile)


@pytest.mark.parametrize(
    ("file", "most"), [("python-dev.yml", 200), ("python-test.yml", 200), ("python-prd.yml", 230)]
)
def test_a_services_file_is_short_enough_to_be_read(file: str, most: int) -> None:
    """A service's file is short, since the repository's owner has to read and accept it."""
    assert len(workflow_texts("service")[file].splitlines()) <= most


def test_actionlint_accepts_every_file(workflow_files: list[Path], actionlint: Path) -> None:
    """Expressions, contexts, needs and action inputs are right, as far as can be known offline."""
    done = run([actionlint, "-shellcheck=", "-pyflakes=", *workflow_files])
    assert done.returncode == 0, done.stdout


def test_actionlint_can_fail(workflow_files: list[Path], actionlint: Path, tmp_path: Path) -> None:
    """The linter finds a step that reads a missing output."""
    text = workflow_files[0].read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(text.replace("id: tests", "id: test"), encoding="utf-8")
    assert run([actionlint, wrong]).returncode == 1


def test_githubs_workflow_schema_accepts_every_file(workflow_files: list[Path]) -> None:
    """The schema that editors use for workflow files accepts them."""
    schema = ["--builtin-schema", "vendor.github-workflows"]
    done = run([TOOLS / "check-jsonschema", *schema, *workflow_files])
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("persona", "accepted"),
    [("regular", ACCEPTED), ("pedantic", ACCEPTED | ACCEPTED_BY_THE_PEDANTIC)],
)
def test_zizmor_finds_only_what_the_standard_wants(
    persona: str, accepted: dict[str, str], workflow_files: list[Path]
) -> None:
    """Zizmor finds only what follows from the standard's own text."""
    files = [file for file in workflow_files if not is_strict(file)]
    assert zizmor(persona, files) == set(accepted)


def test_zizmors_pedant_finds_nothing_in_the_strict_profile(workflow_files: list[Path]) -> None:
    """Zizmor's pedantic persona finds nothing in the strict profile, except two ignored findings.

    Prod's trigger counts after a push only. Prod's runs have no group: a run that has nothing to
    deploy would replace a waiting one.
    """
    files = [file for file in workflow_files if is_strict(file)]
    assert zizmor("pedantic", files) == set()
    excuses = [line for file in files for line in file.read_text().splitlines() if "zizmor" in line]
    assert [line.strip() for line in excuses] == [
        "# zizmor: ignore[dangerous-triggers,concurrency-limits]"
    ]


def test_zizmor_can_fail(workflow_files: list[Path], tmp_path: Path) -> None:
    """The linter finds a missing pin in the strict profile."""
    text = next(file for file in workflow_files if is_strict(file)).read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(re.sub(r"checkout@[0-9a-f]+", "checkout@v4", text), encoding="utf-8")
    assert zizmor("pedantic", [wrong]) == {"unpinned-uses"}


def is_strict(file: Path) -> bool:
    """Return whether the file's declaration has the strict profile."""
    return file.parents[2].name.startswith("strict")


def zizmor(persona: str, files: list[Path]) -> set[str]:
    """The kinds of findings."""
    options = ["--offline", "--no-progress", "--format", "json", "--persona", persona]
    done = run([TOOLS / "zizmor", *options, *files])
    return {finding["ident"] for finding in json.loads(done.stdout)}


def run(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a linter to its end."""
    return subprocess.run(command, capture_output=True, text=True, check=False)
