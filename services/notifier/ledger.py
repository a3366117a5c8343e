"""Everything that a message's way out writes into the database.

An attempt is judged and committed in one transaction, with the recipient's row locked: who
withdraws consent in that instant either comes before, and nothing leaves, or after, and the
message left while the consent was live. All else is guarded by the lease token of the claim, so
a process that was paused and whose messages were given to others changes nothing.

Each end of a message is reported once, in the transaction that writes it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg

from services.notifier.addresses import AddressHash
from services.notifier.domain import (
    Because,
    Refusal,
    Route,
    Settlement,
    Standing,
    State,
    judge,
    reports,
    standing,
)
from services.notifier.metrics import MessageMetrics
from services.notifier.store import messages, recipients, sending
from services.notifier.store.sending import Attempt, Claim, Known
from services.notifier.together import Together
from shared.contract.events.cloudevents import Event
from shared.contract.events.payload import Payload, stable_id
from shared.contract.events.people import Channel
from shared.contract.topics import NOTIFICATIONS, RECIPIENTS
from shared.runtime import outbox
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things hold."""

    fresh_for: timedelta
    """How old our knowledge of consent may be."""
    lease_seconds: float
    """From a claim to its attempt: after a crash, a message waits that long to be tried again."""
    attempt_seconds: float
    """From an attempt to its settlement: after a crash, a message then becomes uncertain."""


class Ledger:
    """The messages on their way out."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        hashed: AddressHash,
        ways: Collection[Channel],
        terms: Terms,
        metrics: MessageMetrics,
    ) -> None:
        self._database = database
        self._clock = clock
        self._hashed = hashed
        self._ways = ways
        self._terms = terms
        self._metrics = metrics
        self.commit: Together[Attempt, Refusal | None] = Together(self._commit)
        """Commits an attempt, or gives the reason why the message must not leave now."""
        self.settle: Together[Settlement, bool] = Together(self._settle)
        """Writes how a claim went; False where the message had been taken over by somebody."""

    async def standing(self) -> Standing:
        """Tells whether messages may leave at all."""
        async with self._database.connection() as conn:
            return self._standing(await sending.standing(conn))

    def judge(self, claim: Claim, now: datetime) -> Route | Refusal:
        """Judges a claim by what was known when it was taken."""
        known = claim.known
        return judge(claim.message, known.recipient, self._standing(known), now)

    async def claim(
        self, now: datetime, limit: int, channels: Collection[Channel]
    ) -> Sequence[Claim]:
        """Takes due messages for this process alone, as long as the lease lasts."""
        async with self._database.connection() as conn:
            return await sending.claim(
                conn,
                self._hashed,
                now=now,
                limit=limit,
                channels=list(channels),
                token=uuid4(),
                lease_seconds=self._terms.lease_seconds,
            )

    async def sweep(self, now: datetime) -> bool:
        """Ends what is past its time, and takes care of what a dead process left behind."""
        async with self._database.transaction() as conn:
            expired = await sending.expire(conn, now=now, because=Because.WINDOWS_PASSED)
            recovered = await sending.recover(conn, now=now, because=Because.CRASHED)
            await report(conn, [*expired, *recovered], now)
        self._metrics.count([*expired, *recovered])
        return max(len(expired), len(recovered)) == sending.SWEEP

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
                lease_seconds=self._terms.attempt_seconds,
            )
        lost = Refusal(Because.TAKEN_OVER)
        return [
            refusal or (None if attempt.message.message_id in marked else lost)
            for attempt, refusal in zip(attempts, refusals, strict=True)
        ]

    def _refusal(self, attempt: Attempt, known: Known | None, now: datetime) -> Refusal | None:
        if known is None:
            return Refusal(Because.TAKEN_OVER)
        verdict = self.judge(Claim(attempt.message, known), now)
        if isinstance(verdict, Refusal):
            return verdict
        return None if verdict == attempt.route else Refusal(Because.REROUTED)

    async def _settle(self, settlements: Sequence[Settlement]) -> Sequence[bool]:
        now = self._clock.now()
        dead = [(settled.route, settled.address_is) for settled in settlements]
        buried = [(self._hashed(route.address), why) for route, why in dead if route and why]
        async with self._database.transaction() as conn:
            rows = await sending.settle(conn, self._hashed, settlements, now=now)
            if buried:
                await recipients.bury(
                    conn, [address for address, _ in buried], [why for _, why in buried], now=now
                )
            await report(conn, rows, now)
        self._metrics.count(rows)
        written = {row["message_id"] for row in rows}
        return [settled.message.message_id in written for settled in settlements]

    def _standing(self, known: Known) -> Standing:
        return standing(
            database_now=known.database_now,
            wall_now=datetime.now(UTC),  # machine clock
            known_until=known.known_until,
            complete=known.partitions >= RECIPIENTS.partitions,
            fresh_for=self._terms.fresh_for,
            held=known.holds,
            ways=self._ways,
        )


async def report(conn: asyncpg.Connection, rows: messages.Rows, now: datetime) -> None:
    """Has the ends among these rows published, each under an id that it alone can have."""
    ended = [row for row in rows if State(row["state"]) not in (State.PENDING, State.SENDING)]
    await publish(conn, ended, [reports.end(row) for row in ended], now)


async def publish(
    conn: asyncpg.Connection, rows: messages.Rows, events: Sequence[Payload], now: datetime
) -> None:
    """Has one event published about each row, in the story that the message belongs to."""
    await outbox.put(
        conn,
        NOTIFICATIONS,
        [
            replace(
                Event.about(
                    data,
                    source="notifier",
                    at=now,
                    id=stable_id(row["message_id"], data.type),
                ),
                correlation_id=row["correlation_id"],
                causation_id=row["causation_id"],
            )
            for row, data in zip(rows, events, strict=True)
        ],
    )
