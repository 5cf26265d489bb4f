"""Hold the declarations of a stack to the baseline: prod is never weaker than test.

A declaration that is weaker needs `accept_weaker: REASON until DATE` for prod, in its file or in
the stack's defaults. An acceptance that has expired, that reaches further than a year, or that
accepts nothing is a problem: the last would hide a weakening that comes later. Deliberately absent:
whether a problem stops a command. `validate` and `slipway up` refuse; the program, `drift` and
`adopt` only tell, because a date must not stop what was right the day before.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from components.config.yaml_files import Path_
from components.model.acceptance import Acceptance, one_year_after, read_acceptance
from components.model.baseline import Weaker, weaker_settings
from components.model.environment import ProdEnvironment
from components.model.repository import Repository

_PROD = ("environments", "prod")
_ACCEPT = (*_PROD, "accept_weaker")


class Judged(NamedTuple):
    """The declarations of a stack beside the baseline."""

    problems: Sequence[Problem]
    """Settings that are weaker and not accepted, and acceptances that are wrong."""
    accepted: Sequence[Problem]
    """What is accepted today: a text for each repository, at its acceptance."""


def today() -> date:
    """The present day, in UTC: the same for all who run a command."""
    return datetime.now(UTC).date()


def judged(files: StackFiles, day: date) -> Judged:
    """The declarations of a stack beside the baseline, as of a day."""
    problems: list[Problem] = []
    accepted: list[Problem] = []
    unused: list[Problem] = []
    used: set[Problem] = set()
    refused: dict[tuple[Problem, str], list[str]] = {}
    for repository in files.stack.repositories:
        weaker, acceptance = list(weaker_settings(repository)), _acceptance(repository)
        if acceptance is not None:
            place = files.problem(repository, _ACCEPT, "")
            (used.add if weaker else unused.append)(place)
            problems += _too_long(files, repository, acceptance, day)
        if weaker and acceptance is not None and acceptance.holds(day):
            text = _told(repository, acceptance, weaker)
            accepted.append(files.problem(repository, _ACCEPT, text))
            continue
        for one in weaker:
            found = _place(files, repository, one), _text(one, acceptance)
            refused.setdefault(found, []).append(repository.name)
    problems += (
        _at(place, f"{_listed(names)}: {text}") for (place, text), names in refused.items()
    )
    if files.whole:
        problems += _accepting_nothing(unused, used)
    return Judged(sorted(set(problems)), accepted)


def _acceptance(repository: Repository) -> Acceptance | None:
    prod = repository.environment("prod")
    text = prod.accept_weaker if isinstance(prod, ProdEnvironment) else None
    return None if text is None else read_acceptance(text)


def _place(files: StackFiles, repository: Repository, found: Weaker) -> Problem:
    """The key that made a setting weaker: prod's, or test's where prod's is a default.

    Of two keys the one of the repository's own file counts, as the other one is every repository's.
    """
    paths: list[Path_] = [("environments", name, found.key) for name in ("prod", "test")]
    path = max(paths, key=lambda one: files.layer_of(repository, one))
    return files.problem(repository, path, "")


def _text(found: Weaker, expired: Acceptance | None) -> str:
    told = f"{found.text}: prod must not be weaker than test; {found.remedy}"
    if expired is None:
        return f"{told}, or write `accept_weaker: REASON until YYYY-MM-DD` below environments.prod"
    return f"{told}. It was accepted until {expired.until}: {expired.reason}"


def _told(repository: Repository, acceptance: Acceptance, weaker: Sequence[Weaker]) -> str:
    what = "; ".join(one.text for one in weaker)
    return f"accepted until {acceptance.until} ({acceptance.reason}): {repository.name}: {what}"


def _too_long(
    files: StackFiles, repository: Repository, acceptance: Acceptance, day: date
) -> Iterator[Problem]:
    if acceptance.until > (last := one_year_after(day)):
        text = f"{acceptance.until} is more than a year ahead: write {last} or an earlier day"
        yield files.problem(repository, _ACCEPT, text)


def _accepting_nothing(unused: Sequence[Problem], used: set[Problem]) -> Iterator[Problem]:
    """Acceptances without a weaker setting; one in the defaults if no repository needs it."""
    text = (
        "accepts nothing, as prod is not weaker than test: remove it, or it hides what becomes "
        "weaker later"
    )
    for place in unused:
        if place not in used:
            yield _at(place, text)


def _at(place: Problem, text: str) -> Problem:
    return Problem(place.file, place.line, place.path, text)


def _listed(names: Sequence[str]) -> str:
    first, *others = names
    if not others:
        return first
    return f"{first} and {others[0] if len(others) == 1 else f'{len(others)} more'}"
