"""What a person reads of an adoption."""

import io

import pytest
from rich.console import Console

from operations.adoption.change import Act, Change, LeftInPlace
from operations.adoption.report import Adoption, print_adoption
from operations.diff.finding import Direction
from tests.operations.keys import key
from tests.operations.reports.samples import HOSTILE


@pytest.mark.parametrize("act", Act)
def test_others_text_acts_on_no_terminal(act: Act) -> None:
    """Escape sequences and bidirectional controls are shown, not carried out."""
    change = Change("api", key(f"variable {HOSTILE}"), "", HOSTILE, HOSTILE, Direction.NEUTRAL, act)
    kept = LeftInPlace("api", key(f"file {HOSTILE}"), HOSTILE)
    shown = io.StringIO()
    adoption = Adoption("acme", "acme", ["api"], {}, [change], [kept])
    print_adoption(adoption, Console(file=shown, width=500), files=False)
    text = shown.getvalue()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count(r"\x1b[31m\u202e") >= 2
