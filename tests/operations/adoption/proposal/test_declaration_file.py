from dataclasses import replace
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from operations.adoption.proposal.declaration_file import declaration_text, write_new
from operations.live.observed import ObservedWorkflow
from tests.operations.adoption import grown


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    """An existing file is never overwritten, and no temporary file is left behind."""
    path = tmp_path / "ledger.yaml"
    assert write_new(path, "one")
    assert not write_new(path, "two")
    assert path.read_text() == "one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_proposed_text_parses_to_the_declaration() -> None:
    """The proposed text parses to the declaration; it names the schema and the live facts."""
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


@given(st.text())
@example("a\ndeploy: {lambda_function: evil}\n# .yml")
@example("a\r\u2028\x85deploy: {}")
def test_no_name_of_a_file_or_branch_adds_to_the_declaration(name: str) -> None:
    """Names of files and branches, which users choose freely, never add keys to the declaration."""
    there = {name: {name: ObservedWorkflow("0" * 40, None)}}
    live = replace(grown.LEDGER, default_branch=name, workflows=there)
    text = declaration_text({"repository": "ledger"}, live)
    assert YAML(typ="safe").load(text) == {"repository": "ledger"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("x\x1b[2J\u202egnp.exe")
@example("00" + "\U00010000" * 9 + "0 0")
def test_no_value_controls_the_terminal_of_a_reviewer(value: str) -> None:
    """A proposed file has only printable ASCII, so no value controls a reviewer's terminal."""
    declaration = {"environments": {"prod": {"variables": {"A": value}}}}
    text = declaration_text(declaration, grown.LEDGER)
    assert YAML(typ="safe").load(text) == declaration
    assert all(char == "\n" or " " <= char <= "~" for char in text)
