"""The CLI says what is wrong with a project or a package as the official one does."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.trivial_project import Project, trivial_project

#: Members of Pulumi.yaml, and a line of the message about them.
MEMBERS: list[tuple[dict[str, Any], str]] = [
    ({"description": 1}, "#/description: expected string or null, but got number"),
    (
        {"backend": {"ur": "x"}},
        "#/backend: additionalProperties 'ur' not allowed; did you mean 'url'?",
    ),
    (
        {"plugins": {"providers": [{"nam": "x"}]}},
        "#/plugins/providers/0: additionalProperties 'nam' not allowed; did you mean 'name'?",
    ),
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without a stack."""
    return trivial_project(tmp_path)


@pytest.mark.parametrize(("member", "message"), MEMBERS, ids=str)
def test_a_wrong_project_is_described(
    project: Project, member: dict[str, Any], message: str
) -> None:
    """Each mistake has a line with its place, and a member that was perhaps meant."""
    text = json.dumps({"name": "trivial", "runtime": "python", **member})
    (project.folder / "Pulumi.yaml").write_text(text)
    done = project.pulumi("stack", "ls")
    assert done.returncode
    assert message in done.stderr


def test_a_wrong_package_is_described(project: Project) -> None:
    """A package is checked by its own schema."""
    wrong = {
        "name": "a",
        "version": "1.0.0",
        "resources": {"a:b:C": {"inputProperties": {"x": {}}}},
    }
    (project.folder / "schema.json").write_text(json.dumps(wrong))
    done = project.pulumi("schema", "check", "schema.json")
    assert done.returncode
    assert "#/resources/a:b:C/inputProperties/x: doesn't validate with" in done.stderr
