from pathlib import Path

from ruamel.yaml import YAML

from operations.adoption.declaration_file import declaration_text, write_new
from tests.operations.adoption import grown


def test_a_file_is_written_once_and_nothing_is_left(tmp_path: Path) -> None:
    """One that is there stays as it is, whatever is proposed."""
    path = tmp_path / "ledger.yaml"
    assert write_new(path, "one")
    assert not write_new(path, "two")
    assert path.read_text() == "one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_text_reads_back_as_the_declaration() -> None:
    """With the schema for editors, and the facts it was made from."""
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"}]}
    declaration = {
        "repository": "ledger",
        "environments": {"prod": {"reviewers": None, "variables": {"A": "1.10", "B": "a: b\n"}}},
        "policies": {"one": policy, "other": policy},
    }
    text = declaration_text(declaration, grown.LEDGER)
    assert YAML(typ="safe").load(text) == declaration
    assert text.startswith("# yaml-language-server: $schema=../schema/repository.json\n")
    assert "repository 7, default branch main; prod;" in text
    assert "&" not in text
    assert "reviewers: null" in text
