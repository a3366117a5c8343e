"""Tells whether work grows with its input and no faster."""

import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")

TIMES = (1, 2, 4)
MOST_GROWTH = 9.0
"""From the smallest input to four times its size: 4 is linear, 16 is quadratic."""
TOO_LITTLE_SECONDS = 0.03
"""Work that is done in less at the largest size says nothing, and harms nobody."""
RUNS, MOST_RUNS = 2, 12


def growth(make: Callable[[int], Input], work: Callable[[Input], object]) -> float:
    """Returns by how much four times the input costs more; 0 where it costs next to nothing.

    It takes the least CPU time of several runs, and of more where the growth seems too large: what
    else the machine does only ever adds to it.
    """
    inputs = [make(times) for times in TIMES]
    least = [float("inf")] * len(inputs)
    for run in range(MOST_RUNS):
        for at in (len(inputs) - 1, 0, 1):
            least[at] = min(least[at], _seconds(work, inputs[at]))
            if least[-1] < TOO_LITTLE_SECONDS:
                return 0.0
        if run >= RUNS - 1 and least[-1] <= MOST_GROWTH * least[0]:
            break
        if least[-1] > 1 and least[-1] > MOST_GROWTH * least[0]:
            break
    return least[-1] / least[0]


def _seconds(work: Callable[[Input], object], given: Input) -> float:
    began = time.thread_time()
    work(given)
    return time.thread_time() - began
