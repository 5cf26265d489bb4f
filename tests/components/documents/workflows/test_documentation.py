"""The declarations in docs/workflows.md are valid."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from components.documents.workflows import FILES, render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository

DOCUMENT = Path(__file__).parents[4] / "docs/workflows.md"
BLOCKS = re.findall(r"```yaml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


def test_there_are_declarations() -> None:
    """The documentation has five declarations, so the test below has cases."""
    assert len(BLOCKS) == 5


@pytest.mark.parametrize("text", BLOCKS, ids=range(len(BLOCKS)))
def test_a_documented_declaration_is_valid(text: str) -> None:
    """A documented declaration is valid and gives three workflow files.

    A library, which is not deployed, gets the two files with CI.
    """
    content = YAML(typ="safe").load(text)
    declared = content if "repository" in content else {"repository": "any"} | content["defaults"]
    repository = Repository.model_validate(declared)
    texts = render_workflows(repository.name, Pipeline.of(repository, None))
    wanted = {FILES[name] for name in FILES if declared.get("deploy") != "none" or name != "prod"}
    assert set(texts) == wanted
