"""Required status checks, and GitHub's sentences about those that are missing."""

from collections import Counter
from collections.abc import Sequence

from sandbox.github.rules.update import RefUpdate

#: GitHub's word for the result of a check; no result is `expected`.
_WORDS = {"success": "", "neutral": "", "skipped": "", "pending": "pending"}


def missing(update: RefUpdate, contexts: Sequence[str], *, strict: bool) -> list[str]:
    """The sentence about required checks that a change lacks, if any.

    The sentences are GitHub's: `Required status check "Build" is expected.`
    (github.com/pretis/flexpret/issues/40), `2 of 2 required status checks are expected.`
    (github.com/BobAnkh/auto-generate-changelog/issues/78), and if not all are in one state
    `2 of 2 required status checks have not succeeded: 1 expected and 1 pending.`
    (a log of github.com/alphagov/frontend/pull/1658). With `strict`, checks of a pull request
    that is behind its base count as expected (github.com/RakuenSoftware/aimee/pull/2460).
    """
    results = update.repository.checks.get(update.judged or "", {})
    if strict and update.is_behind:
        results = {}
    wanted = list(dict.fromkeys(contexts))
    words = {context: _word(results.get(context)) for context in wanted}
    bad = {context: word for context, word in words.items() if word}
    if not bad:
        return []
    kinds = Counter(bad.values())
    if len(wanted) == 1:
        return [f'Required status check "{wanted[0]}" is {bad[wanted[0]]}.']
    count = f"{len(bad)} of {len(wanted)} required status checks"
    if len(kinds) == 1 and len(bad) == len(wanted):
        return [f"{count} are {next(iter(kinds))}."]
    told = " and ".join(f"{number} {kind}" for kind, number in kinds.items())
    return [f"{count} have not succeeded: {told}."]


def _word(result: str | None) -> str:
    return "expected" if result is None else _WORDS.get(result, "failing")
