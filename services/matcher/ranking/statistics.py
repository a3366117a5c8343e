"""What a ranker measures of a pool, so that whoever comes later is ranked as if they were in it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from services.matcher.ranking.bags import Floats

TYPICAL_PEOPLE = 25
"""How many people what is typical counts for."""


@dataclass(frozen=True)
class Spread:
    """How scores of one kind are distributed."""

    mean: float
    deviation: float

    def held_to(self, scores: Floats) -> "Spread":
        """Measures scores, as if a few typical people were in the pool too."""
        everyone = len(scores) + TYPICAL_PEOPLE
        mean = (scores.sum() + TYPICAL_PEOPLE * self.mean) / everyone
        spread = ((scores - mean) ** 2).sum() + TYPICAL_PEOPLE * self.deviation**2
        return Spread(float(mean), float(np.sqrt(spread / everyone)))

    def standing_out(self, scores: Floats) -> Floats:
        """Measures scores in standard deviations from the mean."""
        return np.asarray((scores - self.mean) / self.deviation)


@dataclass(frozen=True)
class Rarity:
    """How rare the terms that a vacancy asks for are among everybody known."""

    words: Floats
    average_length: float
    titles: Sequence[Floats]
    """For each way in which the title is asked for."""


@dataclass(frozen=True)
class PoolStatistics:
    """All that relevance depends on besides the person and the vacancy."""

    rarity: Rarity
    words: Spread
    titles: Spread
    threshold: float
    """What the last of those looked at closely came to; minus infinity for a small pool."""

    def pack(self) -> bytes:
        """Writes the statistics so that every number comes back as it was."""
        return json.dumps(asdict(self), default=np.ndarray.tolist).encode()

    @classmethod
    def unpack(cls, packed: bytes) -> "PoolStatistics":
        """Reads what `pack` wrote."""
        read = json.loads(packed)
        rarity = Rarity(
            words=np.array(read["rarity"]["words"], np.float64),
            average_length=read["rarity"]["average_length"],
            titles=[np.array(at, np.float64) for at in read["rarity"]["titles"]],
        )
        return cls(rarity, Spread(**read["words"]), Spread(**read["titles"]), read["threshold"])
