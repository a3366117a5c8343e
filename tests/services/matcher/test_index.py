"""The index is the same however it came about."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.matcher import indexing
from services.matcher.ranking import Document, Ranking
from services.matcher.ranking.bags import Bag, bag_of, pack, unpack
from services.matcher.ranking.documents import ANALYSIS, title_bags, word_bags
from services.matcher.ranking.lexical import Lexical
from services.matcher.ranking.segments import SegmentedIndex
from services.matcher.ranking.statistics import PoolStatistics, Rarity, Spread
from services.matcher.store import bags, people
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import CandidateQualified
from shared.contract.events.profile import Profile, Work
from shared.contract.events.profiles import ProfileChanged
from shared.contract.topics import CANDIDATES, CONTACTS, OPENINGS, PROFILES
from tests.searching import examples
from tests.services.matcher.conftest import Matcher, NewMatcher
from tests.services.matcher.people import (
    NOW,
    NURSE,
    OCCUPATIONS,
    candidate,
    crowd,
    opened,
    profile,
    told,
)

WORDS = ("nurse", "ward", "wounds", "patients", "cook", "kitchen", "steel", "medication")

profiles = some.builds(
    lambda titles, words: Profile(
        work=[Work(position=" ".join(title)) for title in titles if title],
        summary=" ".join(words),
    ),
    some.lists(some.lists(some.sampled_from(WORDS), max_size=3), max_size=2),
    some.lists(some.sampled_from(WORDS), max_size=12),
)
changes = some.lists(
    some.lists(
        some.tuples(some.integers(1, 12), some.one_of(some.none(), profiles)),
        min_size=1,
        max_size=6,
        unique_by=lambda change: change[0],
    ),
    min_size=1,
    max_size=12,
)


def document(number: int, at: Profile | None) -> Document:
    if at is None:
        return Document(number)
    return Document(number, word_bags(at), title_bags(at, []))


def everything(ranking: Ranking) -> list[object]:
    return [
        ranking.numbers.tolist(),
        ranking.relevance.tolist(),
        ranking.fit.tolist(),
        ranking.best,
        ranking.statistics,
    ]


@given(changes)
@examples(20)
def test_an_index_that_was_changed_equals_one_built_anew(
    batches: list[list[tuple[int, Profile | None]]],
) -> None:
    changed, anew = Lexical(), Lexical()
    state: dict[int, Profile | None] = {}
    for batch in batches:
        changed.replace([document(number, at) for number, at in batch])
        state |= dict(batch)
    anew.replace([document(number, state[number]) for number in sorted(state)])
    pool = np.array(sorted(state), np.int64)
    assert everything(changed.rank(NURSE, pool, 5)) == everything(anew.rank(NURSE, pool, 5))


@given(some.lists(some.lists(some.text(), max_size=30), max_size=5))
def test_bags_come_back_as_they_were_packed(texts: list[list[str]]) -> None:
    bags = [bag_of(terms, weight=0.5) for terms in texts]
    came_back = unpack(pack(bags))
    assert [contents(bag) for bag in came_back] == [contents(bag) for bag in bags]


def contents(bag: Bag) -> tuple[list[int], list[int], float]:
    return bag.terms.tolist(), bag.counts.tolist(), bag.weight


def test_what_was_dropped_is_not_left_in_memory() -> None:
    ranker = Lexical()
    ranker.replace([document(number, profile()) for number in range(1, 4)])
    ranker.replace([Document(2)])
    (part,) = ranker._words._segments
    assert sorted(set(part.numbers.tolist())) == [0, 1, 3]
    assert np.count_nonzero(part.terms) == 2 * len(word_bags(profile())[0].terms)


def test_replacing_a_few_looks_through_nobody_else() -> None:
    """Whatever goes through everybody holds something of each of them meanwhile."""
    people, index = 100_000, SegmentedIndex()
    nurse = bag_of(["nurse"])
    index.replace(range(1, people + 1), [(number, nurse) for number in range(1, people + 1)])
    tracemalloc.start()
    index.replace([7, 70_000], [(7, nurse), (70_000, nurse)])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < people / 2
    assert sorted(index.numbers.tolist())[2:] == list(range(1, people + 1))


async def test_a_replica_that_starts_later_ranks_the_same(new_matcher: NewMatcher) -> None:
    one = await new_matcher()
    for person in crowd(12):
        await one.know(person)
        await one.index.run_once(NOW)
    other = await new_matcher()
    first, second = await one.find(NURSE), await other.find(NURSE)
    assert [(at.candidate_id, at.score) for at in first.candidacies] == [
        (at.candidate_id, at.score) for at in second.candidacies
    ]


async def test_a_change_that_commits_late_is_not_missed(new_matcher: NewMatcher) -> None:
    one, other = await new_matcher(), await new_matcher()
    await one.know((candidate("late"), profile()))
    await one.index.run_once(NOW)
    async with other.database.transaction() as conn:
        await people.erase(conn, ["late"])
        await one.know((candidate("meanwhile"), profile()))
        await one.index.run_once(NOW)
    assert len(indexed(one)) == 2
    await one.index.run_once(NOW)
    assert len(indexed(one)) == 1


async def test_who_changed_is_found_without_reading_what_is_known_of_anybody(
    matcher: Matcher,
) -> None:
    statement = f"explain {bags._queries.statements['changes']}"
    plan = await matcher.rows(statement, 0, 0, bags.PAGE)
    steps = "\n".join(row["QUERY PLAN"] for row in plan)
    assert "people_changed_in_number_idx" in steps
    assert "on bags" not in steps


def indexed(matcher: Matcher) -> set[int]:
    ranker = matcher.index._ranker
    assert isinstance(ranker, Lexical)
    return set(ranker._words.numbers.tolist()) - {0}


async def test_profiles_read_in_an_older_way_are_read_again(matcher: Matcher) -> None:
    await matcher.know((candidate(), profile()))
    async with matcher.database.transaction() as conn:
        await conn.execute("update bags set words = '', titles = ''")
        await conn.execute("update people set analysed = 0")
    await matcher.read()
    assert len((await matcher.find(NURSE)).candidacies) == 1


def test_every_occupation_finds_its_own() -> None:
    ranker = Lexical()
    names = list(OCCUPATIONS)
    ranker.replace([document(number, profile(name)) for number, name in enumerate(names, 1)])
    pool = np.arange(1, len(names) + 1, dtype=np.int64)
    for number, name in enumerate(names, 1):
        title, summary = OCCUPATIONS[name]
        vacancy = NURSE.model_copy(update={"title": title, "description": summary})
        ranking = ranker.rank(vacancy, pool, 3)
        assert ranking.numbers[0] == number
        assert ranking.fit[0] > 1 > ranking.fit[1]


async def test_a_profile_that_cannot_be_read_is_parked_and_the_rest_goes_on(
    matcher: Matcher,
) -> None:
    await matcher.hear(CANDIDATES, told(candidate("bad")), told(candidate("good")))
    await matcher.know((candidate("other"), profile()))
    async with matcher.database.transaction() as conn:
        made = {
            number: ProfileChanged(candidate_id=name, version=1, profile=profile())
            for number, name in enumerate(("bad", "good"), 1)
        }
        await people.keep_profiles(conn, made)
        await conn.execute(
            "update profiles set profile = jsonb_set(profile, '{work,0,startDate}', '\"soon\"')"
            " where number = 1"
        )
        await conn.execute("update people set analysed = 0")
    found = await indexed_and_found(matcher)
    assert found == {"good", "other"}
    assert await parked(matcher) == [("bad", "ValidationError")]
    await matcher.hear(OPENINGS, told(opened()))
    (shortlist,) = await matcher.search()
    assert {at.candidate_id for at in shortlist.candidates} == {"good", "other"}
    changed = ProfileChanged(candidate_id="bad", version=2, profile=profile())
    await matcher.hear(PROFILES, told(changed))
    assert await indexed_and_found(matcher) == {"bad", "good", "other"}
    assert await parked(matcher) == []


@pytest.mark.parametrize("stored", [b"x", b"\0" * 9, b"\0\0\x80\x3f\xff\xff\xff\xff"])
async def test_bags_that_cannot_be_read_are_left_out_until_they_are_made_anew(
    matcher: Matcher, new_matcher: NewMatcher, stored: bytes
) -> None:
    await matcher.know((candidate("bad"), profile()), (candidate("good"), profile()))
    await matcher.change("update bags set words = $1 where number = 1", stored)
    started = await new_matcher()
    await started.index.run_once(NOW)
    assert await started.index.trouble() is None
    assert await indexed_and_found(started) == {"good"}
    assert await started.parked("indexing") == ["unreadable_bags"]
    await started.hear(OPENINGS, told(opened()))
    (shortlist,) = await started.search()
    assert [at.candidate_id for at in shortlist.candidates] == ["good"]
    await started.change("update parked_rows set parked_until = clock_timestamp()")
    assert await indexed_and_found(started) == {"bad", "good"}
    assert await started.parked("indexing") == []


async def test_a_newcomer_whose_bags_cannot_be_read_costs_only_their_own_place(
    matcher: Matcher,
) -> None:
    await matcher.know((candidate("old"), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.search()
    await matcher.know((candidate("bad"), profile()), (candidate("good"), profile()))
    await matcher.change(
        "update bags set words = 'x', titles = 'x'"
        " where number = (select number from people where candidate_id = 'bad')"
    )
    await matcher.hear(CONTACTS, qualified("bad"), qualified("good"))
    assert [at.candidate_id for at in (await matcher.search())[-1].candidates] == ["good"]


def qualified(candidate_id: str) -> Event:
    return told(
        CandidateQualified(
            candidate_id=candidate_id, application_id="a", vacancy_id="v", qualified_on=NOW
        )
    )


async def parked(matcher: Matcher) -> list[tuple[str, str]]:
    rows = await matcher.rows("select key, reason from parked_rows where job = 'indexing'")
    return [(row["key"], row["reason"]) for row in rows]


async def test_a_newer_version_draws_its_own_conclusions_from_what_an_earlier_one_kept(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    await matcher.know((candidate(), profile()))
    async with matcher.database.transaction() as conn:
        await conn.execute("update candidates set barred = 'not_understood'")
        await conn.execute("delete from spans")
    assert await indexed_and_found(matcher) == set()
    monkeypatch.setattr(indexing, "ANALYSIS", ANALYSIS + 1)
    assert await indexed_and_found(matcher) == {"c-1"}


async def indexed_and_found(matcher: Matcher) -> set[str]:
    await matcher.read()
    return {entry.candidate_id for entry in (await matcher.find(NURSE)).candidacies}


@given(stats=some.builds(Spread, some.floats(-1, 1), some.floats(0.001, 1)))
def test_statistics_come_back_as_they_were_packed(stats: Spread) -> None:
    rarity = Rarity(np.array([0.1, 1 / 3]), 1 / 7, [np.array([2 / 3])])
    packed = PoolStatistics(rarity, stats, stats, float("-inf")).pack()
    assert PoolStatistics.unpack(packed).pack() == packed
