"""How long the matcher keeps what ends by itself; `retention.toml` tells of all tables."""

from datetime import datetime

from dateutil.relativedelta import relativedelta

from services.matcher.store import retention
from shared.runtime.postgres import Database

LEDGER_YEARS = 2
"""How long the law asks for a record of automated searches for people."""
CLOSED_VACANCY_YEARS = 2
ENDED_JOB_DAYS = 30
"""Longer than any event that could ask for the same search again is kept."""

AT_ONCE = 500


class Retention:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, now: datetime) -> bool:
        """Deletes some of what is kept no longer; True if there may be more."""
        ledger = now - relativedelta(years=LEDGER_YEARS)
        vacancies = now - relativedelta(years=CLOSED_VACANCY_YEARS)
        async with self._database.transaction() as conn:
            more = [
                await retention.delete_from_ledger(conn, ledger, AT_ONCE),
                await retention.delete_jobs(conn, ENDED_JOB_DAYS, AT_ONCE),
                await retention.trim_vacancies(conn, vacancies, AT_ONCE),
            ]
        return any(more)
