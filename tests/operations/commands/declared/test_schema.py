import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from components.config.problems import ExitCode
from operations.cli import main
from operations.commands.declared.schema import SCHEMAS, schema_text
from operations.terminal.output import PROJECT

STACKS = PROJECT / "stacks"
FILES = sorted(path for path in STACKS.glob("*/*.yaml"))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schema_is_current(name: str) -> None:
    """The committed schema equals the model's; `slipway schema` rewrites it."""
    assert (STACKS / "schema" / name).read_text(encoding="utf-8") == schema_text(name)


def test_check_names_a_stale_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`schema --check` writes nothing, names the stale schema and exits with 2."""
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)
    assert main(["schema", "--check"]) == ExitCode.CONFIGURATION
    assert [path.name for path in tmp_path.iterdir()] == ["Pulumi.yaml"]
    assert main(["schema"]) == ExitCode.SUCCESS
    assert main(["schema", "--check"]) == ExitCode.SUCCESS
    assert "stacks/schema/stack.json: is stale" in capsys.readouterr().err


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_example_agrees_with_the_schema_it_names(path: Path) -> None:
    """Each example names a schema in its first line, and is valid by it."""
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    assert first.startswith("# yaml-language-server: $schema=../schema/")
    schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    content = YAML(typ="safe").load(path)
    jsonschema.Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(content)


@pytest.mark.parametrize(
    "content",
    [
        {"repository": "a", "deployy": {}},
        {"repository": "a", "environments": {"stage": {}}},
        {"repository": "a", "environments": {"prod": {"wait_minutes": 44_640}}},
        {"repository": "a", "environments": {"prod": {"secrets": {"KEY": "plain"}}}},
        {},
    ],
    ids=["key", "environment", "wait", "value", "nothing"],
)
def test_the_schema_rejects_mistakes_that_the_model_rejects(content: dict[str, object]) -> None:
    """The schema rejects common mistakes that the model rejects."""
    validator = jsonschema.Draft202012Validator(json.loads(schema_text("repository.json")))
    assert not validator.is_valid(content)


def test_null_is_allowed_wherever_there_is_a_default() -> None:
    """The schema accepts `null`, which means explicitly none, for every optional key."""
    content = {
        "repository": "a",
        "environments": {"prod": {"reviewers": None, "secrets": {"A": None}}},
        "deploy": None,
    }
    validator = jsonschema.Draft202012Validator(json.loads(schema_text("repository.json")))
    assert validator.is_valid(content)
