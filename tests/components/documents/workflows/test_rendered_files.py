"""The rendered files as a whole: as committed text, and before the field's linters."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from components.documents.workflows import FILES, render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.terms import ENVIRONMENTS
from tests.components.documents.workflows.conftest import DECLARATIONS, workflow_texts

TOOLS = Path(sys.executable).parent

#: What zizmor may find in files that keep to the standard's letter, and why that is accepted.
ACCEPTED = {
    "unpinned-uses": "the standard names actions by their major version",
    "artipacked": "the standard's checkout is the plain one; the token it leaves in .git can only "
    "read, and no artifact holds .git",
    "dangerous-triggers": "the standard deploys prod by workflow_run; only after a push to main",
}
#: What its pedantic persona may find on top.
ACCEPTED_BY_THE_PEDANTIC = {
    "concurrency-limits": "every push is checked; only deployments wait for each other",
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
    """Every change of a rendered file is seen in review."""
    assert workflow_texts(name)[file] == snapshot(extension_class=WorkflowFile)


def test_actionlint_accepts_every_file(workflow_files: list[Path], actionlint: Path) -> None:
    """Expressions, contexts, needs and action inputs are right, as far as can be known offline."""
    done = run([actionlint, "-shellcheck=", "-pyflakes=", *workflow_files])
    assert done.returncode == 0, done.stdout


def test_actionlint_can_fail(workflow_files: list[Path], actionlint: Path, tmp_path: Path) -> None:
    """A step that reads an output nobody makes is noticed: the linter does look."""
    text = workflow_files[0].read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(text.replace("id: tests", "id: test"), encoding="utf-8")
    assert run([actionlint, wrong]).returncode == 1


#: No name that the deployment, GitHub or the runner has a meaning for starts like these.
names = st.from_regex(r"X[A-Z0-9_]{0,9}", fullmatch=True)
branches = st.from_regex(
    r"[A-Za-z0-9!+][A-Za-z0-9/_.+!#,&{}-]{0,12}[a-z0-9]", fullmatch=True
).filter(lambda name: not any(wrong in name for wrong in ("..", "//", "/.", "./")))
commands = st.text(max_size=40).filter(lambda text: text.strip() and "${{" not in text)
environments = st.fixed_dictionaries(
    {
        "secrets": st.lists(names, max_size=2, unique=True),
        # A secret and a variable of one name are refused.
        "variables": st.dictionaries(names.map("V{}".format), st.text(max_size=5), max_size=2),
    }
)
declarations = st.fixed_dictionaries(
    {
        "repository": st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}", fullmatch=True),
        # prod follows the runs of test, so that their branch is one.
        "branches": st.builds(
            lambda dev, main: {"dev": dev, "test": main, "prod": main}, branches, branches
        ),
        "python_versions": st.lists(
            st.integers(8, 15).map("3.{}".format), min_size=1, max_size=4, unique=True
        ),
        "deploy": st.one_of(
            st.none(),
            st.fixed_dictionaries({"command": commands}),
            st.fixed_dictionaries(
                {"lambda_function": st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True)}
            ),
        ),
        "environments": st.fixed_dictionaries(dict.fromkeys(ENVIRONMENTS, environments)),
    }
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(declared=declarations)
def test_whatever_is_declared_is_a_workflow(
    declared: dict[str, Any], actionlint: Path, tmp_path: Path
) -> None:
    """Odd names of branches and functions, and any command, arrive as they were declared."""
    repository = Repository.model_validate(declared)
    files = []
    for name, text in render_workflows(repository.name, Pipeline.of(repository)).items():
        files.append(tmp_path / name)
        files[-1].write_text(text, encoding="utf-8")
        steps = YAML(typ="safe").load(text)["jobs"].popitem()[1]["steps"]
        (deployment,) = (step for step in steps if step["name"].startswith("Deploy to"))
        if repository.deploy.command:
            assert deployment["run"] == f"{repository.deploy.command.strip()}\n"
        if repository.deploy.lambda_function:
            assert deployment["env"]["LAMBDA_FUNCTION"] == repository.deploy.lambda_function
    done = run([actionlint, "-shellcheck=", "-pyflakes=", *files])
    assert done.returncode == 0, done.stdout


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
    """A security finding that the standard's own words do not cause is a failure."""
    options = ["--offline", "--no-progress", "--format", "json", "--persona", persona]
    done = run([TOOLS / "zizmor", *options, *workflow_files])
    assert {finding["ident"] for finding in json.loads(done.stdout)} == set(accepted)


def run(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a linter to its end."""
    return subprocess.run(command, capture_output=True, text=True, check=False)
