"""Looks through the systems that do not call when a vacancy opens or closes.

What is found becomes deliveries like those that a system calls with, each once, and where to go on
is kept in the same transaction. They hold an answer of the API and nothing besides, which no call
from outside ever does.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from services.intake.deliveries import store
from services.intake.deliveries.api_client import REST, Away, Busy, Refused, Wrong
from services.intake.deliveries.apis import Apis
from services.intake.deliveries.store import Arrival
from services.intake.sources import store as sources
from services.intake.sources.store import Registered
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import Found, Page
from services.intake.webhooks.systems import APIS, LISTINGS
from shared.contract.events.cloudevents import Unreadable
from shared.runtime import parking
from shared.runtime.postgres import Database, will_pass
from shared.runtime.quarantine import Quarantine
from shared.runtime.sql import Queries

PAUSE_SECONDS = 60.0
"""Between two looks at one source."""

LOOKING = "listings"
"""By this name sources are parked that cannot be looked through."""

_queries = Queries(Path(__file__).with_name("looking.sql"))
_log = structlog.get_logger()


class Looking:
    """Looks through all systems in which there is something to look for."""

    def __init__(
        self, database: Database, quarantine: Quarantine, apis: Apis, wake: Callable[[], None]
    ) -> None:
        self._database = database
        self._quarantine = quarantine
        self._apis = apis
        self._wake = wake

    async def run(self, now: datetime) -> bool:
        """Reads a page of each that is due; returns whether there are more."""
        async with self._database.transaction() as conn:
            due = await _queries.claim(
                conn, job=LOOKING, systems=list(LISTINGS), pause_seconds=PAUSE_SECONDS
            )
            known = await sources.every(conn) if due else {}
        more = [
            await self._look_or_park(known[row["name"]], row["looked_until"], now) for row in due
        ]
        return any(more)

    async def _look_or_park(self, registered: Registered, until: str | None, now: datetime) -> bool:
        """Reads one page; a source for which that fails is parked, and costs no other its turn."""
        try:
            return await self._look(registered, until, now)
        except Exception as error:
            if will_pass(error):
                raise
            async with self._database.transaction() as conn:
                reason = parking.reason_of(error)
                await parking.park(conn, LOOKING, {registered.source.name: reason})
            return False

    async def _look(self, registered: Registered, until: str | None, now: datetime) -> bool:
        """Reads one page, and keeps what is new on it; returns whether there are more."""
        name, system = registered.source.name, registered.source.system
        listing = LISTINGS[system]
        try:
            answer = await self._apis.of(registered, APIS[system]).read(listing.path(until))
            page = listing.page(until, answer or b"")
        except Busy as busy:
            await self._apis.rest(name, busy.seconds)
        except Away:
            await self._apis.rest(name, REST)
        except Refused:
            await self._apis.refused(registered)
        except (Wrong, Unreadable) as problem:
            _log.warning("source.unreadable_listing", source=name, problem=str(problem))
            await self._keep(name, until, Page((), listing.again(until), has_more=False), now)
        else:
            await self._keep(name, until, page, now)
            return page.has_more
        return False

    async def _keep(self, name: str, former: str | None, page: Page, now: datetime) -> None:
        """Keeps what was found, and where to go on."""
        arrivals = [self._arrival(name, each, now) for each in page.found]
        async with self._database.transaction() as conn:
            await store.keep(conn, arrivals)
            await _queries.go_on(
                conn, name=name, former=former, looked_until=page.until, at_once=page.has_more
            )
            await parking.release(conn, LOOKING, [name])
        if arrivals:
            self._wake()

    def _arrival(self, name: str, found: Found, now: datetime) -> Arrival:
        delivery = Delivery(b"", {}, now, {found.path: found.answer})
        return store.arrival(self._quarantine, name, found.key, delivery, is_hint=False)
