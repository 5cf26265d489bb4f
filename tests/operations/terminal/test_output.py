import pytest

from operations.terminal.output import talk


def test_what_is_talked_about_cannot_act(capsys: pytest.CaptureFixture[str]) -> None:
    """Names of others stand in many messages: they are made visible where all go out."""
    talk("a: x\x1b[2J\u202ey\nb")
    assert capsys.readouterr().err == "a: x\\x1b[2J\\u202ey\nb\n"
