from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from components.documents.workflows.emit import Explained, emit

#: Anything, and what YAML gives a meaning.
texts = st.text(max_size=20) | st.text(" \t\n#:-?|>%@!&*'\"\\[]{},a1", max_size=12)
keys = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,9}", fullmatch=True)
trees = st.recursive(
    texts | st.booleans() | st.integers(),
    lambda inner: st.dictionaries(keys, inner) | st.lists(inner),
    max_leaves=8,
)


def parsed(text: str) -> Any:
    """The text as a YAML 1.2 reader sees it."""
    return YAML(typ="safe").load(text)


def test_a_workflow_reads_as_people_write_it() -> None:
    """Order, unquoted `on`, blocks, one-line lists, quoted versions, comments and distances."""
    workflow = {
        "name": "x",
        "on": Explained({"push": {"branches": ["main"]}}, "Why."),
        "jobs": {
            "one": Explained({"python-version": ["3.10"]}, "First,\nin two lines."),
            "two": {
                "steps": [{"run": "a\n"}, Explained({"run": "b\nc\n"}, "About this step.")],
                "permissions": {"id-token": Explained("write", "Why so.")},
            },
        },
    }
    assert emit(["Header."], workflow) == (
        "# Header.\n"
        "\n"
        "name: x\n"
        "\n"
        "# Why.\n"
        "on:\n"
        "  push:\n"
        "    branches: [main]\n"
        "\n"
        "jobs:\n"
        "  # First,\n"
        "  # in two lines.\n"
        "  one:\n"
        '    python-version: ["3.10"]\n'
        "\n"
        "  two:\n"
        "    steps:\n"
        "      - run: |\n"
        "          a\n"
        "\n"
        "      # About this step.\n"
        "      - run: |\n"
        "          b\n"
        "          c\n"
        "    permissions:\n"
        "      id-token: write # Why so.\n"
    )


@given(st.dictionaries(keys, trees, min_size=1, max_size=4))
def test_whatever_goes_in_comes_out(tree: dict[str, Any]) -> None:
    """No text, however odd, changes its meaning or breaks the file."""
    assert parsed(emit(["x"], tree)) == tree


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from("abc"), trees, min_size=1))
def test_comments_change_no_content(tree: dict[str, Any]) -> None:
    """An explained value reads like the bare one."""
    explained = {key: Explained(value, "Why,\nat length.") for key, value in tree.items()}
    assert parsed(emit(["x"], explained)) == tree
