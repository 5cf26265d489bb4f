"""The checks of stacks as JSON for programs: stable names, one document for all stacks.

`validate.schema.json`, beside this file, describes the document. `version` grows when a member
changes its meaning or is removed; members may be added without a new version.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from components.config.problems import Problem
from components.config.sanitize import message
from operations.checks.check import Check, StackChecks

VERSION: Final = 1


def as_json(stacks: Sequence[StackChecks], *, live: bool) -> str:
    """The checks as indented JSON.

    Args:
        stacks: each stack's checks.
        live: whether GitHub and AWS were asked.
    """
    document = {"version": VERSION, "live": live, "stacks": [_stack(one) for one in stacks]}
    return json.dumps(document, indent=2)


def _stack(stack: StackChecks) -> dict[str, Any]:
    return {
        "stack": stack.stack,
        "owner": stack.owner,
        "repositories": stack.repositories,
        "checks": [_check(check) for check in stack.checks],
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "check": check.name,
        "of": check.of,
        "result": str(check.result),
        "answer": message(check.answer),
        "problems": [_problem(one) for one in check.problems],
        "notices": [_problem(one) for one in check.notices],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "path": problem.path,
        "text": message(problem.text),
    }
