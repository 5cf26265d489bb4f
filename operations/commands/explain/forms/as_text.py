"""Explanations for people: the answer and its reason first, then every step in its order.

Each line is made visible, since values of GitHub, AWS and tokens are others' texts.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from components.config.sanitize import message, visible
from operations.commands.explain.iam.conditions import Condition
from operations.commands.explain.iam.logic import Truth
from operations.commands.explain.iam.trust import Statement
from operations.commands.explain.on_aws.trust import expected, got
from operations.commands.explain.step import Explanation, Result, Step, Verdict

_STYLES: Final = {
    Result.NO: "bold red",
    Result.UNKNOWN: "bold yellow",
    Result.NOTE: "yellow",
    Result.OK: "green",
    Result.NOT_ASKED: "",
}
_VERDICTS: Final = {
    Verdict.YES: ("bold green", "this job gets this role"),
    Verdict.NO: ("bold red", "this job does not get this role"),
    Verdict.UNKNOWN: ("bold yellow", "it cannot be said whether this job gets this role"),
}
_MET: Final[dict[Truth, str]] = {True: "met", False: "not met", None: "cannot be judged"}
_COUNTS: Final[dict[Truth, str]] = {True: "applies", False: "does not apply", None: "may apply"}
_WIDTH: Final = max(map(len, Result))
_NAME: Final = 13


def print_explanations(explanations: Sequence[Explanation], console: Console) -> None:
    """Print each explanation, with an empty line between two."""
    for number, one in enumerate(explanations):
        if number:
            console.print()
        for line in _lines(one):
            console.print(line)


def _lines(one: Explanation) -> Iterator[Text]:
    style, verdict = _VERDICTS[one.verdict]
    failing = sum(step.result is Result.NO for step in one.steps)
    more = f": {failing} things fail" if failing > 1 else ""
    yield Text(visible(f"{one.repository}, {one.environment}: {verdict}{more}"), style)
    yield Text(visible(f"  job     {one.job}"))
    yield Text(visible(f"  role    {one.role}"))
    yield Text(visible(f"  claims  {one.source}"))
    if (reason := one.reason) is not None:
        yield Text(visible(message(f"  why     {reason.name}: {reason.answer}")), "bold")
        for label, text in _mend(reason):
            yield Text(visible(message(f"  {label:<7} {text}")), "bold")
    side = ""
    for step in one.steps:
        if step.side != side:
            side = step.side
            yield Text(side, "bold")
        yield from _step(step)


def _mend(step: Step) -> Iterator[tuple[str, str]]:
    mend = step.mend
    if mend is None:
        return
    yield "next" if step.result is Result.UNKNOWN else "mend", mend.text.replace("`", "")
    if mend.place is not None:
        path = f": {mend.place.path}" if mend.place.path else ""
        yield "at", f"{mend.place.file}:{mend.place.line}{path}"
    if mend.url:
        yield "at", mend.url


def _step(step: Step) -> Iterator[Text]:
    line = Text(f"  {step.result:<{_WIDTH}}  ", _STYLES[step.result])
    line.append(visible(message(f"{step.name:<{_NAME}}  {step.answer}")), "")
    yield line
    if step.trust is None and (step.expected or step.got):
        yield _below(f"expected {step.expected or 'nothing'}, got {step.got or 'nothing'}")
    for statement in step.trust.statements if step.trust else ():
        yield from _statement(statement)
    if step.result is not Result.OK:
        for label, text in _mend(step):
            yield _below(f"{label} {text}")


def _statement(statement: Statement) -> Iterator[Text]:
    sid = f" {statement.sid}" if statement.sid else ""
    counts = _COUNTS[statement.applies]
    yield _below(f"statement {statement.number}{sid}: {statement.effect or 'no effect'}, {counts}")
    for part, truth in (("principal", statement.principal), ("action", statement.action)):
        if truth is not True:
            words = "is another" if truth is False else "cannot be judged"
            yield _below(f"  its {part} {words}")
    if statement.why:
        yield _below(f"  {statement.why}")
    for condition in statement.conditions:
        yield _below(f"  {_condition(condition)}")


def _condition(condition: Condition) -> str:
    why = f" ({condition.why})" if condition.why else ""
    values = f"expected {expected(condition)}, got {got(condition)}"
    return f"{condition.operator} {condition.key}: {values}: {_MET[condition.met]}{why}"


def _below(text: str) -> Text:
    return Text(visible(message(f"{'':{_WIDTH + 4}}{text}")))
