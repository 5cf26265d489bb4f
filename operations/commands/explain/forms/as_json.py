"""Explanations as JSON for programs: stable names, one document for all environments.

`explain.schema.json`, beside this file, describes the document. `version` grows when a member
changes its meaning or is removed; members may be added without a new version. Of a token it has the
claims alone that a condition or a step compares.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from operations.commands.explain.iam.conditions import Condition
from operations.commands.explain.iam.request import Missing
from operations.commands.explain.iam.trust import Statement
from operations.commands.explain.step import Explanation, Mend, Step

VERSION: Final = 1


def as_json(explanations: Sequence[Explanation]) -> str:
    """The explanations as indented JSON."""
    document = {"version": VERSION, "explanations": [_one(each) for each in explanations]}
    return json.dumps(document, indent=2)


def _one(explanation: Explanation) -> dict[str, Any]:
    return {
        "stack": explanation.stack,
        "repository": explanation.repository,
        "environment": explanation.environment,
        "role": explanation.role,
        "job": explanation.job,
        "source": explanation.source,
        "verdict": str(explanation.verdict),
        "reason": None if explanation.reason is None else explanation.reason.name,
        "steps": [_step(step) for step in explanation.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "side": step.side,
        "step": step.name,
        "result": str(step.result),
        "answer": step.answer,
        "expected": step.expected,
        "got": step.got,
        "mend": None if step.mend is None else _mend(step.mend),
        "statements": [_statement(one) for one in step.trust.statements] if step.trust else [],
    }


def _mend(mend: Mend) -> dict[str, Any]:
    place = mend.place
    return {
        "text": mend.text,
        "file": place.file if place else "",
        "line": place.line if place else 0,
        "path": place.path if place else "",
        "url": mend.url,
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "statement": statement.number,
        "sid": statement.sid,
        "effect": statement.effect,
        "principal": statement.principal,
        "action": statement.action,
        "applies": statement.applies,
        "conditions": [_condition(one) for one in statement.conditions],
        "why": statement.why,
    }


def _condition(condition: Condition) -> dict[str, Any]:
    absent = condition.got is Missing.ABSENT
    return {
        "operator": condition.operator,
        "key": condition.key,
        "expected": list(condition.wanted),
        "got": None if isinstance(condition.got, Missing) else condition.got,
        "absent": absent,
        "met": condition.met,
        "why": condition.why,
    }
