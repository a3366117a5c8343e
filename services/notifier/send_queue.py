"""The queue of messages on their way out, and all that is written about them there.

An attempt is checked and committed in one transaction, with the recipient's row locked: who
withdraws consent in that instant either comes before, and nothing leaves, or after, and the
message left while the consent was live. All else is guarded by the lease token of the claim, so
a process that was paused and whose messages were given to others changes nothing.

Each end of a message is reported once, in the transaction that writes it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg

from services.notifier.addresses import AddressHash
from services.notifier.domain import (
    Because,
    Conditions,
    Message,
    Refusal,
    Route,
    Settlement,
    conditions,
    evaluate,
    has_another_way,
)
from services.notifier.metrics import MessageMetrics
from services.notifier.reporting import report, tell_of_links
from services.notifier.store import recipients, sending
from services.notifier.store.sending import Attempt, ClaimedMessage, Snapshot, UnreadableMessage
from shared.contract.events.people import Channel
from shared.contract.topics import RECIPIENTS
from shared.runtime import parking
from shared.runtime.batcher import Batcher
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long knowledge and leases hold."""

    fresh_for: timedelta
    """How old our knowledge of consent may be."""
    lease_seconds: float
    """From a claim to its attempt: after a crash, a message waits that long to be tried again."""
    attempt_seconds: float
    """From an attempt to its settlement: after a crash, a message then becomes uncertain."""


class SendQueue:
    """Claims messages under leases, commits their attempts and settles how they went."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        hashed: AddressHash,
        ways: Collection[Channel],
        timeouts: Timeouts,
        metrics: MessageMetrics,
    ) -> None:
        self._database = database
        self._clock = clock
        self._hashed = hashed
        self._ways = ways
        self._timeouts = timeouts
        self._metrics = metrics
        self.commit: Batcher[Attempt, Refusal | None] = Batcher(self._commit)
        """Commits an attempt, or returns why the message must not leave now."""
        self.settle: Batcher[Settlement, bool] = Batcher(self._settle)
        """Writes how a claim went; False where the message had been taken over by somebody."""

    async def conditions(self) -> Conditions:
        """Tells whether messages may leave at all."""
        async with self._database.connection() as conn:
            return self._conditions(await sending.conditions(conn))

    def evaluate(self, claim: ClaimedMessage, now: datetime) -> Route | Refusal:
        """Applies the send policy to a claim, by what was known when it was taken."""
        known = claim.known
        return evaluate(claim.message, known.recipient, self._conditions(known), now)

    def knows_how_to_stop(self, message: Message, route: Route) -> bool:
        """Tells whether a text message to this number has lately said how to end them."""
        return not message.told_how_to_stop.isdisjoint(self._hashed.every(route.address))

    def has_another_way(self, claim: ClaimedMessage, failed: Route, now: datetime) -> bool:
        """Tells whether a message that failed by a route can still go by another."""
        known = claim.known
        return not isinstance(known.recipient, Because) and has_another_way(
            claim.message, known.recipient, failed.address, self._conditions(known), now
        )

    async def claim(
        self,
        now: datetime,
        limit: int,
        channels: Collection[Channel],
        full: Collection[Channel] = (),
        paused: Collection[Channel] = (),
    ) -> Sequence[ClaimedMessage | UnreadableMessage]:
        """Takes due messages for this process alone, as long as the lease lasts.

        Those may go over one of the channels, and over none that is full. What was last to go over
        a paused one waits for it.
        """
        async with self._database.connection() as conn:
            return await sending.claim(
                conn,
                self._hashed,
                now=now,
                limit=limit,
                channels=list(channels),
                full=list(full),
                paused=list(paused),
                token=uuid4(),
                lease_seconds=self._timeouts.lease_seconds,
            )

    async def sweep(self, now: datetime) -> bool:
        """Ends what is past its time, and takes care of what a dead process left behind.

        Of whose end nobody can be told is parked as it is: it does not leave.
        """
        swept: list[asyncpg.Record] = []

        async def end(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
            expired = await sending.expire(conn, ids, now=now, because=Because.WINDOWS_PASSED)
            recovered = await sending.recover(conn, ids, now=now, because=Because.CRASHED)
            await report(conn, [*expired, *recovered], now)
            swept.extend([*expired, *recovered])

        async with self._database.transaction() as conn:
            ids = await sending.overdue(conn, now)
            await parking.work(conn, sending.SWEEPING, ids, end, key=str)
        self._metrics.count(swept)
        return len(ids) >= sending.SWEEP

    async def _commit(self, attempts: Sequence[Attempt]) -> Sequence[Refusal | None]:
        async with self._database.connection() as conn, conn.transaction():
            known = await sending.lock_recipients(conn, self._hashed, attempts)
            now = self._clock.now()
            refusals = [
                self._refusal(attempt, known.get(attempt.message.message_id), now)
                for attempt in attempts
            ]
            allowed = [a for a, no in zip(attempts, refusals, strict=True) if no is None]
            marked = await sending.mark_attempted(
                conn,
                self._hashed,
                allowed,
                now=now,
                lease_seconds=self._timeouts.attempt_seconds,
            )
            await tell_of_links(conn, marked, allowed, now)
        lost = Refusal(Because.TAKEN_OVER)
        return [
            refusal or (None if attempt.message.message_id in marked else lost)
            for attempt, refusal in zip(attempts, refusals, strict=True)
        ]

    def _refusal(self, attempt: Attempt, known: Snapshot | None, now: datetime) -> Refusal | None:
        if known is None:
            return Refusal(Because.TAKEN_OVER)
        found = self.evaluate(ClaimedMessage(attempt.message, known), now)
        if isinstance(found, Refusal):
            return found
        return None if found == attempt.route else Refusal(Because.REROUTED)

    async def _settle(self, settlements: Sequence[Settlement]) -> Sequence[bool]:
        now = self._clock.now()
        told = [(settled.route, settled.address_is) for settled in settlements]
        suppressed = [(self._hashed(route.address), why) for route, why in told if route and why]
        async with self._database.transaction() as conn:
            rows = await sending.settle(conn, self._hashed, settlements, now=now)
            if suppressed:
                await recipients.suppress(
                    conn,
                    [address for address, _ in suppressed],
                    [why for _, why in suppressed],
                    now=now,
                )
            await report(conn, rows, now)
        self._metrics.count(rows)
        written = {row["message_id"] for row in rows}
        return [settled.message_id in written for settled in settlements]

    def _conditions(self, known: Snapshot) -> Conditions:
        return conditions(
            database_now=known.database_now,
            wall_now=datetime.now(UTC),  # machine clock
            known_until=known.known_until,
            complete=known.partitions_heard >= (known.partitions or RECIPIENTS.partitions),
            fresh_for=self._timeouts.fresh_for,
            held=known.holds,
            ways=self._ways,
        )
