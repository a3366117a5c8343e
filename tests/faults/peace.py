"""What must change nothing: links that are only opened, and callbacks that are not genuine."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import httpx

from deploy.local.child import CannotStart
from deploy.local.demo.simulated_time import SimulatedTime
from deploy.local.sink.mailbox import Received
from deploy.local.sink.parsing import as_json
from tests.faults.audience import Twilio, look
from tests.faults.facts import Facts
from tests.faults.history import History
from tests.faults.load import Load
from tests.faults.plan import PHONE_CANARY, Plan

OPENED = 60
"""How many of the messages have all their links opened."""


class Doorbell:
    """Knocks at the doors of a system at rest, and compares its record before and after."""

    def __init__(
        self,
        load: Load,
        twilio: Twilio,
        http: httpx.AsyncClient,
        history: History,
        facts: Facts,
        simulated_time: SimulatedTime,
    ) -> None:
        self._load = load
        self._twilio = twilio
        self._http = http
        self._history = history
        self._facts = facts
        self._simulated_time = simulated_time

    async def ring(self, mails: Sequence[Received], plan: Plan) -> None:
        await self._repeat(plan)
        await self._unchanged("links opened", lambda: self._open(mails))
        phone = f"{PHONE_CANARY}000017"
        first = await self._twilio.deliver(phone, "STOP", "SM-known")
        self._history.note("callback", status=first)
        await self._unchanged("callback forged", lambda: self._call(phone, "SM-new", forged=True))
        await self._unchanged("callback replayed", lambda: self._call(phone, "SM-known"))

    async def _repeat(self, plan: Plan) -> None:
        one, other = plan.single(970_001), plan.single(970_002)
        first = await self._load.say_with_key(one, "the same")
        again = await self._load.say_with_key(one, "the same")
        status, _ = await self._load.say_with_key(other, "the same")
        self._history.note("same key", first=first, again=again, other=status)

    async def _open(self, mails: Sequence[Received]) -> int:
        step = max(1, len(mails) // OPENED)
        return sum([await look(self._http, as_json(mail)) for mail in mails[::step]])

    async def _call(self, phone: str, sid: str, *, forged: bool = False) -> int:
        """Says START under that id: it would open what STOP has closed."""
        return await self._twilio.deliver(phone, "START", sid, forged=forged)

    async def _unchanged(self, what: str, act: Callable[[], Awaitable[int]]) -> None:
        await self._rest()
        before = await self._facts.record_digests()
        came = await act()
        await self._rest()
        after = await self._facts.record_digests()
        changed = [table for table, digest in after.items() if digest != before[table]]
        self._history.note("unchanged", what=what, changed=changed, came=came)

    async def _rest(self) -> None:
        """Waits until all is idle; what does not come to rest is judged so."""
        with suppress(CannotStart):
            await self._simulated_time.wait_until_idle()
