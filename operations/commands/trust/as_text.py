"""The trust of a stack's roles as lines, a paragraph for each role."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from components.config.sanitize import visible
from operations.commands.trust.admission import Admission, Admitted, Form

_MEANING: Final[Mapping[Form, str]] = {
    "classic": "without ids",
    "immutable": "with ids",
    "template": "by the template of claims",
    "next": "after the declared move",
    "other": "of another name or job",
}
_ADMITS: Final = {True: "yes", False: "NO", None: "not known"}


def print_admissions(owner: str, found: Sequence[Admission], console: Console) -> None:
    """Print each role: what GitHub sends, what AWS admits, what can be dropped."""
    for one in found:
        title = f"{owner}/{one.repository} {one.environment}: role {one.role} in {one.account_id}"
        console.print(Text(visible(title), "bold"))
        for word, text in _lines(one):
            style = "bold red" if text == _ADMITS[False] else ""
            console.print(Text(f"  {word:<13}{visible(text)}", style))


def _lines(one: Admission) -> Iterator[tuple[str, str]]:
    yield from _named("sent", (f"{sent} ({_MEANING[form]})" for sent, form in one.sent.items()))
    live = [one.unread] if one.unread else [_in_words(each) for each in one.live]
    yield from _named("AWS", live)
    yield "admits jobs", _ADMITS[one.admits]
    if any(each and each.claims for each in one.live):
        yield "pinned fits", _ADMITS[one.pinned_admits]
    if one.declared != one.live:
        yield from _named("declared", map(_in_words, one.declared))
    yield from _named("left out", (f"{claim}: {why}" for claim, why in one.left_out.items()))
    yield from _named("drop", (f"{what}: `{how}`" for what, how in one.droppable))


def _named(word: str, texts: Iterator[str] | Sequence[str]) -> Iterator[tuple[str, str]]:
    """The texts, the word before the first one only."""
    for text in texts:
        yield word, text
        word = ""


def _in_words(one: Admitted | None) -> str:
    if one is None:
        return "a statement of another shape than slipway's: slipway drift compares it"
    subjects = " or ".join(f"{subject} ({_MEANING[form]})" for subject, form in one.forms.items())
    claims = (f"{claim} {' or '.join(values)}" for claim, values in one.claims.items())
    return " and ".join((subjects, *claims)) if one.claims else f"{subjects} alone"
