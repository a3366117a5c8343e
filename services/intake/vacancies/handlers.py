"""Records what each system says of its own vacancies: one plain function for every way in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import asyncpg
import structlog

from services.intake.applicants.domain.left_out import unusable_recruiters
from services.intake.applicants.domain.receiving import AHEAD, TOLERANCE
from services.intake.applicants.domain.register import Claim, Stamp
from services.intake.interests import recording as interests
from services.intake.shortlists import asking
from services.intake.shortlists.decisions import withdraw_invitations
from services.intake.vacancies.domain import TOLD_WITHIN, SourcePolicy, VacancyKey, hiring
from services.intake.vacancies.store import recruiters, vacancies, vacancy_ids
from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.events.openings import OpeningChanged
from shared.contract.events.vacancies import Vacancy, VacancyClosed, VacancyState
from shared.contract.topics import OPENINGS
from shared.runtime import outbox

_log = structlog.get_logger()

ANY_SOURCE = SourcePolicy()


class VacancyRecorder:
    """Keeps vacancies by source and id, so that no system changes another one's."""

    def __init__(self, policy: SourcePolicy = ANY_SOURCE) -> None:
        self.policy = policy

    async def record(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> set[VacancyKey]:
        """Keeps the newest state of vacancies, publishes it, and tells each recruiter's list.

        Returns those of which nothing newer was known already. Raises Unreadable for one that is
        said to be of a time still to come.
        """
        if any(event.time > now + TOLERANCE for event in events):
            raise Unreadable("unbelievable_moment", f"time: {AHEAD}")
        keys = {VacancyKey(event.source, event.key) for event in events}
        ids = await vacancy_ids.of(conn, keys)
        named = [_named(event, ids[VacancyKey(event.source, event.key)]) for event in events]
        gone = [event.key for event in named if event.data is None]
        stated = [event for event in named if isinstance(event.data, VacancyState)]
        concerned = await recruiters.of(conn, gone)
        await vacancies.delete(conn, gone)
        changed = await vacancies.keep(conn, stated, now)
        newest = {event.key: event for event in stated if event.key in changed}
        kept = await self._keep_recruiters(conn, newest, now)
        await recruiters.publish(conn, concerned | kept.recruiters, now)
        await self._publish(conn, newest, gone, now)
        await interests.hand_over(conn, kept.vacancies.union(gone))
        closed = [key for key, at in newest.items() if isinstance(at.data, VacancyClosed)]
        await self._end(conn, [*closed, *gone], now)
        await self._resume(conn, sorted(newest.keys() - set(closed)), now)
        return {key for key, vacancy_id in ids.items() if vacancy_id in {*changed, *gone}}

    async def name(self, conn: asyncpg.Connection, events: Sequence[Event]) -> list[Event]:
        """Returns events with the vacancies of rejections named as everybody else knows them."""
        keys = {key for event in events if (key := _mentioned(event))}
        ids = await vacancy_ids.of(conn, keys)
        return [_renamed(event, ids) for event in events]

    async def mention(
        self, conn: asyncpg.Connection, mentioned: Mapping[str, Claim[Vacancy]], now: datetime
    ) -> None:
        """Keeps vacancies, with their recruiters, that only rejections have told of so far."""
        if not mentioned:
            return
        sources = await vacancies.mention(conn, mentioned)
        if sources:
            told = {vacancy_id: mentioned[vacancy_id] for vacancy_id in sources}
            kept = await recruiters.keep(conn, hiring(told, sources, self.policy), now)
            await recruiters.publish(conn, kept.recruiters, now)
            await interests.hand_over(conn, kept.vacancies)

    async def republish(self, conn: asyncpg.Connection, ids: Sequence[str], now: datetime) -> None:
        """Puts the newest state of vacancies into the outbox once more."""
        await outbox.put(conn, OPENINGS, await vacancies.openings(conn, ids, self.policy))

    async def _end(self, conn: asyncpg.Connection, closed: Sequence[str], now: datetime) -> None:
        await withdraw_invitations(conn, closed, now)
        await interests.close(conn, closed, now)

    async def _resume(self, conn: asyncpg.Connection, opened: Sequence[str], now: datetime) -> None:
        """Takes back what a closing ended of which nobody was told yet: it may be a mistake."""
        await asking.resume(conn, opened, now - TOLD_WITHIN, now)
        await interests.resume(conn, opened, now - TOLD_WITHIN, now)

    async def _keep_recruiters(
        self, conn: asyncpg.Connection, newest: Mapping[str, Event], now: datetime
    ) -> recruiters.Changed:
        """Keeps whom vacancies name; returns with what changed whoever was told of one of them.

        Nobody hears from a stream which addresses were left out, so the log says how many.
        """
        claims: dict[str, Claim[Vacancy]] = {}
        for key, event in newest.items():
            if isinstance(event.data, VacancyState):
                claims[key] = Claim(event.data, Stamp(event.time, event.id))
                if left_out := sum(1 for _ in unusable_recruiters(event.data, self.policy)):
                    _log.warning("recruiters.left_out", source=event.source, count=left_out)
        sources = {key: event.source for key, event in newest.items()}
        concerned = await recruiters.of(conn, newest)
        kept = await recruiters.keep(conn, hiring(claims, sources, self.policy), now)
        return kept._replace(recruiters=concerned | kept.recruiters)

    async def _publish(
        self,
        conn: asyncpg.Connection,
        newest: Mapping[str, Event],
        gone: Sequence[str],
        now: datetime,
    ) -> None:
        states = [
            _caused(opening, newest[opening.key])
            for opening in await vacancies.openings(conn, newest.keys(), self.policy)
        ]
        tombstones = [
            Event.tombstone(vacancy_id, OpeningChanged.type, source="intake", at=now)
            for vacancy_id in gone
        ]
        await outbox.put(conn, OPENINGS, [*states, *tombstones])


def _named(event: Event, vacancy_id: str) -> Event:
    if not isinstance(event.data, VacancyState):
        return replace(event, key=vacancy_id)
    data = event.data.model_copy(update={"vacancy_id": vacancy_id})
    return replace(event, key=vacancy_id, data=data)


def _caused(opening: Event, cause: Event) -> Event:
    correlation_id = cause.correlation_id or cause.id
    return replace(opening, correlation_id=correlation_id, causation_id=cause.id)


def _mentioned(event: Event) -> VacancyKey | None:
    if not isinstance(event.data, ApplicantRejected):
        return None
    return VacancyKey(event.source, event.data.vacancy.vacancy_id)


def _renamed(event: Event, ids: Mapping[VacancyKey, str]) -> Event:
    said = event.data
    if not isinstance(said, ApplicantRejected):
        return event
    vacancy_id = ids[VacancyKey(event.source, said.vacancy.vacancy_id)]
    vacancy = said.vacancy.model_copy(update={"vacancy_id": vacancy_id})
    return replace(event, data=said.model_copy(update={"vacancy": vacancy}))
