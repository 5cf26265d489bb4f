"""Run `slipway up` and look whether anything is left: for the next preview, and for drift."""

import json
import re
from typing import Final

from tests.e2e.worlds.outcome import BrokenError, Outcome
from tests.e2e.worlds.stack import Stack, end_of

#: The exit code of a change that needs `--accept`.
_ASKED: Final = 5
#: The findings that drift may have after `up`: of files that wait for a merge, and of undeclared
#: objects.
EXPECTED: Final = frozenset(
    {
        # Patterns of an environment that was there: the next `slipway up` deletes them.
        "environment/extra_branch_policy",
        # A pattern such as `*` admits it: docs/branches.md.
        "repository/default_branch",
        "repository/extra_environment",
        "secret/extra",
        # Another tool or person has not written it yet.
        "secret/missing_external",
        "variable/extra",
    }
)
_WAITING: Final = "workflow/pull_request_open"


def carry_out(stack: Stack, found: Outcome) -> None:
    """Run `slipway up` once, or once more with `--accept` where it asks for that.

    Raises:
        BrokenError: it fails.
    """
    done = stack.slipway("up", stack.name, "--yes")
    if done.returncode == _ASKED:
        # Files of the owner's would be overwritten: a user is asked, and nothing is written.
        if "nothing was changed" not in done.stderr:
            raise BrokenError(f"up asks without a word:\n{end_of(done)}", set())
        if any(stack.writes.values()):
            raise BrokenError(f"up asks, and has written:\n{end_of(done)}", set())
        done = stack.slipway("up", stack.name, "--yes", "--accept")
    if done.returncode:
        # What the first failure held back may fail as well.
        again = stack.slipway("up", stack.name, "--yes", "--accept", "--continue")
        text = f"up ended with {done.returncode}:\n{end_of(done)}\nagain: {end_of(again)}"
        raise BrokenError(text, _named(stack, again.stderr))
    told = re.search(r"(\d+) changes? carried out", done.stderr)
    found.changes = int(told[1]) if told else 0


def _named(stack: Stack, said: str) -> set[str]:
    """The repositories of which a report says that not everything is done."""
    lines = re.findall(rf"(?i)stacks/{stack.name}/([\w-]+)\.yaml:\d+: \1: (.+)", said)
    return {name for name, counts in lines if re.search("failed|not begun", counts)}


def nothing_left(stack: Stack, found: Outcome) -> None:
    """The next preview, after a refresh, has no change.

    Raises:
        BrokenError: it has one.
    """
    arguments = ("preview", "--refresh", "--expect-no-changes", "--json", "--stack", stack.name)
    done = stack.pulumi(*arguments)
    if done.returncode == 0:
        return
    # Without a plan, the preview itself has failed.
    steps = re.findall(r'"op": "([\w-]+)",\s+"urn": "[^"]*?::([^"]+)"', done.stdout)
    left = {urn: op for op, urn in steps if op not in {"same", "refresh", "read"}}
    names = {name for name in found.accepted for urn in left if _names(name, urn)}
    raise BrokenError(f"the next preview is not empty: {left or end_of(done)}", names)


def nothing_drifts(stack: Stack, found: Outcome) -> None:
    """Drift has only findings that wait for another person or program.

    Raises:
        BrokenError: it tells more.
    """
    done = stack.slipway("drift", stack.name, "--no-preview", "--json")
    try:
        found.findings = json.loads(done.stdout)["stacks"][0]["findings"]
    except (ValueError, KeyError):
        raise BrokenError(f"drift ended with {done.returncode}:\n{end_of(done)}", set()) from None
    # A file that a pull request replaces is as it was until the merge.
    waiting = {one["repository"] for one in found.findings if one["rule"] == _WAITING}
    other = [
        {key: one[key] for key in ("repository", "object", "rule", "declared", "live")}
        for one in found.findings
        if one["rule"] not in EXPECTED | {_WAITING}
        and not (one["rule"].startswith("workflow/") and one["repository"] in waiting)
    ]
    if other:
        text = f"drift after up: {json.dumps(other, indent=1)}"
        raise BrokenError(text, {one["repository"] for one in other})


def _names(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", text, re.IGNORECASE) is not None
