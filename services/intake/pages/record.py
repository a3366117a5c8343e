"""What we hold about somebody, behind a link that was mailed to them on request.

A GET shows a button and nobody's name, for mail programs open every link. What we hold is shown,
handed over and put right by POST alone.
"""

from datetime import datetime
from typing import Any

import asyncpg
from fastapi import APIRouter, Request, Response

from services.intake.access import file, reading, store
from services.intake.access.changing import refuse_too_many
from services.intake.access.corrections import Dialling, read_address, read_correction
from services.intake.access.reading import Reader
from services.intake.applicants.domain.register import PersonalData
from services.intake.consent.domain import LinkedMessage
from services.intake.consent.forms import Fault, InvalidAnswer
from services.intake.consent.numbers import StoppedNumbers
from services.intake.consent.qualifying import last_day
from services.intake.pages.context import PageContext
from services.intake.pages.held_wording import HeldWording
from services.intake.pages.rendering import HEADERS
from services.intake.pages.wording import texts
from services.intake.web.fields import Form, one
from services.intake.web.forms import read_form
from shared.contract.events.purposes import Purpose
from shared.contract.zones import zones
from shared.runtime.links import LinkPurpose


def routes(context: PageContext, dialling: Dialling) -> APIRouter:
    """Makes `/d/{token}`."""
    router = APIRouter()

    @router.api_route("/d/{token}", methods=["GET", "HEAD"])
    async def ask(token: str, request: Request) -> Response:
        message = context.linked_message(token, LinkPurpose.RECORD)
        if message is None:
            return context.nothing_here(request, "record_over")
        return context.page("record_door.html", texts(message.language))

    @router.post("/d/{token}")
    async def answer(token: str, request: Request) -> Response:
        now = context.clock.now()
        message = context.linked_message(token, LinkPurpose.RECORD)
        form = await read_form(request)
        if message is None:
            return context.nothing_here(request, "record_over")
        async with context.database.transaction() as conn:
            await context.numbers.begin_recording(conn)
            who = await reading.reader(conn, message)
            if who is None:
                return context.nothing_here(request, "record_over")
            if one(form, "do") == "download":
                return _file(await store.held(conn, who.keys))
            try:
                done = await _act(conn, context.numbers, who, message, form, dialling, now)
            except InvalidAnswer as misread:
                fault = misread.fault
                return await _page(context, conn, who, message, form, dialling, now, fault=fault)
            return await _page(context, conn, who, message, {}, dialling, now, done=done)

    return router


async def _act(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    who: Reader,
    message: LinkedMessage,
    form: Form,
    dialling: Dialling,
    now: datetime,
) -> str | None:
    """Does what was asked; returns the name of what was done. To look is nothing."""
    match one(form, "do"):
        case "correct":
            said = read_correction(form, dialling.country, now)
            await refuse_too_many(conn, who.candidate_id, now)
            if said.phone:
                texted = dialling.text_countries
                await reading.give_number(conn, numbers, who, said.phone, message, texted, now)
            if said.personal_data != PersonalData():
                await reading.correct(conn, who, said.personal_data, now)
            return "number" if said.phone else "corrected"
        case "address":
            address = read_address(form)
            await refuse_too_many(conn, who.candidate_id, now)
            await reading.give_address(conn, who, address, message, now)
            return "address"
    return None


async def _page(
    context: PageContext,
    conn: asyncpg.Connection,
    who: Reader,
    message: LinkedMessage,
    form: Form,
    dialling: Dialling,
    now: datetime,
    *,
    done: str | None = None,
    fault: Fault | None = None,
) -> Response:
    held = await store.held(conn, who.keys)
    words = texts(message.language)
    status = 422 if fault else 200
    entered = {field: one(form, field) for field in ("name", "phone", "zone", "email")}
    return context.page(
        "record.html",
        words,
        status=status,
        held=_known(held),
        choices=context.choices(message, Purpose.RECORD, now),
        zones=zones(),
        countries=words.countries(dialling.text_countries),
        entered=entered,
        wording=HeldWording(words),
        at=datetime.fromisoformat,
        last_day=last_day,
        done=done,
        fault=fault,
    )


class _Known(dict[str, Any]):
    """A part of what is held, of which whatever is not known is nothing."""

    def __missing__(self, name: str) -> None:
        return None


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return _Known((name, _known(one)) for name, one in value.items())
    return [_known(one) for one in value] if isinstance(value, list) else value


def _file(held: store.Held) -> Response:
    headers = HEADERS | {"content-disposition": f'attachment; filename="{file.NAME}"'}
    return Response(file.as_file(held), headers=headers, media_type=file.MEDIA_TYPE)
