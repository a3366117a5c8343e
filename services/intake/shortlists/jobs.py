"""The rounds that ask whose turn has come, and delete what nobody may ask about any more."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from dateutil.relativedelta import relativedelta

from services.intake.shortlists import store
from services.intake.shortlists.asking import ask_next
from services.intake.shortlists.domain import Employer
from shared.runtime import parking
from shared.runtime.postgres import Database

KEPT_MONTHS = 24
"""So long it must be possible to tell who was considered, and what was decided."""
AT_A_TIME = 100

TURNS = "turns"
"""By this name vacancies are parked of which nobody can tell whose turn it is."""
VACANCIES_AT_A_TIME = 20


async def ask_in_turn(database: Database, employer: Employer, now: datetime) -> bool:
    """Asks whose turn has come, for every vacancy for which somebody waits."""

    async def ask(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
        for vacancy_id in ids:
            if vacancy := await store.hold(conn, vacancy_id):
                await ask_next(conn, vacancy, employer, now)

    last: str | None = ""
    while last is not None:
        async with database.transaction() as conn:
            ids = await store.waiting(conn, TURNS, last, VACANCIES_AT_A_TIME)
            await parking.work(conn, TURNS, ids, ask, key=str)
        last = ids[-1] if ids else None
    return False


async def forget_shortlists(database: Database, now: datetime) -> bool:
    """Deletes shortlists so old, with the decisions about those on them."""
    async with database.transaction() as conn:
        deleted = await store.delete_before(
            conn, now - relativedelta(months=KEPT_MONTHS), AT_A_TIME
        )
    return deleted == AT_A_TIME
