"""`python -m tests.bench.doors KIND`: intake, but with another idea of when to commit.

`nothing` answers without having recorded anything, `alone` gives each request its own commit.
"""

import sys

from services.intake import app
from services.intake.ingestion.store import HttpAnswer
from services.intake.ingestion.submissions import Ingestion, Submission
from services.intake.settings import Settings
from shared.runtime.command_line import configured, run_with_uvloop


class Nothing:
    def __init__(self, ingestion: Ingestion) -> None:
        self._ingestion = ingestion

    async def stop(self) -> None: ...

    async def __call__(self, submission: Submission) -> HttpAnswer | None:
        return submission.answer([None] * submission.size)


class Alone(Nothing):
    async def __call__(self, submission: Submission) -> HttpAnswer | None:
        (answer,) = await self._ingestion.receive([submission])
        return answer


if __name__ == "__main__":
    vars(app)["batched"] = {"nothing": Nothing, "alone": Alone}[sys.argv[1]]
    raise SystemExit(run_with_uvloop(app.build(configured(Settings)).run()))
