"""A file that an option names, or standard input: its text, or a problem without its content."""

import io
from pathlib import Path

import pytest

from components.config.problems import ConfigurationError, Problem
from operations.commands.explain.given import source
from operations.commands.explain.given.source import read_given

#: Beginnings of tokens, and names that look like one.
TOKENS = ["eyJ", "eyJhbGciOiJub25lIn0.eyJ9.x", f"{'a' * 16}.b.c", f"{'a' * 16}.b-_.", "eyJ" * 2000]


def refused(name: str) -> tuple[Problem, ...]:
    """The problems with a name."""
    with pytest.raises(ConfigurationError) as error:
        read_given("--x", name)
    return error.value.problems


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_in_place_of_a_file_is_not_quoted(name: str) -> None:
    """A user who pastes the token as the argument is told so, without the token."""
    text = "a token was given itself, where other users of the machine see it: give a file, or -"
    assert refused(name) == (Problem("--x", 0, "", text),)


@pytest.mark.parametrize("name", [*TOKENS[:-1], "event.json", f"{'a' * 15}.b.c"])
def test_a_file_with_any_name_is_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is there is no token, whatever its name looks like."""
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("é\n", encoding="utf-8")
    assert read_given("--x", name) == "é\n"


def test_what_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    """The message names the file and the reason."""
    missing, folder, binary = (str(tmp_path / name) for name in ("none", "", "binary"))
    Path(binary).write_bytes(b"\xff")
    for name, reason in (
        (missing, "cannot be read: No such file or directory"),
        (folder, "cannot be read: Is a directory"),
        (binary, "is no text"),
    ):
        assert refused(name) == (Problem("--x", 0, "", f"{name} {reason}"),)


def test_too_much_text_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not more than the limit is read, of a file or of standard input."""
    monkeypatch.setattr(source, "_MOST", 5)
    file = tmp_path / "file"
    for text, too_long in (("12345", False), ("123456", True)):
        file.write_text(text, encoding="utf-8")
        for name in ("-", str(file)):
            stdin = io.StringIO(text + "7" * too_long)
            monkeypatch.setattr("sys.stdin", stdin)
            if too_long:
                assert refused(name) == (
                    Problem("--x", 0, "", f"{name} has more than 5 characters"),
                )
                assert stdin.tell() == (6 if name == "-" else 0)
            else:
                assert read_given("--x", name) == text
