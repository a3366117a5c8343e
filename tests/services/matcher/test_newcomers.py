from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from services.matcher.domain.eligibility import PersonOutcome
from services.matcher.store import search_ledger
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactDue, ContactFacts, Window
from shared.contract.events.matches import ShortlistReady
from shared.contract.events.notifications import MessageSent
from shared.contract.events.people import Channel
from shared.contract.events.profile import Profile, Work
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import (
    Answer,
    CandidateAnswered,
    InvitationApproved,
    InvitationDeclined,
)
from shared.contract.topics import CANDIDATES, CONTACTS, NOTIFICATIONS, OPENINGS, RESPONSES
from tests.services.matcher.conftest import Matcher, NewMatcher
from tests.services.matcher.people import (
    AGREED,
    NOW,
    NURSE,
    candidate,
    crowd,
    opened,
    profile,
    qualified,
    rejection,
    told,
)


def answered(candidate_id: str, answer: Answer, **fields: Any) -> Event:
    return told(CandidateAnswered(candidate_id=candidate_id, answer=answer, at=NOW, **fields))


def invitation(
    kind: type[InvitationApproved | InvitationDeclined], shortlist: ShortlistReady, to: str
) -> Event:
    title: dict[str, Any] = {"vacancy_title": NURSE.title} if kind is InvitationApproved else {}
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
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.search()
    await matcher.hear(CANDIDATES, told(candidate("newcomer", version=2)))
    if by == "time":
        await matcher.hear(CONTACTS, qualified("newcomer"))
    else:
        await matcher.hear(RESPONSES, answered("newcomer", Answer.HAS_IT_NOW))
    first, shortlist = await matcher.search()
    assert (first.of_newcomers, shortlist.of_newcomers) == (False, True)
    (shown,) = shortlist.candidates
    assert shown.candidate_id == "newcomer"
    assert shown.rank <= 3


async def test_a_newcomer_who_fits_no_open_vacancy_bothers_nobody(matcher: Matcher) -> None:
    await matcher.know((candidate("cook"), profile("cook")))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.hear(CONTACTS, qualified("cook"))
    assert await matcher.search() == []


async def test_somebody_already_shown_is_no_newcomer(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.search()
    await matcher.hear(CONTACTS, qualified("c-1"))
    await matcher.hear(RESPONSES, answered("c-1", Answer.HAS_IT_NOW))
    assert len(await matcher.search()) == 1


async def test_many_newcomers_share_one_search_a_vacancy(matcher: Matcher) -> None:
    await matcher.know(*crowd(20))
    await matcher.hear(OPENINGS, told(opened()))
    async with matcher.database.transaction() as conn:
        await conn.execute("update search_jobs set state = 'done'")
    await matcher.hear(CONTACTS, qualified("nurse-0"), qualified("nurse-5"))
    await matcher.hear(CONTACTS, qualified("nurse-10"))
    (shortlist,) = await matcher.search()
    assert {at.candidate_id for at in shortlist.candidates} == {"nurse-0", "nurse-5", "nurse-10"}
    assert not shortlist.of_newcomers, "it stands beside no list"


async def test_closed_vacancies_are_not_searched_for_newcomers(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(CONTACTS, qualified("c-1"))
    assert await matcher.search() == []


async def test_who_was_decided_about_is_not_shown_again_until_it_reopens(matcher: Matcher) -> None:
    await matcher.know((candidate("yes"), profile()), (candidate("no"), profile()))
    await matcher.know((candidate("open"), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    (first,) = await matcher.search()
    assert len(first.candidates) == 3
    await matcher.hear(
        RESPONSES,
        invitation(InvitationApproved, first, "yes"),
        invitation(InvitationDeclined, first, "no"),
    )
    found = await matcher.find(NURSE)
    assert [entry.candidate_id for entry in found.candidacies] == ["open"]


def written(purpose: Purpose) -> tuple[Event, Event]:
    """Returns the events by which a message about the vacancy is planned, and left."""
    contact_id = str(uuid4())
    due = ContactDue(
        contact_id=contact_id,
        candidate_id="c-1",
        purpose=purpose,
        channels=[Channel.EMAIL],
        facts=ContactFacts(vacancy_id=NURSE.vacancy_id),
        windows=[Window(opens_at=NOW, closes_at=NOW.replace(hour=17))],
        expires_at=NOW.replace(hour=17),
    )
    sent = MessageSent(
        message_id="m",
        recipient_id="c-1",
        contact_id=contact_id,
        purpose=purpose,
        channel=Channel.EMAIL,
        at=NOW,
        wording_version="1",
    )
    return told(due), told(sent)


async def test_the_ledger_tells_who_was_approved_contacted_and_answered(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    (shortlist,) = await matcher.search()
    due, sent = written(Purpose.INVITATION)
    await matcher.hear(NOTIFICATIONS, sent)
    await matcher.hear(RESPONSES, invitation(InvitationApproved, shortlist, "c-1"))
    await matcher.hear(CONTACTS, due)
    await matcher.hear(RESPONSES, answered("c-1", Answer.INTERESTED, vacancy_id=NURSE.vacancy_id))
    async with matcher.database.connection() as conn:
        rows = await search_ledger.afterwards(conn, NURSE.vacancy_id)
    assert sorted(row["what"] for row in rows) == [
        "approved",
        "contacted",
        "interested",
        "planned",
    ]


async def test_only_who_may_still_be_asked_is_counted_when_a_vacancy_reopens_again(
    matcher: Matcher,
) -> None:
    own = rejection(vacancy_id=NURSE.vacancy_id)
    await matcher.know((candidate(consents=[], rejections=[own]), profile()))
    await matcher.know((candidate("other"), profile()))
    first = await matcher.find(NURSE, reopened=True)
    assert (first.ranked, [entry.candidate_id for entry in first.candidacies]) == (
        2,
        ["c-1", "other"],
    )
    due, sent = written(Purpose.CONTINUATION)
    await matcher.hear(CONTACTS, due)
    await matcher.hear(NOTIFICATIONS, sent)
    again = await matcher.find(NURSE, reopened=True)
    assert (again.ranked, [entry.candidate_id for entry in again.candidacies]) == (1, ["other"])
    kept_off = {at.outcome: at.people for at in again.considered}
    assert kept_off[PersonOutcome.NOT_AGREED] == 1


async def test_the_ledger_refuses_to_be_changed(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.search()
    keys = {"searches": "id", "considered": "search_id", "ranked": "search_id"}
    for table, key in keys.items():
        with pytest.raises(asyncpg.RaiseError, match="ledger is kept"):
            await matcher.rows(f"delete from {table}")
        with pytest.raises(asyncpg.RaiseError, match="never changed"):
            await matcher.rows(f"update {table} set {key} = ''")


def varied(number: int) -> tuple[CandidateChanged, Profile]:
    """Returns people of whom hardly two fit a ward nurse's vacancy equally well."""
    titles = (
        "Ward Nurse",
        "Staff Nurse",
        "Night Nurse",
        "Nursing Assistant",
        "Line Cook",
        "Welder",
    )
    words = ("patients", "wounds", "medication", "ward", "surgical", "care", "sauces", "steel")
    said = " ".join(word for at, word in enumerate(words) if number >> at & 1)
    job = Work(position=titles[number % len(titles)], start_date="2021-03", summary=said * 3)
    tier = Tier.NOT_YET if number % 7 else Tier.RUNNER_UP
    return (
        candidate(f"p-{number}", consents=[], rejections=[rejection(tier=tier)]),
        Profile(work=[job], summary=f"{said} {number}"),
    )


def agreeing(state: CandidateChanged) -> CandidateChanged:
    return state.model_copy(update={"consents": [AGREED], "version": 2})


async def test_newcomers_are_ranked_as_a_search_of_everybody_would_rank_them(
    new_matcher: NewMatcher,
) -> None:
    matcher = await new_matcher(shortlist_size=40)
    crowd_of_all = [varied(number) for number in range(400)]
    newcomers = {state.candidate_id for state, _ in crowd_of_all[3::13]}
    await matcher.know(
        *(
            (state if state.candidate_id in newcomers else agreeing(state), at)
            for state, at in crowd_of_all
        )
    )
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.search()
    await matcher.hear(
        CANDIDATES,
        *(told(agreeing(state)) for state, _ in crowd_of_all if state.candidate_id in newcomers),
    )
    await matcher.hear(CONTACTS, *(qualified(newcomer) for newcomer in sorted(newcomers)))
    _, shortlist = await matcher.search()
    everybody = await matcher.find(NURSE)
    expected = [
        (place.rank, place.candidacy.candidate_id, round(place.candidacy.score, 2))
        for place in everybody.shortlist
        if place.candidacy.candidate_id in newcomers
    ]
    alone = [(at.rank, at.candidate_id, at.score) for at in shortlist.candidates]
    assert len(expected) > 2
    assert [name for _, name, _ in alone] == [name for _, name, _ in expected]
    for (rank, _, score), (other_rank, _, other_score) in zip(alone, expected, strict=True):
        assert abs(rank - other_rank) <= 1
        assert abs(score - other_score) <= 0.01


async def test_a_newcomers_search_leaves_only_newcomers_in_the_ledger(matcher: Matcher) -> None:
    new = [candidate("nurse", consents=[]), candidate("cook", consents=[])]
    await matcher.know(*crowd(20), (new[0], profile()), (new[1], profile("cook")))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.search()
    await matcher.hear(CANDIDATES, *(told(agreeing(state)) for state in new))
    await matcher.hear(CONTACTS, qualified("nurse"), qualified("cook"), qualified("nurse-0"))
    await matcher.search()
    (search,) = await matcher.rows("select * from searches where newcomers is not null")
    assert (search["newcomers"], search["known_people"], search["ranked_people"]) == (3, 3, 2)
    considered = await matcher.rows(
        "select outcome, candidate_id from considered, people"
        " where search_id = $1 and number = any(numbers)",
        search["id"],
    )
    assert {row["candidate_id"]: row["outcome"] for row in considered} == {
        "nurse": PersonOutcome.SHOWN,
        "cook": PersonOutcome.TOO_FAR,
        "nurse-0": PersonOutcome.ALREADY_SHOWN,
    }
    ranked = await matcher.rows("select * from ranked where search_id = $1", search["id"])
    assert [row["candidate_id"] for row in ranked] == ["nurse"]


async def test_newcomers_do_not_touch_the_index_of_everybody(matcher: Matcher) -> None:
    await matcher.know(*crowd(10), (candidate("newcomer", consents=[]), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.search()
    await matcher.hear(CANDIDATES, told(agreeing(candidate("newcomer"))))
    await matcher.hear(CONTACTS, qualified("newcomer"))
    await matcher.read()

    async def refuse(*_: object) -> None:
        raise AssertionError("everybody was searched")

    matcher.index.rank = refuse  # type: ignore[method-assign,assignment]
    assert len(await matcher.search()) == 2


async def test_an_answer_that_is_not_known_is_ignored(matcher: Matcher) -> None:
    await matcher.hear(RESPONSES, answered("c-1", Answer("maybe later"), vacancy_id="v"))
    assert await matcher.rows("select * from afterwards") == []
