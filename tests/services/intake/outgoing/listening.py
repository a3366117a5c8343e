"""A system that is told what becomes of its applicants, at an address of its own."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from services.intake.messages.handlers import on_notifications
from services.intake.outgoing import store
from services.intake.outgoing.telling import Note, tell
from shared.contract.events.cloudevents import Event
from shared.contract.events.notifications import MessagePayload, MessageSent
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Notable
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.deliveries.stand_in import Answer, StandIn, standing_in
from tests.services.intake.front import Front, opened
from tests.services.intake.upstream import ATS, NOW, rows

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, or so").decode()
HOOK = "/hook"
TAKEN = Answer(204)


@dataclass
class Listener:
    """The system that the test's people come from, with intake that tells it."""

    front: Front
    hook: StandIn
    endpoint: str = ""
    others: list[str] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.front.service.database

    async def add(self, source: str = ATS, path: str = HOOK, secret: str = SECRET) -> str:
        seal = self.front.service.settings.seal()
        self.hook.answers.setdefault(path, [TAKEN])
        async with self.database.transaction() as conn:
            return await store.add(conn, source, self.hook.url + path, secret, seal, NOW)

    async def begin(self) -> None:
        """Begins to tell what is due, and waits for nobody."""
        [job] = [each for each in self.front.service._jobs if each.name == "outgoing"]
        await job._run(self.front.service.clock.now())

    async def run(self) -> None:
        """Tells what is due, and waits until that is done."""
        await self.begin()
        [job] = [each for each in self.front.service._jobs if each.name == "outgoing"]
        await job._run.__self__.settled()  # type: ignore[attr-defined]

    async def wait(self) -> None:
        """Lets all that something waits for be over."""
        async with self.database.transaction() as conn:
            await conn.execute("update outgoing set due_at = now()")
            await conn.execute("update endpoints set rests_until = null")
            await conn.execute("update sources set api_rests_until = null")

    async def age(self, days: int) -> None:
        """Lets so much time go by, and whatever waits be due."""
        async with self.database.transaction() as conn:
            await conn.execute(
                "update outgoing set waits_since = waits_since - make_interval(days => $1)", days
            )
            await conn.execute(
                "update endpoints set failing_since = failing_since - make_interval(days => $1)",
                days,
            )
        await self.wait()

    async def tell(self, what: Notable, key: str | None = None, **about: Any) -> None:
        """Tells something of an applicant; of the one that there is, if not said of whom."""
        found = await rows(self.database, "select applicant_key from applicants")
        async with self.database.transaction() as conn:
            await tell(conn, [Note(key or found[0]["applicant_key"], what, NOW, **about)])

    async def hear(self, candidate_id: str, kind: type[MessagePayload], **fields: Any) -> None:
        """Lets the notifier say how a message ended."""
        more = {"wording_version": "w1"} if kind is MessageSent else {"because": "no_mailbox"}
        said = {"purpose": Purpose.LETTER, "application_id": "a-1", **more, **fields}
        data = kind(
            message_id="m-1", recipient_id=candidate_id, channel=Channel.EMAIL, at=NOW, **said
        )
        async with self.database.transaction() as conn:
            await on_notifications(conn, [Event.about(data, source="notifier", at=NOW)], NOW)

    def told(self, path: str = HOOK) -> list[dict[str, Any]]:
        """Returns what was said at an address, in order."""
        calls = zip(self.hook.asked, self.hook.bodies, strict=True)
        return [json.loads(body)["data"] for (at, _), body in calls if at == path]

    async def states(self) -> list[tuple[str, str, str | None]]:
        found = await rows(self.database, "select what, state, problem from outgoing order by id")
        return [(row["what"], row["state"], row["problem"]) for row in found]


def is_signed(headers: dict[str, str], body: bytes, secret: str = SECRET) -> bool:
    """Checks a call as the standard has it, by nothing of ours."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in headers["webhook-signature"].split(" ")


@asynccontextmanager
async def listening(databases: Databases, clock: Clock, **more: Any) -> AsyncIterator[Listener]:
    async with opened(databases, clock, **more) as front, standing_in() as hook:
        listener = Listener(front, hook)
        listener.endpoint = await listener.add()
        yield listener
