"""The report of an adoption, as printed."""

import io

import pytest
from rich.console import Console

from operations.adoption.change import Act, Change, LeftInPlace
from operations.adoption.report import Adoption, print_adoption
from operations.diff.finding import Direction
from tests.operations.keys import key
from tests.operations.reports.samples import HOSTILE


@pytest.mark.parametrize("act", Act)
def test_foreign_text_cannot_control_the_terminal(act: Act) -> None:
    """The report prints escape sequences and bidirectional controls as visible text."""
    change = Change("api", key(f"variable {HOSTILE}"), "", HOSTILE, HOSTILE, Direction.NEUTRAL, act)
    kept = LeftInPlace("api", key(f"file {HOSTILE}"), HOSTILE)
    shown = io.StringIO()
    adoption = Adoption("acme", "acme", ["api"], {}, [change], [kept])
    print_adoption(adoption, Console(file=shown, width=500), files=False)
    text = shown.getvalue()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count(r"\x1b[31m\u202e") >= 2


def test_additions_are_a_list() -> None:
    """Each object that the next `up` adds is on its own line, with a note if it is weaker."""
    words = ("environment dev", "environment dev, branch policy develop", "role acme.api-dev")
    ways = (Direction.NEUTRAL, Direction.WEAKER, Direction.NEUTRAL)
    added = [
        Change("api", key(word), "", "", "there", way, Act.CREATE)
        for word, way in zip(words, ways, strict=True)
    ]
    shown = io.StringIO()
    adoption = Adoption("acme", "acme", ["api"], {}, added, [])
    print_adoption(adoption, Console(file=shown, width=80), files=False)
    assert shown.getvalue().splitlines()[:5] == [
        "acme/api",
        "  adds:",
        "    environment dev",
        "    environment dev, branch policy develop (weaker)",
        "    role acme.api-dev",
    ]
