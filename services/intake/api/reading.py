"""What a source may read back over `/v1`: its own applicants, and its own deliveries."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import asyncpg
from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.intake.access import by_source
from services.intake.applicants.domain.identity import IdentityHash
from services.intake.deliveries import store as deliveries
from services.intake.deliveries.domain import State
from services.intake.keys.authentication import ApiKeys
from services.intake.keys.domain import Scope
from services.intake.web.problems import Problem
from shared.contract.events.details import faults_of
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Part
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database

SECONDS = 5.0
"""How long a look into the database may take."""

_EPOCH, _STEP = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
"""A cursor counts the finest steps that the database knows, so that no delivery is skipped."""


class PageAsked(BaseModel):
    """Which deliveries are asked for."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    state: State | None = None
    """Those of which so much was made alone."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    """How many at the most."""
    cursor: Annotated[str | None, Field(pattern="^[0-9]{1,16}-[0-9]{1,18}$")] = None
    """The `next` of the page before."""


class DeliveryRead(Part):
    """A web hook that came and was believed, without what is inside."""

    id: int
    """By which operators find it: `notyet deliveries show ID`."""
    received_at: Moment
    state: State
    summary: str
    """What was made of it, or why nothing was."""
    notes: Sequence[str]
    """What was left out, or taken for granted."""
    event_types: Sequence[str]
    """The types of the events that it became."""
    repeats: int
    """How often it came again, and was not looked at."""


class DeliveryPage(Part):
    items: Sequence[DeliveryRead]
    next: str | None = None
    """The cursor of the page after; left out where there is none."""


class Reading:
    """Answers what is read with an API key."""

    def __init__(
        self, database: Database, keys: ApiKeys, identity: IdentityHash, clock: Clock
    ) -> None:
        self._database = database
        self._keys = keys
        self._identity = identity
        self._clock = clock

    async def candidate(self, request: Request) -> Response:
        """Answers what the key's source may know of its applicant; 404 if it has none."""
        holder = await self._keys.holder(request, Scope.CANDIDATES)
        applicant_id, now = request.path_params["applicantId"].strip(), self._clock.now()
        async with self._looking() as conn:
            known = await by_source.read(conn, self._identity, holder, applicant_id, now)
        if known is None:
            raise Problem(404, _NOBODY)
        return _answer(known)

    async def deliveries(self, request: Request) -> Response:
        """Answers a page of the deliveries of the key's source, the newest first."""
        holder = await self._keys.holder(request, Scope.DELIVERIES)
        asked = _asked(request)
        before = _place(asked.cursor) if asked.cursor else None
        async with self._looking() as conn:
            rows = await deliveries.page(conn, holder.source, asked.state, before, asked.limit + 1)
        items = [DeliveryRead.model_validate(dict(row)) for row in rows[: asked.limit]]
        more = len(rows) > asked.limit
        return _answer(DeliveryPage(items=items, next=_cursor(items[-1]) if more else None))

    @asynccontextmanager
    async def _looking(self) -> AsyncIterator[asyncpg.Connection]:
        async with asyncio.timeout(SECONDS), self._database.transaction() as conn:
            yield conn


_NOBODY = "use the id under which this source has turned somebody down; it knows nobody under this"


def _asked(request: Request) -> PageAsked:
    try:
        return PageAsked.model_validate(dict(request.query_params))
    except ValidationError as error:
        detail = "correct the parameters named in errors and ask again"
        raise Problem(422, detail, faults=faults_of(error)) from None


def _cursor(last: DeliveryRead) -> str:
    """Returns where the page after begins: the delivery itself may be erased until it is asked."""
    return f"{(last.received_at - _EPOCH) // _STEP}-{last.id}"


def _place(cursor: str) -> tuple[datetime, int]:
    came, id = map(int, cursor.split("-"))
    return _EPOCH + came * _STEP, id


def _answer(read: Part) -> Response:
    body = read.model_dump_json(by_alias=True, exclude_none=True)
    return Response(body, media_type="application/json")
