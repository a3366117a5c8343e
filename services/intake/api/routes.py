"""The routes of `/v1`: read, hand over to be committed, answer after the commit."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response

from services.intake.api import parsing
from services.intake.api.operations import (
    CANDIDATE,
    DELIVERIES,
    EVENT,
    EVENTS,
    REJECTION,
    REJECTIONS,
    VACANCIES,
    VACANCY,
)
from services.intake.api.parsing import MOST_ITEMS, ApiClient, Refused, inside
from services.intake.api.reading import Reading
from services.intake.applicants.domain.receiving import Receiving
from services.intake.ingestion.store import HttpAnswer, RequestKey
from services.intake.ingestion.submissions import FAILED, Result, Submission
from services.intake.keys.authentication import ApiKeys
from services.intake.keys.domain import Scope
from services.intake.web.forms import read_body
from services.intake.web.problems import MEDIA_TYPE, Problem, document
from shared.contract.events.cloudevents import Event, NotWanted, Unreadable
from shared.contract.events.details import Fault
from shared.runtime.batcher import Batcher
from shared.runtime.clock import Clock

LARGEST = 512 * 1024
LARGEST_BATCH = 8 * 1024 * 1024
LONGEST_KEY = 255
_AT_A_TIME = 50

_JSON = ("application/json",)
_EVENT = ("application/cloudevents+json", "application/json")
_EVENTS = ("application/cloudevents-batch+json", "application/json")
_LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl")

Read = Callable[[bytes, ApiClient, datetime], Event]


@dataclass(frozen=True)
class ApiContext:
    """What the routes need."""

    keys: ApiKeys
    batcher: Batcher[Submission, HttpAnswer | None]
    clock: Clock
    receiving: Receiving
    reading: Reading


def routes(context: ApiContext) -> APIRouter:
    """Makes what is posted, one or a thousand at a time, and what is read back."""
    router = APIRouter(prefix="/v1")

    @router.post("/rejections", **REJECTION)
    async def post_rejection(request: Request) -> Response:
        return await _one(context, request, Scope.REJECTIONS, parsing.rejection, _JSON)

    @router.post("/rejections/batch", **REJECTIONS)
    async def post_rejections(request: Request) -> Response:
        scopes = (Scope.REJECTIONS, Scope.IMPORTS)
        return await _many(context, request, scopes, parsing.rejection, _JSON)

    @router.post("/events", **EVENT)
    async def post_event(request: Request) -> Response:
        return await _one(context, request, Scope.REJECTIONS, parsing.event, _EVENT, within="data")

    @router.post("/events/batch", **EVENTS)
    async def post_events(request: Request) -> Response:
        scopes = (Scope.REJECTIONS,)
        return await _many(context, request, scopes, parsing.event, _EVENTS, within="data")

    @router.post("/vacancies", **VACANCY)
    async def post_vacancy(request: Request) -> Response:
        return await _one(context, request, Scope.VACANCIES, parsing.vacancy, _JSON)

    @router.post("/vacancies/batch", **VACANCIES)
    async def post_vacancies(request: Request) -> Response:
        return await _many(context, request, (Scope.VACANCIES,), parsing.vacancy, _JSON)

    @router.get("/candidates/{applicantId:path}", **CANDIDATE)
    async def get_candidate(request: Request) -> Response:
        return await context.reading.candidate(request)

    @router.get("/deliveries", **DELIVERIES)
    async def get_deliveries(request: Request) -> Response:
        return await context.reading.deliveries(request)

    return router


async def _one(
    context: ApiContext,
    request: Request,
    scope: Scope,
    read: Read,
    media_types: Sequence[str],
    *,
    within: str | None = None,
) -> Response:
    """Answers one event; `within` is the field of the body that holds what it says."""
    sender = await _sender(context, request, scope)
    _media_type(request, media_types)
    body = await read_body(request, LARGEST)
    try:
        event = read(body, sender, context.clock.now())
    except Refused as refused:
        raise _problem(refused) from None

    def answer(results: Sequence[Result]) -> HttpAnswer:
        if isinstance(result := results[0], NotWanted):
            return HttpAnswer(409, _json(document(409, result.detail)))
        if result is FAILED:
            return HttpAnswer(500, _json(document(500, FAILED.detail)))
        if isinstance(result, Unreadable):
            return _refusal(_faults(result))
        return HttpAnswer(202, _json(_taken(event, result, within)))

    return await _commit(context, request, sender, body, [event], answer)


async def _many(
    context: ApiContext,
    request: Request,
    scopes: Sequence[Scope],
    read: Read,
    media_types: Sequence[str],
    *,
    within: str | None = None,
) -> Response:
    """Answers a batch of what `_one` answers, as an array or one a line."""
    sender = await _sender(context, request, *scopes)
    media_type = _media_type(request, (*media_types, *_LINES))
    body = await read_body(request, LARGEST_BATCH)
    try:
        items = parsing.lines(body) if media_type in _LINES else parsing.elements(body)
    except Refused as refused:
        raise _problem(refused) from None
    if not 1 <= len(items) <= MOST_ITEMS:
        raise Problem(422, f"send from 1 to {MOST_ITEMS:,} items at once")
    read_items = await _read_items(context, sender, read, items)
    events = [item for item in read_items if isinstance(item, Event)]

    def answer(results: Sequence[Result]) -> HttpAnswer:
        return _batch_answer(read_items, results, within)

    return await _commit(context, request, sender, body, events, answer)


async def _sender(context: ApiContext, request: Request, *scopes: Scope) -> ApiClient:
    holder = await context.keys.holder(request, *scopes)
    return ApiClient(holder.source, context.receiving, holder.key_id)


async def _read_items(
    context: ApiContext, sender: ApiClient, read: Read, items: Iterable[bytes]
) -> list[Event | Refused]:
    found: list[Event | Refused] = []
    for number, item in enumerate(items, 1):
        try:
            found.append(read(item, sender, context.clock.now()))
        except Refused as refused:
            found.append(refused)
        if number % _AT_A_TIME == 0:
            await asyncio.sleep(0)
    return found


async def _commit(
    context: ApiContext,
    request: Request,
    sender: ApiClient,
    body: bytes,
    events: Sequence[Event],
    answer: Callable[[Sequence[Result]], HttpAnswer],
) -> Response:
    key = _request_key(request, sender)
    request_hash = hashlib.sha256(request.url.path.encode() + b"\n" + body).digest()
    submission = Submission(events, answer, key, request_hash, sender.key_id)
    given = await context.batcher(submission)
    if given is None:
        raise Problem(409, "use a new Idempotency-Key for each request; this one sent another body")
    media_type = "application/json" if given.status < 400 else MEDIA_TYPE
    return Response(given.body, given.status, media_type=media_type)


def _request_key(request: Request, sender: ApiClient) -> RequestKey | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY:
        raise Problem(400, f"send an Idempotency-Key of 1 to {LONGEST_KEY} characters")
    return RequestKey(sender.source, key)


_AS_IT_IS = "identity"


def _media_type(request: Request, allowed: Sequence[str]) -> str:
    if request.headers.get("content-encoding", _AS_IT_IS).strip().lower() != _AS_IT_IS:
        raise Problem(415, "send the body as it is, without the header Content-Encoding")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in allowed:
        raise Problem(415, f"send the header Content-Type: {' or '.join(allowed)}")
    return media_type


def _problem(refused: Refused) -> Problem:
    if refused.malformed:
        return Problem(400, refused.faults[0].problem)
    return Problem(422, _MEND, faults=refused.faults)


_MEND = "correct the fields named in errors and send it again; nothing was recorded"


def _refusal(faults: Sequence[Fault]) -> HttpAnswer:
    return HttpAnswer(422, _json(document(422, _MEND, faults)))


def _taken(event: Event, result: Result, within: str | None = None) -> dict[str, object]:
    """Says what became of an event, and what was left out of it."""
    told: dict[str, object] = {"id": event.id}
    if result:
        told["outcome"] = result
    if event.left_out:
        left_out = [inside(within, each) if within else each for each in event.left_out]
        told["leftOut"] = [{"field": each.field, "why": each.problem} for each in left_out]
    return told


def _batch_answer(
    items: Sequence[Event | Refused], results: Sequence[Result], within: str | None
) -> HttpAnswer:
    """Names each item by its index, with what came of it or with what is wrong with it."""
    remaining = iter(results)
    told: list[dict[str, object]] = []
    for index, item in enumerate(items):
        result = item if isinstance(item, Refused) else next(remaining)
        if isinstance(result, Refused | Unreadable):
            errors = [fault._asdict() for fault in _faults(result)]
            told.append({"index": index, "errors": errors})
        elif isinstance(item, Event):
            told.append({"index": index, **_taken(item, result, within)})
    refused = sum("errors" in result for result in told)
    counts = {"recorded": len(items) - refused, "refused": refused, "items": told}
    if counts["recorded"]:
        return HttpAnswer(202, _json(counts))
    return HttpAnswer(422, _json({**document(422, _MEND), **counts}))


def _faults(result: Refused | Unreadable) -> Sequence[Fault]:
    return result.faults if isinstance(result, Refused) else [Fault("body", result.detail)]


def _json(content: object) -> bytes:
    return json.dumps(content).encode()
