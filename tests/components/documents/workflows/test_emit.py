from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from components.documents.workflows import render_workflows
from components.documents.workflows.emit import Explained, Inline, emit
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from tests.cost import cost

#: Texts that some YAML parser reads as a number, a time, a truth value or nothing.
_WORDS = """\
on On yes NO y N true False null Null ~ 1 3.10 .5 -.5 ._ +1 1_0 0o7 0x1F 1e3 12:30 2001-12-14
.inf -.INF +.inf .nan = << --- ... - -- ? : # *a &a !a | > %a @a `a {} [] {a} [a] a: :a a#
""".split()  # noqa: SIM905 - a list of fifty quoted marks is unreadable
#: Any text, and texts of characters with a meaning in YAML.
texts = (
    st.text(max_size=20)
    | st.text(" \t\n\r\x85\u2028\ufeff#:-?|>%@!&*'\"\\[]{},a1", max_size=12)
    | st.sampled_from(_WORDS)
)
#: YAML 1.1 and 1.2 read the key `on` differently, so it is excluded.
keys = (st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,9}", fullmatch=True) | texts).filter(
    lambda key: key != "on"
)
scalars = texts | st.booleans() | st.integers() | st.none()
#: Values that can be written on one line, also nested.
flat = st.recursive(
    scalars,
    lambda inner: st.dictionaries(keys, inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=6,
)
trees = st.recursive(
    scalars | st.dictionaries(keys, flat, max_size=3).map(Inline),
    lambda inner: st.dictionaries(keys, inner, max_size=4) | st.lists(inner, max_size=4),
    max_leaves=8,
)
workflows = st.dictionaries(keys, trees, min_size=1, max_size=4)


def parsed(text: str) -> Any:
    """Return the text as parsers of YAML 1.2, like GitHub's, and of YAML 1.1 read it."""
    content = YAML(typ="safe").load(text)
    assert yaml.load(text, yaml.CSafeLoader) == content
    return content


def plain(tree: Any) -> Any:
    """Return the tree as plain data, without marks for its layout."""
    if isinstance(tree, Explained):
        return plain(tree.value)
    if isinstance(tree, Inline):
        return plain(tree.content)
    if isinstance(tree, dict):
        return {key: plain(value) for key, value in tree.items()}
    return [plain(value) for value in tree] if isinstance(tree, list) else tree


def explained(tree: Any, why: str) -> Any:
    """Return the tree with a comment at every place that may have one."""
    if isinstance(tree, dict):
        return {key: Explained(explained(value, why), why) for key, value in tree.items()}
    # A list of texts is one line, which has no room for comments.
    if isinstance(tree, list) and not all(isinstance(value, str) for value in tree):
        return [Explained(explained(value, why), why) for value in tree]
    return tree


def test_a_workflow_reads_as_people_write_it() -> None:
    """The emitted text has the layout of a hand-written workflow, with comments."""
    workflow = {
        "name": "x",
        "on": Explained({"push": {"branches": ["main"]}}, "Why."),
        "jobs": {
            "one": Explained({"python-version": ["3.10"]}, "First,\nin two lines."),
            "two": {
                "steps": [
                    {"uses": "x@v1", "with": Inline({"version": "3.10", "of": "${{ a }}"})},
                    {"run": "a\n"},
                    Explained({"run": "b\n\nc\n"}, "About this step."),
                ],
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
        "      - uses: x@v1\n"
        '        with: {version: "3.10", of: "${{ a }}"}\n'
        "      - run: |\n"
        "          a\n"
        "      # About this step.\n"
        "      - run: |\n"
        "          b\n"
        "\n"
        "          c\n"
        "    permissions:\n"
        "      id-token: write # Why so.\n"
    )


@given(workflows)
@example({"a": "-.inf", "b": [{"c": "._"}], "d": Inline({"e": "a, b", "f": "c: d", "g": "h}"})})
def test_whatever_goes_in_comes_out(tree: dict[str, Any]) -> None:
    """The parsed text equals the emitted tree, whatever texts it has in whatever place."""
    assert parsed(emit(["x"], tree)) == plain(tree)


@given(workflows, texts | st.just("Why,\nat length."))
def test_comments_change_no_content(tree: dict[str, Any], why: str) -> None:
    """Comments, whatever their text, do not change the content."""
    assert parsed(emit([why], explained(tree, why))) == plain(tree)


@given(st.dictionaries(keys, flat, max_size=4))
def test_a_mapping_stands_in_one_line(content: dict[str, Any]) -> None:
    """An inline mapping is one line, even with line breaks and mappings in it."""
    assert len(emit(["x"], {"with": Inline(content)}).splitlines()) == len(["# x", "", "with: {}"])


@pytest.mark.parametrize("value", [1.5, {"x"}, Inline({"a": Explained("b", "Why.")})])
def test_what_has_no_form_is_refused(value: object) -> None:
    """A value that cannot be written is refused, as is a comment where it has no place."""
    with pytest.raises(TypeError, match="no place for"):
        emit([], {"a": value})


@pytest.mark.large
def test_a_hundred_repositories_are_rendered_in_a_moment() -> None:
    """Rendering 100 repositories takes a fraction of a second."""
    names = [f"r{index}" for index in range(100)]
    declared = [{"repository": name, "deploy": {"lambda_function": name}} for name in names]
    pipelines = [Pipeline.of(Repository.model_validate(one), None) for one in declared]

    def render() -> None:
        for name, pipeline in zip(names, pipelines, strict=True):
            render_workflows(name, pipeline)

    assert cost(render)[0] < 150
