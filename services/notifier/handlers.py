"""Every way in which the notifier is woken by an event."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import structlog

from services.notifier.addresses import AddressHash
from services.notifier.domain import EVERYTHING, Because, incoming, replies, reports
from services.notifier.domain import shortlists as notices
from services.notifier.metrics import MessageMetrics
from services.notifier.reporting import publish, report
from services.notifier.store import messages, operating, recipients, shortlists
from shared.contract.business_hours import Hours
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactDue, ContactWithdrawn, InterestDue
from shared.contract.events.matches import ShortlistReady
from shared.contract.events.notifications import MessagePayload
from shared.contract.events.recipients import RecipientChanged, RecipientsHeartbeat
from shared.contract.events.responses import (
    DeliveryReported,
    LinkRequested,
    LinksRequested,
    ReplyReceived,
)
from shared.runtime import erasures
from shared.runtime.marks import Marker
from shared.runtime.processing import Missed

_log = structlog.get_logger()

_HEARTBEAT = re.compile(r"heartbeat-\d+")
"""The keys of heartbeats: those that cannot be read are missed, and say nothing of anybody."""


class Handlers:
    """What each event does to the tables of the notifier."""

    def __init__(
        self,
        hashed: AddressHash,
        marker: Marker,
        shortlist_life: timedelta,
        here: Hours,
        metrics: MessageMetrics,
    ) -> None:
        self._hashed = hashed
        self._marker = marker
        self._metrics = metrics
        self._shortlist_life = shortlist_life
        self._here = here

    async def on_recipients(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Learns to whom, where and for what may be written; forgets the erased at once."""
        states = [e.data for e in events if isinstance(e.data, RecipientChanged)]
        read = [(e.key, e.replayed_from) for e in events if isinstance(e.data, RecipientChanged)]
        beats = [e.data for e in events if isinstance(e.data, RecipientsHeartbeat)]
        erased = [event.key for event in events if event.data is None]
        if states:
            await recipients.remember(conn, self._hashed, states)
            await recipients.mark_read(conn, read)
            theirs = {vacancy for state in states for vacancy in state.vacancies}
            await shortlists.look_again(conn, sorted(theirs))
        if erased:
            known_as = await recipients.forget(conn, erased)
            await erasures.remember(conn, (), self._marker.of_person(known_as))
            await messages.forget_addresses(conn, erased)
            dropped = await messages.drop_for(conn, erased, Because.ERASED, now)
            await report(conn, dropped, now)
            self._metrics.count(dropped)
        if beats:
            await recipients.remember_heartbeats(conn, beats)

    async def on_recipients_not_taken_in(
        self, conn: asyncpg.Connection, missed: Sequence[Missed], now: datetime
    ) -> None:
        """Stops all sending to people of whom a newer state was missed, until a state is read.

        What was missed may be their stop, also where only its type is not known: it has taken the
        place of the state that is known here. Messages wait for that state; none is dropped.
        """
        places = {one.key: one.place for one in missed if not _HEARTBEAT.fullmatch(one.key)}
        await recipients.mark_unread(conn, places, now)
        _log.warning("recipients.unread", recipients=len(places))

    async def on_contacts(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Takes in what is due to be written, and drops what no longer is."""
        due = [(e, e.data) for e in events if isinstance(e.data, ContactDue | InterestDue)]
        withdrawn = [e.data.contact_id for e in events if isinstance(e.data, ContactWithdrawn)]
        if due:
            rows = [incoming.due(contact, now) | _correlation(event) for event, contact in due]
            added = await messages.add(conn, rows)
            ended = [row for row in added if row["ended_at"]]
            await report(conn, ended, now)
            self._metrics.count(ended)
        if withdrawn:
            found = await messages.withdraw(conn, withdrawn, now)
            dropped = [row for row in found if row["ended_at"]]
            await report(conn, dropped, now)
            self._metrics.count(dropped)

    async def on_matches(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Keeps a shortlist until its recruiters are told; an empty one is no news.

        What waits to be told of one that has been replaced since is dropped.
        """
        ready = [(e, e.data) for e in events if isinstance(e.data, ShortlistReady)]
        newest = {
            one.vacancy_id: place
            for place, (_, one) in enumerate(ready)
            if notices.replaces_earlier(one)
        }
        if newest:
            replaced = await shortlists.replace(conn, list(newest))
            dropped = await messages.drop_lists(conn, replaced, Because.SUPERSEDED, now)
            await report(conn, dropped, now)
            self._metrics.count(dropped)
        rows = [
            {
                "shortlist_id": one.shortlist_id,
                "vacancy_id": one.vacancy_id,
                "repeats": one.repeats,
                "facts": incoming.as_json(notices.summary(one)),
                "expires_at": (now + self._shortlist_life).isoformat(),
                **_correlation(event),
            }
            for place, (event, one) in enumerate(ready)
            if one.candidates and place >= newest.get(one.vacancy_id, 0)
        ]
        await shortlists.add(conn, rows)

    async def on_responses(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Learns what providers say of messages and addresses; takes in what people asked for."""
        reported = [e.data for e in events if isinstance(e.data, DeliveryReported)]
        asked = [(e, e.data) for e in events if isinstance(e.data, LinkRequested | LinksRequested)]
        written = [(e, e.data) for e in events if isinstance(e.data, ReplyReceived)]
        rows = [incoming.asked(request, now) | _correlation(event) for event, request in asked]
        rows += await self._to_readers(conn, written, now) if written else []
        if rows:
            await messages.add(conn, rows)
        understood = [said for said in reported if said.outcome.is_known]
        self._metrics.not_understood.labels("outcome").inc(len(reported) - len(understood))
        await self._follow_up(conn, understood, now)

    async def _to_readers(
        self,
        conn: asyncpg.Connection,
        written: Sequence[tuple[Event, ReplyReceived]],
        now: datetime,
    ) -> list[incoming.Row]:
        """Returns what recruiters are sent of what people wrote."""
        answered = await messages.shortlists(conn, [reply.message_id for _, reply in written])
        return [
            row | _correlation(event)
            for event, reply in written
            for row in replies.messages(reply, answered.get(reply.message_id), self._here, now)
        ]

    async def _follow_up(
        self, conn: asyncpg.Connection, reported: Sequence[DeliveryReported], now: datetime
    ) -> None:
        if not reported:
            return
        hashes = await messages.address_hashes(conn, [said.message_id for said in reported])
        heard = [
            (hashes[said.message_id], reports.suppressed(said))
            for said in reported
            if said.message_id in hashes
        ]
        ended = [(address, because) for address, because in heard if because]
        await recipients.suppress(conn, [e[0] for e in ended], [e[1] for e in ended], now=now)
        said_of = {said.message_id: said for said in sorted(reported, key=reports.arrived)[::-1]}
        rows = await messages.follow_up(conn, list(said_of.values()))
        news = [reports.later(row, said_of[row["message_id"]]) for row in rows]
        await publish(conn, rows, news, now)
        returned = [said.message_id for said in reported if reports.came_back(said)]
        if returned and (dead := await messages.worn_out(conn, returned, reports.DEAD_AFTER)):
            await recipients.suppress(conn, dead, ["dead"] * len(dead), now=now)

    async def on_notifications(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Learns ends that this database has lost; if there are any, it was restored: hold all."""
        ends: dict[str, dict[str, Any]] = {}
        for event in events:
            if isinstance(event.data, MessagePayload) and (end := incoming.ended(event.data)):
                ends.setdefault(event.data.message_id, end)
        learnt = await messages.learn_ends(conn, list(ends.values()))
        if learnt:
            _log.warning("database.restored", messages=learnt)
            await operating.hold(conn, EVERYTHING, "restored", now)


def _correlation(event: Event) -> dict[str, Any]:
    return {
        "correlation_id": event.correlation_id or event.id,
        "causation_id": event.id,
    }
