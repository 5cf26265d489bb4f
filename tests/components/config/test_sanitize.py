import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.config.problems import ConfigurationError, Problem
from components.config.sanitize import message, visible, visible_lines

#: An escape sequence and a bidirectional override, and the text that slipway shows for them.
HOSTILE = "main\x1b[2J\u202egnp.exe"
SEEN = "main\\x1b[2J\\u202egnp.exe"


@given(st.text())
def test_nothing_of_a_text_acts(text: str) -> None:
    """No control, format or separator character stays; visible characters do not change."""
    shown = visible(text)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert text.isprintable() is False or shown == text


def test_lines_stay_lines() -> None:
    """Line breaks stay, since messages of Pulumi have several lines; other controls do not."""
    assert visible_lines(f"a\n{HOSTILE}\r") == f"a\n{SEEN}\\r"


@pytest.mark.parametrize(
    "problem",
    [
        Problem("GitHub", 0, "", f"is {HOSTILE} now"),
        Problem(f"stacks/s/{HOSTILE}.yaml", 3, "", "is wrong"),
        Problem("stacks/s/a.yaml", 3, f"environments.{HOSTILE}", "unknown key"),
    ],
)
def test_a_problem_shows_what_others_wrote(problem: Problem) -> None:
    """Names from GitHub and keys of a pull request's files are escaped, in every command."""
    for said in (str(problem), str(ConfigurationError([problem]))):
        assert SEEN in said
        assert "\x1b" not in said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "postgres://me:marker@db.acme.com:5432/state?x=@1",
            "postgres://…@db.acme.com:5432/state?x=@1",
        ),
        ("https://marker@github.com/acme/x", "https://…@github.com/acme/x"),
        ("https://a:mar@ker@host/", "https://…@host/"),
        ("s3://bucket/a@b and me@acme.com", "s3://bucket/a@b and me@acme.com"),
    ],
)
def test_no_password_of_an_address_is_said(said: str, shown: str) -> None:
    """A password in an address is not shown: Pulumi's errors quote the backend's address."""
    assert message(f"error: {said}: refused") == f"error: {shown}: refused"
    assert str(Problem("pulumi", 0, "", said)) == f"pulumi: {shown}"
