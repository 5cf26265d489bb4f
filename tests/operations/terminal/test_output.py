import io

import pytest

from operations.terminal.output import agreed, talk


def test_messages_make_control_characters_visible(capsys: pytest.CaptureFixture[str]) -> None:
    """Messages make control characters of foreign names visible."""
    talk("a: x\x1b[2J\u202ey\nb")
    assert capsys.readouterr().err == "a: x\\x1b[2J\\u202ey\nb\n"


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        *[(said, True) for said in ("y\n", "Y\n", "yes\n", "Yes\n", "YES\n", " y \n")],
        *[(said, False) for said in ("\n", "n\n", "no\n", "ye\n", "yes please\n", "ja\n", "")],
    ],
)
def test_only_y_and_yes_are_an_agreement(
    answer: str,
    means: bool,  # noqa: FBT001 - a column of the table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only `y` and `yes`, in upper or lower case, agree; no answer does not."""
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert agreed("Go on?") is means
