"""The recruiter's page: whom the matcher found, why, and a POST to approve or decline them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import asyncpg
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from services.intake.interests.domain import choices
from services.intake.interests.involvements import involvements
from services.intake.pages.context import PageContext
from services.intake.pages.interest import WaitingLink, links_to_waiting
from services.intake.pages.interest_wording import interest_url
from services.intake.pages.shortlist_arrangement import LONG, Arrangement
from services.intake.pages.shortlist_view import shortlist_view
from services.intake.pages.wording import Texts, texts
from services.intake.shortlists import decisions, store
from services.intake.shortlists.backgrounds import backgrounds
from services.intake.shortlists.decisions import OpenShortlist
from services.intake.shortlists.domain import (
    Choice,
    Employer,
    InvalidDecision,
    ShortlistDecision,
    TakeBack,
    read_decision,
)
from services.intake.vacancies.domain import SourcePolicy
from services.intake.web.forms import read_form
from shared.runtime import audit
from shared.runtime.links import LinkPurpose


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads a shortlist: in which language, in which order, and whom of it."""

    context: PageContext
    words: Texts
    arrangement: Arrangement
    now: datetime
    sees: bool
    """Whether the page is sent to them, and not its head alone."""

    @classmethod
    def of(
        cls, context: PageContext, claims: Mapping[str, str], request: Request, now: datetime
    ) -> "Reader":
        arrangement = Arrangement.of(request.query_params)
        words = texts(claims.get("language"))
        return cls(context, words, arrangement, now, sees=request.method != "HEAD")

    async def page(
        self,
        conn: asyncpg.Connection,
        opened: OpenShortlist,
        notes: Sequence[Markup] = (),
        *,
        status: int = 200,
    ) -> Response:
        """Answers with the shortlist as it stands."""
        ids = [one.entry.candidate_id for one in opened.people]
        histories = await store.histories(conn, ids, opened.sees)
        known = await backgrounds(conn, ids, opened.sees)
        elsewhere = await involvements(conn, ids, opened.sees)
        waiting = await self._waiting(conn, opened)
        await self._seen(conn, opened, {*ids, *(each.candidate_id for each in waiting)})
        view = shortlist_view(opened, histories, known, elsewhere, self.words, self.now)
        folded = len(view.people) > LONG
        return self.context.page(
            "shortlist.html",
            self.words,
            status=status,
            view=view,
            notes=notes,
            waiting=waiting,
            interest_urls=self._interest_urls(opened),
            folded=folded,
            arrangement=self.arrangement,
            shown=self.arrangement.of_people(view.people) if folded else view.people,
        )

    async def _seen(
        self, conn: asyncpg.Connection, opened: OpenShortlist, candidate_ids: set[str]
    ) -> None:
        if self.sees:
            who, list_id = audit.recruiter(opened.recruiter_id), opened.shortlist.shortlist_id
            await audit.note(conn, who, "shortlist_seen", candidate_ids, self.now, list_id)

    async def _waiting(
        self, conn: asyncpg.Connection, opened: OpenShortlist
    ) -> Sequence[WaitingLink]:
        vacancy_id = opened.shortlist.vacancy_id
        return await links_to_waiting(
            self.context, self.words, conn, opened.recruiter_id, self.now, vacancy_id
        )

    def _interest_urls(self, opened: OpenShortlist) -> dict[str, str]:
        """Returns, by whose it is, where it can be said what came of each interest in this one."""
        return {
            one.entry.candidate_id: interest_url(
                self.context, self.words, opened.recruiter_id, one.entry.interest_id, self.now
            )
            for one in opened.people
            if one.entry.interest_id and choices(one.entry.interest_ending, self.now)
        }


def routes(context: PageContext, employer: Employer, policy: SourcePolicy) -> APIRouter:
    """Makes `/s/{token}`."""
    router = APIRouter()
    open_list = partial(_open, employer=employer, policy=policy)

    @router.api_route("/s/{token}", methods=["GET", "HEAD"])
    async def show(token: str, request: Request) -> Response:
        now = context.clock.now()
        claims = context.claims(token, LinkPurpose.SHORTLIST, now)
        if claims is None:
            return context.nothing_here(request)
        async with context.database.transaction() as conn:
            opened = await open_list(conn, claims, now)
            if opened is None:
                return context.nothing_here(request)
            return await Reader.of(context, claims, request, now).page(conn, opened)

    @router.post("/s/{token}")
    async def decide(token: str, request: Request) -> Response:
        now = context.clock.now()
        claims = context.claims(token, LinkPurpose.SHORTLIST, now)
        if claims is None:
            return context.nothing_here(request)
        reader = Reader.of(context, claims, request, now)
        form = await read_form(request)
        async with context.database.transaction() as conn:
            opened = await open_list(conn, claims, now, to_decide=True)
            if opened is None:
                return context.nothing_here(request)
            try:
                decision = read_decision(form, [one.entry.candidate_id for one in opened.people])
            except InvalidDecision as misread:
                fault = [reader.words.say("shortlist.done", misread.fault)]
                return await reader.page(conn, opened, fault, status=422)
            notes = await _act(conn, opened, decision, employer, reader.words, now)
            present = await open_list(conn, claims, now)
            return await reader.page(conn, present or opened, notes)

    return router


async def _open(
    conn: asyncpg.Connection,
    claims: dict[str, str],
    now: datetime,
    *,
    employer: Employer,
    policy: SourcePolicy,
    to_decide: bool = False,
) -> OpenShortlist | None:
    return await decisions.open_shortlist(
        conn, claims["shortlist"], claims["recruiter"], employer, policy, now, to_decide=to_decide
    )


async def _act(
    conn: asyncpg.Connection,
    opened: OpenShortlist,
    decision: ShortlistDecision | TakeBack,
    employer: Employer,
    words: Texts,
    now: datetime,
) -> list[Markup]:
    """Makes a decision hold, and says what has become of it."""
    if isinstance(decision, TakeBack):
        ids = decision.candidate_ids
        count = await decisions.take_back(conn, opened, ids, employer, now)
        return [_taken_back(words, count)]
    decided, refused = await decisions.decide(conn, opened, decision, employer, now)
    notes = []
    if decided or decision.choice is Choice.DECLINED:
        notes.append(words.say("shortlist.done", decision.choice, count=decided))
    if refused:
        notes.append(words.say("shortlist.done.refused", count=refused))
    return notes


def _taken_back(words: Texts, count: int) -> Markup:
    if not count:
        return words.say("shortlist.done.too_late")
    return words.say("shortlist.done.taken_back", count=count)
