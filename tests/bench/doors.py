"""`python -m tests.bench.doors KIND`: intake, but with another idea of when to commit.

`nothing` answers without having recorded anything, `alone` gives each request its own commit.
"""

import sys
from collections.abc import Awaitable, Callable, Sequence

from services.intake import app
from services.intake.api.ingestion import Submission
from services.intake.api.store.requests import HttpAnswer
from services.intake.settings import Settings
from shared.runtime.command_line import configured, run_with_uvloop

Settle = Callable[[Sequence[Submission]], Awaitable[Sequence[HttpAnswer | None]]]


class Nothing:
    def __init__(self, settle: Settle) -> None:
        self._settle = settle

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def settled(self, submission: Submission) -> HttpAnswer | None:
        return submission.answer([None] * submission.size)


class Alone(Nothing):
    async def settled(self, submission: Submission) -> HttpAnswer | None:
        (answer,) = await self._settle([submission])
        return answer


if __name__ == "__main__":
    vars(app)["Batcher"] = {"nothing": Nothing, "alone": Alone}[sys.argv[1]]
    raise SystemExit(run_with_uvloop(app.build(configured(Settings)).run()))
