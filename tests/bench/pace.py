"""How long the benchmarks take: all of them in a quarter of an hour, or a hasty look."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    rounds: int
    """How often the sides of a ratio take turns."""
    share: float
    """Of the events of a full run."""

    def count(self, full: int) -> int:
        return max(100, round(full * self.share))

    def seconds(self, full: float) -> float:
        return max(2.0, full * self.share)


FULL = Pace(rounds=3, share=1.0)
QUICK = Pace(rounds=1, share=0.2)
