"""The rounds that delete vacancies long closed, and recruiters who have had none for as long."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from dateutil.relativedelta import relativedelta

from services.intake.vacancies.store import recruiters, vacancies
from shared.runtime import parking
from shared.runtime.postgres import Database

AT_A_TIME = 500

OLD_VACANCIES = "old vacancies"
"""By this name vacancies are parked that cannot be deleted."""


class VacancyJobs:
    """The regular deletions of one process; several processes may do them at once."""

    def __init__(self, database: Database, months: int) -> None:
        self._database = database
        self._months = months

    async def forget_vacancies(self, now: datetime) -> bool:
        """Deletes vacancies that are not open and without an event for so long.

        Those of whose end no recruiter can be told are parked.
        """

        async def forget(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
            concerned = await recruiters.of(conn, ids)
            await vacancies.delete(conn, ids)
            await recruiters.publish(conn, concerned, now)

        async with self._database.transaction() as conn:
            ids = await vacancies.out_of_date(conn, OLD_VACANCIES, self._before(now), AT_A_TIME)
            await parking.work(conn, OLD_VACANCIES, ids, forget, key=str)
        return len(ids) == AT_A_TIME

    async def forget_recruiters(self, now: datetime) -> bool:
        """Deletes recruiters without a vacancy who were not named for so long."""
        async with self._database.transaction() as conn:
            ids = await recruiters.delete_out_of_date(conn, self._before(now), AT_A_TIME, now)
            await recruiters.bury(conn, ids, now)
        return len(ids) == AT_A_TIME

    def _before(self, now: datetime) -> datetime:
        return now - relativedelta(months=self._months)
