from typing import Any
from uuid import uuid4

import pytest

from services.matcher import ledger
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import CandidateQualified, ContactDue, ContactFacts, Window
from shared.contract.events.matches import ShortlistReady
from shared.contract.events.notifications import MessageSent
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import (
    Answer,
    CandidateAnswered,
    InvitationApproved,
    InvitationDeclined,
)
from shared.contract.topics import CANDIDATES, CONTACTS, NOTIFICATIONS, RESPONSES, VACANCIES
from tests.services.matcher.conftest import Matcher
from tests.services.matcher.people import NOW, NURSE, candidate, crowd, opened, profile, told


def qualified(candidate_id: str) -> Event:
    return told(
        CandidateQualified(
            candidate_id=candidate_id,
            application_id="a",
            vacancy_id="v-earlier",
            qualified_on=NOW,
        )
    )


def answered(candidate_id: str, answer: Answer, **fields: Any) -> Event:
    return told(CandidateAnswered(candidate_id=candidate_id, answer=answer, at=NOW, **fields))


def invitation(
    kind: type[InvitationApproved | InvitationDeclined], shortlist: ShortlistReady, to: str
) -> Event:
    title = {"vacancy_title": NURSE.title} if kind is InvitationApproved else {}
    return told(
        kind(
            shortlist_id=shortlist.shortlist_id,
            candidate_id=to,
            recruiter_id="r",
            vacancy_id=NURSE.vacancy_id,
            at=NOW,
            **title,
        )
    )


@pytest.mark.parametrize("by", ["time", "their own word"])
async def test_whoever_qualifies_is_shown_for_the_vacancies_that_are_open(
    matcher: Matcher, by: str
) -> None:
    await matcher.know(*crowd(10), (candidate("newcomer", consents=[]), profile()))
    await matcher.hear(VACANCIES, told(opened()))
    await matcher.search()
    await matcher.hear(CANDIDATES, told(candidate("newcomer", version=2)))
    if by == "time":
        await matcher.hear(CONTACTS, qualified("newcomer"))
    else:
        await matcher.hear(RESPONSES, answered("newcomer", Answer.HAS_IT_NOW))
    _, shortlist = await matcher.search()
    (shown,) = shortlist.candidates
    assert shown.candidate_id == "newcomer"
    assert shown.rank <= 3


async def test_a_newcomer_who_fits_no_open_vacancy_bothers_nobody(matcher: Matcher) -> None:
    await matcher.know((candidate("cook"), profile("cook")))
    await matcher.hear(VACANCIES, told(opened()))
    await matcher.hear(CONTACTS, qualified("cook"))
    assert await matcher.search() == []


async def test_somebody_already_shown_is_no_newcomer(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(VACANCIES, told(opened()))
    await matcher.search()
    await matcher.hear(CONTACTS, qualified("c-1"))
    await matcher.hear(RESPONSES, answered("c-1", Answer.HAS_IT_NOW))
    assert len(await matcher.search()) == 1


async def test_many_newcomers_share_one_search_a_vacancy(matcher: Matcher) -> None:
    await matcher.know(*crowd(20))
    await matcher.hear(VACANCIES, told(opened()))
    async with matcher.database.transaction() as conn:
        await conn.execute("update runs set state = 'done'")
    await matcher.hear(CONTACTS, qualified("nurse-0"), qualified("nurse-5"))
    await matcher.hear(CONTACTS, qualified("nurse-10"))
    (shortlist,) = await matcher.search()
    assert {at.candidate_id for at in shortlist.candidates} == {"nurse-0", "nurse-5", "nurse-10"}


async def test_closed_vacancies_are_not_searched_for_newcomers(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(CONTACTS, qualified("c-1"))
    assert await matcher.search() == []


async def test_who_was_decided_about_is_not_shown_again_until_it_reopens(matcher: Matcher) -> None:
    await matcher.know((candidate("yes"), profile()), (candidate("no"), profile()))
    await matcher.know((candidate("open"), profile()))
    await matcher.hear(VACANCIES, told(opened()))
    (first,) = await matcher.search()
    assert len(first.candidates) == 3
    await matcher.hear(
        RESPONSES,
        invitation(InvitationApproved, first, "yes"),
        invitation(InvitationDeclined, first, "no"),
    )
    found = await matcher.find(NURSE)
    assert [entry.candidate_id for entry in found.entries] == ["open"]


async def test_the_ledger_tells_who_was_approved_contacted_and_answered(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(VACANCIES, told(opened()))
    (shortlist,) = await matcher.search()
    contact_id = str(uuid4())
    await matcher.hear(
        NOTIFICATIONS,
        told(
            MessageSent(
                message_id="m",
                recipient_id="c-1",
                contact_id=contact_id,
                purpose=Purpose.INVITATION,
                channel=Channel.EMAIL,
                at=NOW,
                wording_version="1",
            )
        ),
    )
    await matcher.hear(RESPONSES, invitation(InvitationApproved, shortlist, "c-1"))
    due = ContactDue(
        contact_id=contact_id,
        candidate_id="c-1",
        purpose=Purpose.INVITATION,
        channels=[Channel.EMAIL],
        facts=ContactFacts(vacancy_id=NURSE.vacancy_id),
        windows=[Window(opens_at=NOW, closes_at=NOW.replace(hour=17))],
        expires_at=NOW.replace(hour=17),
    )
    await matcher.hear(CONTACTS, told(due))
    await matcher.hear(RESPONSES, answered("c-1", Answer.INTERESTED, vacancy_id=NURSE.vacancy_id))
    async with matcher.database.connection() as conn:
        rows = await ledger.afterwards(conn, NURSE.vacancy_id)
    assert sorted(row["what"] for row in rows) == [
        "approved",
        "contacted",
        "interested",
        "planned",
    ]


async def test_the_ledger_refuses_to_be_changed(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(VACANCIES, told(opened()))
    await matcher.search()
    for table in ("searches", "considered", "shown"):
        with pytest.raises(Exception, match="never changed"):
            await matcher.rows(f"delete from {table}")
