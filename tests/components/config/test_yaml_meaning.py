"""Declarations are read as ruamel.yaml reads them, an independent reader of YAML 1.2."""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from components.config.yaml_events import UnreadableYaml
from components.config.yaml_tree import load_tree
from operations.terminal.output import PROJECT

WRITTEN = (
    *("", "~", "null", "Null", "NULL", "nULL", "true", "True", "TRUE", "tRUE", "false", "no", "on"),
    *("0", "-0", "+1", "-12", "0777", "0o17", "-0o17", "0x1F", "0b101", "1_000", "1__0", "-_1"),
    *("1.5", "-1.", "1e3", "1E-3", "1_0.5", ".5", "-.5e+1", ".5e1", ".inf", "-.Inf", "+.INF"),
    *("1:30", "0o9", "0b2", "0xg", "08", "1.2.3", "v1", "-a", "a b", "a:b", "é", "1 000"),
)


def plain(value: Any) -> Any:
    """The content that ruamel.yaml found, as data that equals only its own type."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    kinds = (bool, int, float, str)
    return next(((one.__name__, one(value)) for one in kinds if isinstance(value, one)), value)


@pytest.mark.parametrize("text", WRITTEN)
def test_a_scalar_is_what_yaml_says(text: str) -> None:
    """As a value and as a key; a key becomes text afterwards."""
    document = f"a: {text}\nb: [{text}]\nc:\n  ? {text}\n  : x\n"
    assert plain(load_tree(document, 50)[0]) == plain(YAML(typ="safe", pure=True).load(document))


def test_no_number_is_a_number() -> None:
    """`.nan` equals nothing, so that the comparison with another reader says nothing of it."""
    read, _ = load_tree("a: .nan\nb: '.nan'\n", 50)
    assert math.isnan(read["a"])
    assert read["b"] == ".nan"


@pytest.mark.parametrize("text", ["+_", "-.", "._", "0x_", "2012-10-17", "=", "<<"])
def test_what_only_looks_like_another_type_is_text(text: str) -> None:
    """Each of these raised an error or was an object of ruamel.yaml's own."""
    assert load_tree(f"a: {text}\nb: [{text}]\n", 50)[0] == {"a": text, "b": [text]}


def test_a_named_boolean_stays_one() -> None:
    """With an anchor it was 1."""
    read, _ = load_tree("a: &yes true\nb: *yes\n", 50)
    assert read["a"] is read["b"] is True


def test_the_name_given_last_counts() -> None:
    """Also if the node that has it first is not yet at its end."""
    read, lines = load_tree("a: &x\n  b: &x [1]\nd: *x\n", 50)
    assert read == {"a": {"b": [1]}, "d": [1]}
    assert lines[("d", 0)] == 2


def test_an_alias_stands_where_it_is_and_its_content_where_it_was_written() -> None:
    """The user changes these lines."""
    _, lines = load_tree("a: &x\n  - b\n  - {c: d}\ne:\n  f: *x\n", 50)
    assert lines[("e", "f")] == 5
    assert lines[("e", "f", 0)] == 2
    assert lines[("e", "f", 1, "c")] == 3


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2\na: {c: [3]}\n", 3, """found duplicate key "a" with value "{'c': [3]}" """),
        ("a: 1\nb: {c: 2,\n  c: 3}\n", 3, 'found duplicate key "c" with value "3" (original'),
        ("1: a\n0x1: b\n", 2, 'found duplicate key "1"'),
        ("b: &x {c: 1}\na:\n  <<: *x\n  c: 2\n  c: 3\n", 5, 'found duplicate key "c"'),
        ("a:\n  <<: {b: 1}\n  <<: {c: 1}\n", 3, 'found duplicate merge key "<<"'),
        ("a:\n  <<: [{b: 1},\n    2]\n", 3, "expected a mapping for merging, but found scalar"),
        ("a:\n  <<:\n    - b\n", 3, "expected a mapping for merging, but found scalar"),
        ("a:\n  <<: 1\n", 2, "expected a mapping or list of mappings for merging"),
        ("a: 1\nb: *c\n", 2, "found undefined alias 'c'"),
        ("a: 1\n---\nb: 2\n", 2, "found another document"),
        ("a: 1\nb: {{ c }}\n", 2, "has a mapping as a key: write plain words, and `{{` in quotes"),
        ("a: 1\n? [b]\n: c\n", 2, "has a list as a key"),
        ("# c\n%YAML 1.1\n---\na: on\n", 2, "remove the line `%YAML`"),
    ],
)
def test_what_plain_data_cannot_say_is_refused_at_its_line(text: str, line: int, said: str) -> None:
    """Otherwise one of two values would be lost, or a value would be another than written."""
    with pytest.raises(UnreadableYaml) as caught:
        load_tree(text, 50)
    assert said.strip() in str(caught.value)
    assert caught.value.line == line


def test_own_keys_and_earlier_mappings_win() -> None:
    """As `<<` is defined, wherever it is written."""
    text = "a: &a {x: 1, y: 1}\nb:\n  <<: [*a, {y: 2, z: 2}]\n  x: 3\nc:\n  <<: *a\n"
    read, lines = load_tree(text, 50)
    assert read["b"] == {"x": 3, "y": 1, "z": 2}
    assert read["c"] == {"x": 1, "y": 1}
    assert lines[("b", "x")] == 4
    assert lines[("b", "y")] == lines[("c", "x")] == 1


@pytest.mark.parametrize(
    "file", sorted(PROJECT.glob("stacks/*/*.yaml")), ids=lambda file: file.name
)
def test_every_sample_is_what_it_was(file: Path) -> None:
    """Values, and lines of keys, of the files that come with the project."""
    text = file.read_text()
    read, lines = load_tree(text, 20_000)
    tree = YAML(typ="rt", pure=True).load(text)
    assert plain(read) == plain(tree)
    assert lines == dict(_lines(tree, ()))


def _lines(node: Any, path: tuple[str | int, ...]) -> Any:
    mapping = isinstance(node, CommentedMap)
    for key in node if mapping else range(len(node)) if isinstance(node, CommentedSeq) else ():
        place = (*path, str(key) if mapping else key)
        yield place, (node.lc.key if mapping else node.lc.item)(key)[0] + 1
        yield from _lines(node[key], place)


_SCALARS = st.sampled_from(WRITTEN).filter(lambda text: text not in {"", "-"})
_QUOTED = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=3)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    _SCALARS | _QUOTED.map(lambda text: f"'{text.replace(chr(39), chr(39) * 2)}'"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_SCALARS, inner, max_size=3),
    max_leaves=12,
)


def _block(value: Any, margin: str) -> str:
    """A value in block style, below its key."""
    if isinstance(value, dict) and value:
        rows = (f"{margin}{key}:{_block(inner, margin + '  ')}" for key, inner in value.items())
        return "\n" + "".join(rows)
    if isinstance(value, list) and value:
        return "\n" + "".join(f"{margin}-{_block(inner, margin + '  ')}" for inner in value)
    return f" {value if isinstance(value, str) else '[]' if isinstance(value, list) else '{}'}\n"


@given(st.dictionaries(st.sampled_from(["a", "b", "on", "'q'"]), _VALUES, min_size=1))
def test_any_document_is_what_another_reader_finds(content: dict[str, Any]) -> None:
    """The same values on the same lines, unless a key is there twice."""
    text = _block(content, "")
    if not _unique(content):
        with pytest.raises(UnreadableYaml, match="found duplicate key"):
            load_tree(text, 1000)
        return
    tree = YAML(typ="rt", pure=True).load(text)
    read, lines = load_tree(text, 1000)
    assert plain(read) == plain(tree)
    assert lines == dict(_lines(tree, ()))


def _unique(value: Any) -> bool:
    """Whether no two keys of one mapping mean the same, as `8` and `0o10` do."""
    if not isinstance(value, dict):
        return not isinstance(value, list) or all(map(_unique, value))
    meant = [YAML(typ="safe", pure=True).load(f"- {key}")[0] for key in value]
    return len(set(meant)) == len(meant) and all(map(_unique, value.values()))
