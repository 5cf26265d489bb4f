"""The rendered files as a whole: as committed text, and before the field's linters."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.components.documents.conftest import DECLARATIONS, workflow_texts

#: What zizmor may find in files that keep to the standard's letter, and why that is accepted.
ACCEPTED = {
    "unpinned-uses": "the standard names actions by their major version",
    "artipacked": "the standard's checkout is the plain one",
    "dangerous-triggers": "the standard deploys prod by workflow_run, after a push to main only",
}


class WorkflowFile(SingleFileSnapshotExtension):
    """Golden files are real workflow files, which people and linters can read."""

    _write_mode = WriteMode.TEXT
    file_extension = "yml"


@pytest.mark.parametrize("file", ["python-dev.yml", "python-test.yml", "python-prd.yml"])
@pytest.mark.parametrize("name", DECLARATIONS)
def test_the_text_is_as_reviewed(name: str, file: str, snapshot: SnapshotAssertion) -> None:
    """Every change of a rendered file is seen in review."""
    assert workflow_texts(name)[file] == snapshot(extension_class=WorkflowFile)


def test_actionlint_accepts_every_file(workflow_folder: Path, actionlint: Path) -> None:
    """Expressions, contexts, needs and action inputs are right, as far as can be known offline."""
    files = sorted(workflow_folder.iterdir())
    assert len(files) == 3
    command: list[str | Path] = [actionlint, "-shellcheck=", "-pyflakes=", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_githubs_workflow_schema_accepts_every_file(workflow_folder: Path) -> None:
    """The schema that editors use for workflow files accepts them."""
    tool = Path(sys.executable).parent / "check-jsonschema"
    command: list[str | Path] = [
        tool,
        "--builtin-schema",
        "vendor.github-workflows",
        *workflow_folder.iterdir(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_zizmor_finds_only_what_the_standard_wants(workflow_folder: Path) -> None:
    """A security finding that the standard's own words do not cause is a failure."""
    tool = Path(sys.executable).parent / "zizmor"
    command: list[str | Path] = [
        tool,
        "--offline",
        "--no-progress",
        "--format",
        "json",
        workflow_folder,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = {finding["ident"] for finding in json.loads(done.stdout)}
    assert found == set(ACCEPTED)
