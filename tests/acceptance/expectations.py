"""The expected result of each acceptance test, and the comparison with the actual one."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from tests.acceptance.run import Result, Results

_FILE: Final = Path(__file__).with_name("expectations.toml")
_LINES_OF_A_FAILURE: Final = 25

Outcome = Literal["pass", "fail", "skip"]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Excused(_Document):
    """A case that cannot pass: its expected message, and why that is right."""

    case: str
    says: str
    because: str


class Function(_Document):
    """A test function with all its cases."""

    passes: list[str] = []
    fails: list[Excused] = []
    skips: list[Excused] = []

    def cases(self) -> Iterator[tuple[Outcome, str, Excused | None]]:
        """Result and name of each case, and the reason unless it passes."""
        yield from (("pass", case, None) for case in self.passes)
        yield from (("fail", excused.case, excused) for excused in self.fails)
        yield from (("skip", excused.case, excused) for excused in self.skips)


def load() -> dict[str, Function]:
    """Return every function that is run, by name."""
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: Function.model_validate(table) for name, table in document.items()}


def full_name(function: str, case: str) -> str:
    """Return a case's name as Go writes it."""
    return f"{function}/{case}" if case else function


def problems(name: str, function: Function, results: Results) -> list[str]:
    """Return every deviation in words: wrong results, missing cases, unknown cases."""
    found = []
    mine = {test: r for test, r in results.items() if test.partition("/")[0] == name}
    for expected, case, excused in function.cases():
        test = full_name(name, case)
        result = mine.pop(test, None)
        outcome = result.outcome if result else "not run"
        if outcome != expected:
            found.append(f"{test}: {outcome}, expected: {expected}\n{_said(result)}")
        elif excused and not re.search(excused.says, _said(result)):
            found.append(f"{test}: {outcome}, not saying {excused.says!r}\n{_said(result)}")
    found += [f"{test}: {result.outcome}, not in {_FILE.name}" for test, result in mine.items()]
    return found


def _said(result: Result | None) -> str:
    """Return the end of a case's output."""
    return "\n".join(result.said[-_LINES_OF_A_FAILURE:]) if result else ""
