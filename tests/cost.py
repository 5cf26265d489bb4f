"""How long a call takes, on any machine and in its slow hours."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def cost(call: Callable[[], T], runs: int = 1) -> tuple[float, T]:
    """The CPU time of a call, divided by that of 100,000 additions right after it; its result.

    A limit in seconds is either too high to notice anything, or fails in an hour in which the
    machine is slow.

    Args:
        call: what is timed.
        runs: how often; the least time counts.
    """
    took, result = _once(call)
    for _ in range(runs - 1):
        took = min(took, _once(call)[0])
    return took, result


def _once(call: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    result = call()
    end, number = time.process_time(), 0
    while number < 100_000:
        number += 1
    return (end - start) / (time.process_time() - end), result
