import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from services.matcher.domain.eligibility import PersonOutcome
from services.matcher.domain.shortlist import (
    ASKED,
    PAST,
    RELEVANCE,
    STANDING,
    WEIGHTS_VERSION,
    Shares,
)
from services.matcher.indexing import INDEXING
from services.matcher.ranking.documents import ANALYSIS
from services.matcher.search_jobs import SEARCHES
from services.matcher.store import search_jobs
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.evidence import Evidence, EvidenceCode, Readiness
from shared.contract.events.matches import ShortlistReady
from shared.contract.events.openings import OpeningState
from shared.contract.events.profile import Certificate
from shared.contract.events.profiles import ProfileChanged
from shared.contract.events.responses import InvitationDeclined
from shared.contract.events.shortfalls import Requirement, RequirementKind, Shortfall
from shared.contract.topics import CANDIDATES, OPENINGS, PROFILES, RESPONSES
from shared.runtime import parking
from shared.runtime.outbox import MOST_BYTES
from tests.services.matcher.conftest import Matcher, NewMatcher
from tests.services.matcher.people import (
    LAST_YEAR,
    NOW,
    NURSE,
    candidate,
    crowd,
    opened,
    profile,
    rejection,
    told,
)


def ids(shortlist: ShortlistReady) -> list[str]:
    return [at.candidate_id for at in shortlist.candidates]


async def test_a_nurse_vacancy_gets_nurses_and_no_noise(matcher: Matcher) -> None:
    await matcher.know(*crowd(50))
    await matcher.hear(OPENINGS, told(opened()))
    (shortlist,) = await matcher.search()
    assert set(ids(shortlist)) == {f"nurse-{number}" for number in range(0, 50, 5)}
    assert shortlist.vacancy_title == "Ward Nurse"
    assert shortlist.considered == 50
    assert [at.rank for at in shortlist.candidates] == list(range(1, 11))
    assert all(0 <= at.score <= 1 for at in shortlist.candidates)


async def test_a_list_that_is_full_says_how_many_more_may_fit(new_matcher: NewMatcher) -> None:
    matcher = await new_matcher(shortlist_size=3)
    await matcher.know(*crowd(50))
    await matcher.hear(OPENINGS, told(opened()))
    (shortlist,) = await matcher.search()
    assert (len(shortlist.candidates), shortlist.ranked_lower) == (3, 7)


async def test_a_list_ends_before_it_is_more_than_one_event_can_tell_of(
    new_matcher: NewMatcher,
) -> None:
    matcher = await new_matcher(shortlist_size=100)
    names = [f"{'病棟看護師資格 ' * 60}{number}" for number in range(12)]
    certified = profile(certificates=[Certificate(name=name) for name in names[:5]])
    await matcher.know(*((candidate(f"c-{number}"), certified) for number in range(100)))
    licences = [
        Requirement(requirement_id=f"r-{at}", kind=RequirementKind.LICENCE, name=name)
        for at, name in enumerate(names)
    ]
    asking = NURSE.model_copy(update={"requirements": licences})
    await matcher.hear(OPENINGS, told(opened(asking)))
    (shortlist,) = await matcher.search()
    assert 600_000 < len(shortlist.model_dump_json(by_alias=True).encode()) < MOST_BYTES
    assert len(shortlist.candidates) < 100
    assert len(shortlist.candidates) + shortlist.ranked_lower == 100
    (search,) = await matcher.rows("select people from considered where outcome = 'shown'")
    assert search["people"] == len(shortlist.candidates)


async def test_when_nobody_fits_the_ledger_knows_and_nobody_is_mailed(matcher: Matcher) -> None:
    await matcher.know(*crowd(10))
    marine = opened(NURSE.model_copy(update={"title": "Marine Biologist", "description": ""}))
    await matcher.hear(OPENINGS, told(marine))
    assert await matcher.search() == []
    (search,) = await matcher.rows("select * from searches")
    assert (search["known_people"], search["ranked_people"]) == (10, 10)
    assert await matcher.rows("select outcome, people, numbers from considered") == [
        {"outcome": "too_far", "people": 10, "numbers": None}
    ]


async def test_a_search_waits_until_people_recorded_before_it_are_read(matcher: Matcher) -> None:
    await matcher.hear(CANDIDATES, told(candidate("c-1")))
    profile_changed = ProfileChanged(candidate_id="c-1", version=1, profile=profile())
    await matcher.hear(PROFILES, told(profile_changed))
    await matcher.hear(OPENINGS, told(opened()))
    assert not await matcher.jobs.run_once(NOW)
    (shortlist,) = await matcher.search()
    assert ids(shortlist) == ["c-1"]


async def test_a_search_settles_before_it_begins(new_matcher: NewMatcher) -> None:
    patient = await new_matcher(settle_seconds=60.0)
    await patient.know((candidate(), profile()))
    await patient.hear(OPENINGS, told(opened()))
    assert await patient.search() == []


async def test_searches_that_wait_are_counted_until_they_are_made(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.jobs.measure(NOW)
    assert matcher.value("notyet_matcher_waiting_searches") == 1
    await matcher.search()
    await matcher.jobs.measure(NOW)
    assert matcher.value("notyet_matcher_waiting_searches") == 0


async def test_a_search_that_is_not_due_does_not_wait_yet(new_matcher: NewMatcher) -> None:
    patient = await new_matcher(settle_seconds=60.0)
    await patient.hear(OPENINGS, told(opened()))
    await patient.jobs.measure(NOW)
    assert patient.value("notyet_matcher_waiting_searches") == 0


async def test_the_same_state_again_searches_nothing_again(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    event = told(opened())
    await matcher.hear(OPENINGS, event)
    await matcher.hear(OPENINGS, event)
    assert len(await matcher.search()) == 1
    await matcher.hear(OPENINGS, told(opened(state=OpeningState.UPDATED, version=2)))
    assert len(await matcher.search()) == 1


async def test_an_update_that_asks_for_something_else_searches_again(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.search()
    head = opened(state=OpeningState.UPDATED, version=2, title="Head Nurse")
    await matcher.hear(OPENINGS, told(head))
    first, second = await matcher.search()
    assert (first.vacancy_title, second.vacancy_title) == ("Ward Nurse", "Head Nurse")
    assert first.shortlist_id != second.shortlist_id


async def test_a_vacancy_first_heard_of_by_an_update_is_open(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened(state=OpeningState.UPDATED)))
    assert len(await matcher.search()) == 1


async def test_closing_cancels_what_was_not_searched_yet(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.hear(OPENINGS, told(opened(state=OpeningState.CLOSED, version=2)))
    await matcher.hear(OPENINGS, told(opened(state=OpeningState.UPDATED, version=3, title="Nurse")))
    assert await matcher.search() == []


async def test_recruiters_addresses_are_not_kept(matcher: Matcher) -> None:
    recruiter = {"name": "Rita Recruiter", "email": "rita@employer.example"}
    await matcher.hear(OPENINGS, told(opened(recruiters=[recruiter])))
    (row,) = await matcher.rows("select vacancy::text from vacancies")
    assert "rita" not in str(row).lower()


async def test_the_vacancy_that_turned_somebody_down_does_not_list_them(matcher: Matcher) -> None:
    theirs = candidate(rejections=[rejection(vacancy_id=NURSE.vacancy_id)])
    await matcher.know((theirs, profile()))
    await matcher.hear(OPENINGS, told(opened()))
    assert await matcher.search() == []


async def test_reopened_puts_the_finishing_order_first_without_any_consent(
    matcher: Matcher,
) -> None:
    own = {"vacancy_id": NURSE.vacancy_id, "vacancy_title": NURSE.title}
    line = [
        candidate("third", consents=[], rejections=[rejection(**own, finishing_place=3)]),
        candidate("second", consents=[], rejections=[rejection(**own, finishing_place=2)]),
        candidate("unplaced", consents=[], rejections=[rejection(**own)]),
    ]
    left_out = [
        candidate("not yet", consents=[], rejections=[rejection(**own, tier=Tier.NOT_YET)]),
        candidate("no", rejections=[rejection(**own, tier=Tier.NO)]),
        candidate("stopped", stopped=["email"], rejections=[rejection(**own, finishing_place=2)]),
        candidate("hired", hired_at=NOW, rejections=[rejection(**own, finishing_place=2)]),
        candidate(
            "paused",
            paused_until=NOW + timedelta(days=1),
            rejections=[rejection(**own, finishing_place=2)],
        ),
    ]
    await matcher.know(*((at, profile("cook")) for at in (*line, *left_out)))
    await matcher.know((candidate("other nurse"), profile()))
    await matcher.hear(OPENINGS, told(opened(state=OpeningState.REOPENED)))
    (shortlist,) = await matcher.search()
    assert ids(shortlist) == ["second", "third", "unplaced", "other nurse"]
    assert shortlist.continues
    applications = [at.application_id for at in shortlist.candidates]
    second, third, unplaced = (line[at].rejections[0].application_id for at in (1, 0, 2))
    assert applications == [second, third, unplaced, None]
    assert Evidence(
        code=EvidenceCode.FINISHED, name="Ward Nurse", place=2, on=date(2025, 3, 10)
    ) in (shortlist.candidates[0].reasons_for)


async def test_a_merely_updated_vacancy_keeps_the_finishing_order(matcher: Matcher) -> None:
    own = rejection(vacancy_id=NURSE.vacancy_id, finishing_place=2)
    await matcher.know((candidate("next", consents=[], rejections=[own]), profile("cook")))
    await matcher.hear(OPENINGS, told(opened(state=OpeningState.REOPENED)))
    await matcher.hear(
        OPENINGS, told(opened(state=OpeningState.UPDATED, version=2, title="Head Nurse"))
    )
    (shortlist,) = await matcher.search()
    assert shortlist.continues
    assert shortlist.vacancy_title == "Head Nurse"


async def test_a_reopening_that_finds_the_same_within_a_day_says_so(matcher: Matcher) -> None:
    await matcher.know((candidate("one"), profile()), (candidate("two"), profile()))

    async def reopened(version: int, hours: int) -> str | None:
        at = NOW + timedelta(hours=hours)
        for state in (OpeningState.CLOSED, OpeningState.REOPENED):
            version += 1
            await matcher.hear(OPENINGS, told(opened(state=state, version=version)), now=at)
        *_, shortlist = await matcher.search(at)
        return shortlist.repeats

    await matcher.hear(OPENINGS, told(opened()))
    (first,) = await matcher.search()
    assert first.repeats is None
    assert await reopened(1, 1) == first.shortlist_id
    assert await reopened(3, 23) == first.shortlist_id
    assert await reopened(5, 25) is None
    *_, news = await matcher.shortlists()
    await matcher.know((candidate("three"), profile()))
    assert await reopened(7, 26) is None
    *_, again = await matcher.shortlists()
    assert len(again.candidates) == len(news.candidates) + 1
    declined = InvitationDeclined(
        shortlist_id=again.shortlist_id,
        candidate_id="one",
        recruiter_id="r",
        vacancy_id=NURSE.vacancy_id,
        at=NOW + timedelta(hours=27),
    )
    assert await reopened(9, 27) == again.shortlist_id
    await matcher.hear(RESPONSES, told(declined))
    assert await reopened(11, 28) is None


async def test_two_replicas_share_the_searches_and_make_each_once(new_matcher: NewMatcher) -> None:
    one, other = await new_matcher(), await new_matcher()
    await one.know(*crowd(10))
    vacancies = [
        told(opened(NURSE.model_copy(update={"vacancy_id": f"v-{number}"}))) for number in range(6)
    ]
    await one.hear(OPENINGS, *vacancies)
    await other.index.run_once(NOW)
    for _ in range(3):
        assert await one.jobs.run_once(NOW)
        assert await other.jobs.run_once(NOW)
    assert not await one.jobs.run_once(NOW)
    shortlists = await one.shortlists()
    assert sorted(at.vacancy_id for at in shortlists) == [f"v-{number}" for number in range(6)]
    assert {tuple(ids(at)) for at in shortlists} == {("nurse-0", "nurse-5")}


async def test_a_process_whose_index_is_not_filled_is_not_ready_and_claims_nothing(
    new_matcher: NewMatcher,
) -> None:
    one, starting = await new_matcher(), await new_matcher()
    await one.know(*crowd(3))
    await one.hear(OPENINGS, told(opened()))
    assert await starting.index.trouble() == "0 of 0"
    assert not await starting.jobs.run_once(NOW)
    await starting.index.run_once(NOW)
    assert await starting.index.trouble() is None
    assert await starting.jobs.run_once(NOW)


async def test_a_search_whose_process_died_is_made_by_another(new_matcher: NewMatcher) -> None:
    one, other = await new_matcher(), await new_matcher()
    await one.know((candidate(), profile()))
    await one.hear(OPENINGS, told(opened()))
    async with one.database.transaction() as conn:
        await conn.execute(
            "update search_jobs set state = 'running', lease = gen_random_uuid(),"
            " leased_until = clock_timestamp() - interval '1 second'"
        )
    assert len(await other.search()) == 1


async def test_a_late_process_cannot_complete_a_search_that_was_taken_over(
    new_matcher: NewMatcher,
) -> None:
    late, other = await new_matcher(), await new_matcher()
    await late.know((candidate(), profile()))
    await late.hear(OPENINGS, told(opened()))
    search = late.searcher.search

    async def slow_search(*given: object) -> object:
        found = await search(*given)  # type: ignore[arg-type]
        async with other.database.transaction() as conn:
            await conn.execute("update search_jobs set leased_until = clock_timestamp()")
        await other.jobs.run_once(NOW)
        return found

    late.searcher.search = slow_search  # type: ignore[method-assign,assignment]
    assert await late.jobs.run_once(NOW)
    assert len(await late.shortlists()) == 1
    assert len(await late.rows("select * from searches")) == 1


async def test_looking_for_a_search_where_none_is_due_plans_nothing_anew(matcher: Matcher) -> None:
    plans = "select coalesce(sum(custom_plans), 0) from pg_prepared_statements"
    async with matcher.database.connection() as conn:
        before = await conn.fetchval(plans)
        for _ in range(7):
            assert not await search_jobs.claim(
                conn, uuid4(), 1.0, job=SEARCHES, indexing=INDEXING, analysis=ANALYSIS
            )
        assert await conn.fetchval(plans) == before


async def test_a_search_that_takes_longer_than_its_lease_renews_it(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    search = matcher.searcher.search

    async def slow_search(*given: object) -> object:
        await asyncio.sleep(1.5)
        async with matcher.database.transaction() as conn:
            unclaimed = await search_jobs.claim(
                conn, uuid4(), 1.0, job=SEARCHES, indexing=INDEXING, analysis=ANALYSIS
            )
        assert unclaimed is None
        return await search(*given)  # type: ignore[arg-type]

    matcher.searcher.search = slow_search  # type: ignore[method-assign,assignment]
    assert await matcher.with_lease(1.0).run_once(NOW)
    assert len(await matcher.shortlists()) == 1


async def test_a_lease_that_is_lost_ends_the_search_at_once(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened()))

    async def endless_search(*_: object) -> object:
        await matcher.hear(OPENINGS, told(opened(state=OpeningState.CLOSED, version=2)))
        await asyncio.sleep(600)
        raise AssertionError

    matcher.searcher.search = endless_search  # type: ignore[method-assign,assignment]
    async with asyncio.timeout(30):
        assert await matcher.with_lease(0.4).run_once(NOW)
    assert await matcher.rows("select state from search_jobs") == [{"state": "cancelled"}]


async def test_one_person_who_cannot_be_read_costs_no_search(matcher: Matcher) -> None:
    await matcher.know((candidate("bad"), profile()), (candidate("good"), profile()))
    async with matcher.database.transaction() as conn:
        await conn.execute(
            "update candidates set state = state - 'candidateId' where number ="
            " (select number from people where candidate_id = 'bad')"
        )
    await matcher.hear(OPENINGS, told(opened()))
    (shortlist,) = await matcher.search()
    assert ids(shortlist) == ["good"]
    counts = await matcher.rows("select people from considered where outcome = 'unreadable'")
    assert counts == [{"people": 1}]


async def test_an_erased_person_is_gone_at_once_and_leaves_only_the_random_id(
    new_matcher: NewMatcher,
) -> None:
    one, other = await new_matcher(), await new_matcher()
    await one.know((candidate("gone"), profile()), (candidate("here"), profile()))
    await one.hear(OPENINGS, told(opened()))
    (before,) = await one.search()
    assert set(ids(before)) == {"gone", "here"}
    await other.index.run_once(NOW)
    tombstone = Event.tombstone("gone", CandidateChanged.type, source="intake", at=NOW)
    await one.hear(CANDIDATES, tombstone)
    again = NURSE.model_copy(update={"vacancy_id": "v-2"})
    await one.hear(OPENINGS, told(opened(again)))
    *_, after = await other.search()
    assert ids(after) == ["here"]
    for table in ("candidates", "profiles", "bags", "spans"):
        assert len(await one.rows(f"select * from {table}")) == 1
    assert await one.rows("select candidate_id from reasons where candidate_id = 'gone'") == []
    assert len(await one.rows("select * from ranked where candidate_id = 'gone' and shown")) == 1


async def test_a_late_state_of_an_erased_person_recreates_nothing(matcher: Matcher) -> None:
    tombstone = Event.tombstone("gone", CandidateChanged.type, source="intake", at=NOW)
    await matcher.hear(CANDIDATES, tombstone)
    await matcher.know((candidate("gone"), profile()))
    assert await matcher.rows("select * from candidates") == []
    assert await matcher.rows("select * from profiles") == []


async def test_somebody_erased_while_searched_for_is_not_shown(matcher: Matcher) -> None:
    await matcher.know((candidate("gone"), profile()), (candidate("here"), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    search = matcher.searcher.search

    async def search_then_erase(*given: object) -> object:
        found = await search(*given)  # type: ignore[arg-type]
        tombstone = Event.tombstone("gone", CandidateChanged.type, source="intake", at=NOW)
        await matcher.hear(CANDIDATES, tombstone)
        return found

    matcher.searcher.search = search_then_erase  # type: ignore[method-assign,assignment]
    (shortlist,) = await matcher.search()
    assert ids(shortlist) == ["here"]


async def test_everybody_known_is_counted_in_the_ledger_by_outcome(matcher: Matcher) -> None:
    await matcher.know(
        (candidate("shown"), profile()),
        (candidate("cook"), profile("cook")),
        (candidate("silent", consents=[]), profile()),
        (candidate("stopped", stopped=["email"]), profile()),
        (candidate("hired", hired_at=NOW), profile()),
        (candidate("no", rejections=[rejection(tier=Tier.NO)]), profile()),
        (candidate("taken back", rejections=[]), profile()),
        (candidate("own", rejections=[rejection(vacancy_id=NURSE.vacancy_id)]), profile()),
        (candidate("from afar", stopped=["pigeon"]), profile()),
    )
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.search()
    rows = await matcher.rows("select outcome, people, numbers from considered")
    assert {row["outcome"] for row in rows} == {
        PersonOutcome.SHOWN,
        PersonOutcome.TOO_FAR,
        PersonOutcome.NOT_AGREED,
        PersonOutcome.STOPPED,
        PersonOutcome.HIRED,
        PersonOutcome.UNQUALIFIED,
        PersonOutcome.NOTHING_STANDS,
        PersonOutcome.SAME_VACANCY,
        PersonOutcome.NOT_UNDERSTOOD,
    }
    assert all((row["people"], row["numbers"]) == (1, None) for row in rows)


async def test_the_ledger_keeps_the_shares_of_each_score_and_by_which_weights_it_was_made(
    matcher: Matcher,
) -> None:
    await matcher.know(*crowd(20))
    await matcher.hear(OPENINGS, told(opened()))
    (shortlist,) = await matcher.search()
    rows = await matcher.rows(
        "select candidate_id, relevance, asked, past, weights from ranked"
        " join searches on searches.id = search_id where shown"
    )
    assert {row["weights"] for row in rows} == {str(WEIGHTS_VERSION)}
    by_shares = {
        row["candidate_id"]: Shares(row["relevance"], row["asked"], row["past"]).score
        for row in rows
    }
    assert by_shares == pytest.approx(
        {at.candidate_id: at.score for at in shortlist.candidates}, abs=0.005
    )


def test_other_weights_have_another_version() -> None:
    weights = (RELEVANCE, ASKED, PAST, *STANDING.values())
    assert (WEIGHTS_VERSION, weights) == (3, (0.55, 0.30, 0.15, 1.0, 1.0, 0.75, 0.5, 0.0))


async def test_a_day_has_come_from_its_midnight_on_where_they_are(matcher: Matcher) -> None:
    night = datetime(2026, 3, 1, 23, tzinfo=UTC)
    licence = Requirement(requirement_id="r", kind=RequirementKind.LICENCE, name="nursing licence")
    gap = Shortfall(**licence.model_dump(include={"requirement_id", "kind", "name"}))
    coming = gap.model_copy(update={"expected_at": date(2026, 3, 2)})
    before = [rejection(tier=Tier.NOT_YET, shortfalls=[coming])]
    zones = {"ours": None, "theirs": "Europe/Vienna", "later": "America/New_York"}
    people = [candidate(name, time_zone=at, rejections=before) for name, at in zones.items()]
    await matcher.know(*((person, profile()) for person in people))
    asking = NURSE.model_copy(update={"requirements": [licence]})
    found = await matcher.find(asking, night)
    assert {entry.candidate_id: entry.readiness for entry in found.candidacies} == {
        "ours": Readiness.MAY_NOW_BE_MET,
        "theirs": Readiness.MAY_NOW_BE_MET,
        "later": Readiness.NOT_MET,
    }


async def test_consent_counts_at_the_instant_of_the_search(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    assert len((await matcher.find(NURSE)).candidacies) == 1
    assert (await matcher.find(NURSE, NOW + timedelta(days=366))).candidacies == []
    assert (await matcher.find(NURSE, LAST_YEAR - timedelta(days=1))).candidacies == []


async def test_a_candidate_without_a_profile_is_found_by_what_they_applied_for(
    matcher: Matcher,
) -> None:
    await matcher.hear(
        CANDIDATES, told(candidate(rejections=[rejection(vacancy_title="Ward Nurse (nights)")]))
    )
    await matcher.read()
    (entry,) = (await matcher.find(NURSE)).candidacies
    assert entry.candidate_id == "c-1"


async def test_a_search_that_no_process_survived_is_parked_until_it_is_released(
    matcher: Matcher,
) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.change("update search_jobs set attempts = 5")
    assert await matcher.search() == []
    assert await matcher.parked("searches") == ["never_ended"]
    await release(matcher)
    assert len(await matcher.search()) == 1
    assert await matcher.parked("searches") == []


async def test_a_vacancy_that_cannot_be_read_parks_its_search_and_the_others_go_on(
    matcher: Matcher,
) -> None:
    await matcher.know((candidate(), profile()))
    bad = NURSE.model_copy(update={"vacancy_id": "bad"})
    await matcher.hear(OPENINGS, told(opened(bad)), told(opened()))
    await matcher.change("update vacancies set vacancy = '{}' where vacancy_id = 'bad'")
    (shortlist,) = await matcher.search()
    assert shortlist.vacancy_id == NURSE.vacancy_id
    assert await matcher.parked("searches") == ["unreadable_vacancy"]
    await release(matcher)
    assert len(await matcher.search()) == 1
    (parked,) = await matcher.rows("select attempts from parked_rows where job = 'searches'")
    assert parked["attempts"] == 1


async def test_a_newer_state_of_a_vacancy_that_could_not_be_read_is_searched(
    matcher: Matcher,
) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.change("update vacancies set vacancy = '{}'")
    assert await matcher.search() == []
    await matcher.hear(OPENINGS, told(opened(version=2)))
    assert len(await matcher.search()) == 1
    assert await matcher.parked("searches") == []


async def release(matcher: Matcher) -> None:
    async with matcher.database.transaction() as conn:
        await parking.release_all(conn, "searches")
