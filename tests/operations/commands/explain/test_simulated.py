"""The sandbox's gate and `slipway explain` agree with another evaluator of IAM's policies."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.operations.commands.explain.simulated import FILE, SESSION
from tests.operations.commands.explain.test_gate import SESSION as OURS
from tests.operations.commands.explain.test_gate import admitted, explained

CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))


def test_there_are_some_hundred_answers_of_each_kind() -> None:
    """Both answers are there often enough to tell evaluators apart."""
    counts = Counter(case["allowed"] for case in CASES)
    assert min(counts[True], counts[False]) >= 150
    assert SESSION == OURS


@pytest.mark.parametrize("number", range(len(CASES)))
def test_all_evaluators_agree(number: int) -> None:
    """The gate, explain and the other evaluator give one answer to one request."""
    case = CASES[number]
    context = {key: value for key, value in case["context"].items() if not key.startswith("sts:")}
    claims = {key.rpartition(":")[2]: value for key, value in context.items()}
    assert admitted(case["policy"], claims) is case["allowed"]
    assert explained(case["policy"], claims) is case["allowed"]
