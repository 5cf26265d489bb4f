"""Any file is read or is a problem, since a pull request may bring any file."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.config.problems import ConfigurationError
from components.config.yaml_files import read_document

#: Texts with a meaning in YAML, and texts at which YAML readers have failed.
_PARTS = (
    *(":-?&*!|>'\"%@`{}[],#~<\n \t="),
    *("a", "b", "&a ", "*a", "<<: *a", "<<: ", "? ", "- ", ": ", "a: ", "\n  ", "\n- ", "\\x"),
    *("!!int ", "!!binary ", "!!timestamp ", "!!set", "!!omap", "!!pairs", "!<tag:x> ", "!a!b "),
    *("2026-01-01", "2026-99-99", "1e999", "0x", "0o9", ".nan", "1:2:3", "1_000", "0b1"),
    *("---\n", "...\n", "%YAML 1.1\n", "%TAG ! tag:x,2000:\n", "\u2028", "\x85", "\ufeff", "\x00"),
    *("null", "on"),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(_PARTS), max_size=14).map("".join))
def test_any_text_is_read_or_a_problem(tmp_path: Path, text: str) -> None:
    """The reader raises no other exception."""
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    with suppress(ConfigurationError):
        assert isinstance(read_document(file).data, dict)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: !!python/object:os.system x\n", 2, "has a tag"),
        ("a: 1\nb: !!set {x}\n", 2, "has a tag"),
        ("? [a, b]\n: c\n? - - a\n", 1, "has a list as a key"),
        ("a: b\n<<: c\n", 2, "is not valid YAML"),
    ],
)
def test_what_no_declaration_needs_is_a_problem(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    """YAML that no declaration needs is a problem: it ended in a traceback, or created objects."""
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_document(file)
    (problem,) = caught.value.problems
    assert problem.line == line
    assert said in problem.text


def test_a_merged_key_is_where_it_was_written(tmp_path: Path) -> None:
    """A key merged by `<<` keeps its original line, which the user has to change."""
    file = tmp_path / "a.yaml"
    file.write_text("dev: &dev\n  wait: x\nprod:\n  <<: *dev\n  own: 1\n", encoding="utf-8")
    document = read_document(file)
    assert document.data["prod"] == {"wait": "x", "own": 1}
    assert document.problem(("prod", "wait"), "").line == 2
    assert document.problem(("prod", "own"), "").line == 5


@pytest.mark.parametrize("text", ["2012-10-17", "2026-99-99", "2026-01-01T00:00:00Z"])
def test_a_time_is_text(tmp_path: Path, text: str) -> None:
    """A date or time stays text, as in YAML 1.2, which has no type for it."""
    file = tmp_path / "a.yaml"
    file.write_text(f"Version: {text}\n", encoding="utf-8")
    assert read_document(file).data == {"Version": text}
