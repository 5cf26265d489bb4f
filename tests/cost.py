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
    took = time.process_time() - start
    # As long as a quarter of the call: a single loop of a hundredth of a second may happen to be
    # twice as fast as the machine was during a call of a second.
    start, loops = time.process_time(), 0
    while (spent := time.process_time() - start) * 4 < took or not loops:
        number = 0
        while number < 100_000:
            number += 1
        loops += 1
    return took * loops / spent, result
