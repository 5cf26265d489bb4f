from pathlib import Path

import pytest

from components.config.problems import ConfigurationError
from components.config.yaml_base import load_base
from components.config.yaml_events import UnreadableYaml
from components.config.yaml_files import read_document
from tests.cost import cost

GROWING = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcde", "bcdef", strict=True)
)
TOO_MUCH = {
    "aliases of aliases": (GROWING, 5, "entries, aliases included"),
    "nested brackets": ("a:\n  " + "[" * 3000 + "]" * 3000, 2, "nested deeper than 64 levels"),
    "nested mappings": ("a:\n  " + "{a: " * 3000 + "}" * 3000, 2, "nested deeper than 64 levels"),
    "unclosed brackets": ("a:\n  " + "[" * 3000, 2, "nested deeper than 64 levels"),
    "dashes": ("a:\n  " + "- " * 3000 + "x", 2, "nested deeper than 64 levels"),
    "its own part": ("a:\n  b: &b [1, *b]", 2, "an alias *b inside of what it names"),
    "many items": ("a: [" + "x," * 300_000 + "]", 1, "entries"),
    "many characters": ("a: " + "x" * 5_000_000, 1, "characters"),
    "control characters": ("a: \x00", 1, "is not valid YAML"),
}


@pytest.mark.large
@pytest.mark.parametrize("case", TOO_MUCH)
def test_a_declaration_too_large_to_be_one_is_a_problem_at_once(tmp_path: Path, case: str) -> None:
    """The problem has file and line; there is no traceback and no long wait."""
    text, line, words = TOO_MUCH[case]
    file = tmp_path / "billing.yaml"
    file.write_text(text)

    def read() -> ConfigurationError:
        with pytest.raises(ConfigurationError) as caught:
            read_document(file)
        return caught.value

    took, error = cost(read)
    assert took < 60
    (problem,) = error.problems
    assert (Path(problem.file).name, problem.line) == ("billing.yaml", line)
    assert words in problem.text


@pytest.mark.large
@pytest.mark.parametrize("case", TOO_MUCH)
def test_a_foreign_text_too_large_is_unreadable_at_once(case: str) -> None:
    """A foreign text that is too large is refused at once, and no part of it is used."""

    def read() -> None:
        with pytest.raises(UnreadableYaml):
            load_base(TOO_MUCH[case][0])

    assert cost(read)[0] < 200


@pytest.mark.large
def test_a_foreign_file_of_half_a_megabyte_is_read_in_no_time() -> None:
    """A foreign file of half a megabyte is read quickly, since drift reads many such files."""
    step = "    steps:\n      - run: make\n"
    text = "on: push\njobs:\n" + "".join(
        f"  j{n}:\n    runs-on: ubuntu-latest\n{step}" for n in range(8000)
    )
    took, content = cost(lambda: load_base(text))
    assert took < 200
    assert (len(text) > 500_000, len(content["jobs"]), content["on"]) == (True, 8000, "push")


def test_every_scalar_is_text_and_an_alias_what_it_names() -> None:
    """`on` and `yes` are no truth values, dates and numbers stay text (YAML 1.2)."""
    text = "on: yes\nd: 2024-13-45\nn: 010\ne:\na: &a {b: [c]}\nf: *a\n"
    assert load_base(text) == {
        "on": "yes",
        "d": "2024-13-45",
        "n": "010",
        "e": "",
        "a": {"b": ["c"]},
        "f": {"b": ["c"]},
    }
    assert load_base("") is None


def test_the_anchor_that_is_given_last_counts() -> None:
    """An alias means the anchor that begins last before it, also one within another of its name."""
    assert load_base("- &x [&x inner]\n- *x\n- &x later\n- *x\n") == [
        *(["inner"], "inner", "later", "later")
    ]


def test_an_anchor_names_nothing_within_its_own_content() -> None:
    """A collection cannot contain itself; a former anchor of the name does not count any more."""
    with pytest.raises(UnreadableYaml, match=r"alias \*x inside of what it names"):
        load_base("- &x before\n- &x [*x]\n")


@pytest.mark.parametrize(
    "text", ["a: 1\na: 2", "a: *b", "--- 1\n--- 2", "? [a]\n: b", "a: [", "\t"]
)
def test_what_is_not_one_yaml_is_unreadable(text: str) -> None:
    """A text that is not exactly one YAML document, or is ambiguous, is unreadable."""
    with pytest.raises(UnreadableYaml):
        load_base(text)
