"""The configuration for OpenTofu has what slipway's declaration has."""

import json
import re
from pathlib import Path

import pytest

from components.config.stack_files import StackFiles
from components.documents.workflows import render_workflows, workflow_branches
from components.model.pipeline import Pipeline
from components.model.stack import Stack
from sandbox.home import PROJECT
from tests.bench import opentofu
from tests.bench.repositories import declaration
from tests.stacks import WriteStack


@pytest.fixture
def stack(write_stack: WriteStack) -> Stack:
    """Two of the repositories that are measured."""
    return StackFiles(write_stack(a=declaration("a"), b=declaration("b"))).stack


def test_the_values_are_those_of_the_declaration(stack: Stack) -> None:
    """Each environment of each repository has its branches and both variables."""
    values = opentofu.values(stack)
    assert values["owner"] == "acme"
    assert list(values["repositories"]) == ["a", "b"]
    assert values["repositories"]["b"] == {
        name: {
            "admin_bypass": name != "prod",
            "branches": [branch],
            "variables": {
                "AWS_ROLE_ARN": f"arn:aws:iam::{account * 12}:role/slipway/acme.b-{name}",
                "AWS_REGION": "eu-west-1",
            },
        }
        for name, branch, account in (
            ("dev", "develop", "1"),
            ("test", "main", "2"),
            ("prod", "main", "3"),
        )
    }


def test_the_files_are_written_as_slipway_renders_them(stack: Stack) -> None:
    """Every workflow file of every repository is there with slipway's text, and the values."""
    files = opentofu.files(stack)
    assert json.loads(files.pop("bench.auto.tfvars.json")) == opentofu.values(stack)
    assert files == {
        f"workflows/{repository.name}/{file}": text
        for repository in stack.repositories
        for file, text in render_workflows(repository.name, Pipeline.of(repository, None)).items()
    }


def test_each_file_is_committed_to_the_branches_that_slipway_chooses(stack: Stack) -> None:
    """The module commits each file to each branch of `workflow_branches`, and once."""
    text = (opentofu.HCL / "repository/main.tf").read_text(encoding="utf-8")
    committed = [
        (path, "develop" if "branch " in block else "main")
        for block in re.findall(r'"github_repository_file" .*?\n}\n', text, re.DOTALL)
        for path in re.findall(r'file\("\$\{var\.workflows\}/(.+)"\)', block)
    ]
    branches = workflow_branches(stack.repositories[0], "main")
    assert sorted(committed) == sorted((file, at) for file in branches for at in branches[file])


def test_both_tools_have_the_same_version_of_the_provider() -> None:
    """hcl/ asks for the version that is built, which is the one inside Pulumi's plugin."""
    asked = (opentofu.HCL / "versions.tf").read_text(encoding="utf-8")
    plugin = (PROJECT / "sandbox/engine/github_plugin/go.mod").read_text(encoding="utf-8")
    assert f'"{opentofu.PROVIDER}"' in asked
    assert f"terraform-provider-github/v6 v{opentofu.PROVIDER}\n" in plugin


def test_the_configuration_is_written_with_its_files(stack: Stack, tmp_path: Path) -> None:
    """The folder has the modules, the values and the files."""
    opentofu.write(tmp_path / "configuration", stack)
    written = {
        str(path.relative_to(tmp_path / "configuration"))
        for path in (tmp_path / "configuration").rglob("*")
        if path.is_file()
    }
    assert written >= {"main.tf", "repository/main.tf", *opentofu.files(stack)}


def test_opentofu_finds_the_provider_here_and_nowhere_else(tmp_path: Path) -> None:
    """The only source of providers is a folder that has this one: no registry is asked."""
    plugin = tmp_path / "built"
    plugin.touch()
    variables = opentofu.offline(tmp_path, plugin)
    settings = Path(variables["TF_CLI_CONFIG_FILE"]).read_text(encoding="utf-8")
    assert re.findall(r"^ {2}(\w+) \{$", settings, re.MULTILINE) == ["filesystem_mirror"]
    (found,) = (tmp_path / "mirror").rglob("terraform-provider-github_v*")
    assert found.resolve() == plugin
