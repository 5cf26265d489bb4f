import pytest

from operations.terminal.output import talk


def test_messages_make_control_characters_visible(capsys: pytest.CaptureFixture[str]) -> None:
    """Messages make control characters of foreign names visible."""
    talk("a: x\x1b[2J\u202ey\nb")
    assert capsys.readouterr().err == "a: x\\x1b[2J\\u202ey\nb\n"
