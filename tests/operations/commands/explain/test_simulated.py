"""The sandbox's gate and `slipway explain` agree with another evaluator of IAM's policies."""

import json
from collections import Counter
from typing import Any

from tests.operations.commands.explain.simulated import FILE, SESSION
from tests.operations.commands.explain.test_gate import SESSION as OURS
from tests.operations.commands.explain.test_gate import admitted, explained

CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))


def test_there_are_some_hundred_answers_of_each_kind() -> None:
    """Both answers are there often enough to tell evaluators apart."""
    counts = Counter(case["allowed"] for case in CASES)
    assert min(counts[True], counts[False]) >= 150
    assert SESSION == OURS


def test_all_evaluators_agree() -> None:
    """The gate, explain and the other evaluator give one answer to each request."""
    answers = {number: _answers(case) for number, case in enumerate(CASES)}
    assert answers == {number: (case["allowed"],) * 2 for number, case in enumerate(CASES)}


def _answers(case: dict[str, Any]) -> tuple[bool | None, bool | None]:
    """Return what the gate answers, and what explain does."""
    context = {key: value for key, value in case["context"].items() if not key.startswith("sts:")}
    claims = {key.rpartition(":")[2]: value for key, value in context.items()}
    return admitted(case["policy"], claims), explained(case["policy"], claims)
