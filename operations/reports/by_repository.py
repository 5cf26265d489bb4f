"""The report of an update that failed: finished and failed changes by repository, with reasons.

It names the file and the line of each repository's declaration, and of the part of it that failed.
Deliberately absent: Pulumi's own output, which the user has seen before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from components.config.yaml_files import Path_
from components.objects.kinds import BRANCH, PULL_REQUEST, WORKFLOW
from operations.engine.continued.outcomes import Outcome, State
from operations.engine.steps import Step, object_of, repository_of
from operations.terminal.lists import counted, sample
from operations.terminal.shorten import short

_WORDS: Final[dict[State, str]] = {
    "failed": "failed",
    "deleted": "deleted and not made again",
    "not begun": "not begun",
    "done": "done",
}
#: The largest length of a reason that is shown.
_WIDTH: Final = 400
_ON_BRANCHES: Final = (BRANCH, WORKFLOW, PULL_REQUEST)


def by_repository(
    files: StackFiles, ended: Iterable[Outcome], roles: Mapping[str, str]
) -> Iterator[str]:
    """The finished repositories first, one line each; then the others with their reasons.

    Args:
        files: the declarations.
        ended: the outcome of each step.
        roles: names of repositories by the names of their roles, in lower case.
    """
    each: dict[str, list[Outcome]] = {}
    for one in ended:
        each.setdefault(repository_of(one.step, roles), []).append(one)
    undone = {name for name, some in each.items() if any(one.state != "done" for one in some)}
    number = counted(len(each.keys() - {""}), "repository", "repositories")
    yield f"{files.stack.name}: {len(undone - {''})} of {number} not done"
    for name, some in sorted(each.items(), key=lambda item: (item[0] in undone, item[0])):
        line = f"{name or 'accounts'}: {_counts(some)}"
        yield f"  {_placed(files, name, (), line)}"
        for one in some:
            if one.state == "failed":
                line = f"{object_of(one.step)}: {short(one.why or 'failed', _WIDTH)}"
                yield f"    {_placed(files, name, _asking(files, one.step), line)}"
        yield from _held_back(some)


def _counts(some: Sequence[Outcome]) -> str:
    states = [one.state for one in some]
    found = [f"{states.count(state)} {words}" for state, words in _WORDS.items() if state in states]
    return f"{', '.join(found)} of {counted(len(some), 'change', 'changes')}"


def _held_back(some: Sequence[Outcome]) -> Iterator[str]:
    """A line for each set of failed objects that others wait for."""
    waiting: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in some:
        if one.state not in {"done", "failed"}:
            causes = tuple(str(object_of(step)) for step in one.because)
            waiting.setdefault((_WORDS[one.state], causes), []).append(str(object_of(one.step)))
    for (words, causes), left in waiting.items():
        causing = sample(causes, joined="; ")
        why = f"because of {causing}" if causes else "as the run ended before"
        yield f"    {words}, {why}: {sample(left, joined='; ')}"


def _placed(files: StackFiles, name: str, asking: Iterable[Path_], text: str) -> Problem:
    """The text at the first place that the declaration has, else at the repository's name.

    A repository that is not declared any more has no place.
    """
    if not name:
        return replace(files.settings_document.problem(("accounts",), text), path="")
    declared = next((one for one in files.stack.repositories if one.name == name), None)
    if declared is None:
        return Problem("", 0, "", text)
    written = declared.model_dump(exclude_unset=True)
    path = next((path for path in asking if _has(written, path)), ("repository",))
    return replace(files.problem(declared, path, text), path="")


def _has(written: Any, path: Path_) -> bool:
    for key in path:
        if not isinstance(written, dict) or key not in written:
            return False
        written = written[key]
    return True


def _asking(files: StackFiles, step: Step) -> Iterator[Path_]:
    """The parts of a repository's declaration that may ask for an object, the nearest first."""
    key = object_of(step)
    if key.kind in _ON_BRANCHES:
        yield ("branches",)
    elif "environment" in key.kind.parts:
        yield ("environments", key["environment"])
    for _, environment, _, role in files.stack.roles():
        if role.lower() == step.role.lower():
            yield ("environments", environment, "role")
            yield ("environments", environment)
