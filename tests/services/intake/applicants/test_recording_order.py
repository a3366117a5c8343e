"""In whatever order events come, and however often, the record ends the same.

Only what one source says twice of one moment, of a decision when it was made, is taken in the order
in which the source says it.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.applicants import publishing
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantUnrejected,
    ApplicantWithdrawn,
)
from shared.contract.events.cloudevents import Event
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.searching import tries
from tests.services.intake.upstream import (
    ATS,
    DECIDED,
    IDENTITY,
    NOW,
    decided,
    erased,
    merged,
    record,
    rejected,
    updated,
)

PEOPLE = ["p-1", "p-2", "p-3"]
APPLICATIONS = ["a-1", "a-2"]
EMAILS = ["a@mail.example", "b@mail.example", "c@mail.example", "nonsense"]
NAMES = [{"fullName": "Mira Okafor"}, {"givenName": "Mira"}, {"fullName": "Li Wei"}]

times = st.integers(0, 3).map(lambda hours: DECIDED + timedelta(hours=hours))
people = st.sampled_from(PEOPLE)
applications = st.sampled_from(APPLICATIONS)
persons = st.fixed_dictionaries(
    {
        "emails": st.lists(st.sampled_from(EMAILS), max_size=2),
        "name": st.sampled_from(NAMES),
        "locale": st.sampled_from([None, "de", "fr"]),
    }
)
profiles = st.sampled_from([{}, {"summary": "Mira Okafor leads."}, {"summary": "Li Wei packs."}])
notes = st.sampled_from([None, "Mira was late.", "Wei was early."])


@st.composite
def rejections(draw: st.DrawFn) -> Event:
    return rejected(
        draw(people),
        draw(applications),
        time=draw(times),
        source=draw(st.sampled_from([ATS, "other"])),
        person=draw(persons),
        profile=draw(profiles),
        reason={"code": "other", "note": draw(notes)},
        vacancy={"vacancyId": "v-1", "title": draw(st.sampled_from(["Lead", "Cook"]))},
    )


events = st.one_of(
    rejections(),
    rejections(),
    st.builds(
        decided,
        st.sampled_from([ApplicantUnrejected, ApplicantHired, ApplicantWithdrawn]),
        people,
        applications,
        time=times,
    ),
    st.builds(
        lambda who, time, person, profile: updated(who, time=time, profile=profile, **person),
        people,
        times,
        persons,
        profiles,
    ),
    st.builds(merged, people, people, time=times),
    st.builds(erased, people, time=times),
)


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


@tries(20)
@given(said=st.lists(events, min_size=1, max_size=9), seed=st.integers(0, 2**32))
async def test_the_order_of_events_makes_no_difference(
    database: Database, said: list[Event], seed: int
) -> None:
    said = [
        replace(event, time=event.time + timedelta(microseconds=number))
        for number, event in enumerate(said)
    ]
    await empty(database)
    await come_again(database, await record(database, *said))
    at_once = await everything(database)
    dice = random.Random(seed)
    shuffled = in_another_order([*said, *said[:3]], dice)
    await empty(database)
    refused: list[Event] = []
    while shuffled:
        count = dice.randint(1, len(shuffled))
        batch, shuffled = shuffled[:count], shuffled[count:]
        refused += await record(database, *batch)
    await come_again(database, refused)
    assert await everything(database) == at_once


async def come_again(database: Database, refused: list[Event]) -> None:
    """Sends what was refused again, until nothing more of it is recorded."""
    while refused:
        again = await record(database, *refused)
        if len(again) == len(set(map(id, refused))):
            return
        refused = again


def in_another_order(said: Sequence[Event], dice: random.Random) -> list[Event]:
    """Shuffles events, but keeps what a source says of one moment in its order."""
    places = dice.sample(range(len(said)), len(said))
    taken: dict[tuple[str, datetime], list[int]] = defaultdict(list)
    for place, event in zip(places, said, strict=True):
        taken[event.source, moment(event)].append(place)
    turns = {which: iter(sorted(found)) for which, found in taken.items()}
    placed = {next(turns[event.source, moment(event)]): event for event in said}
    return [placed[place] for place in range(len(said))]


def moment(event: Event) -> datetime:
    """Returns when what it says was decided, or else when it was said."""
    return getattr(event.data, "decided_at", event.time)


async def everything(database: Database) -> Any:
    """Returns the record without what tells how it came about: versions, order of receipt, ids."""
    async with database.connection() as conn:
        people = await conn.fetch(
            """
            select
                candidate_id,
                (select array_agg(hash order by hash) from identities
                 inner join applicants using (applicant_key)
                 where applicants.candidate_id = candidates.candidate_id
                 and hash <> all($1)) as hashes,
                regexp_replace(personal_data::text, ' [0-9]{19} [0-9]{3}"', '"', 'g'),
                (select max(last_human_contact_at) from applicants
                 where applicants.candidate_id = candidates.candidate_id),
                (select array_agg((profile, scrubbed)::text order by profile::text, scrubbed::text)
                 from profiles
                 where profiles.candidate_id = candidates.candidate_id) as profile,
                (select array_agg(said order by said) from (
                    select (kind, at, facts - 'vacancyId', source, source_vacancy_id)::text as said
                    from timeline left join vacancy_ids on vacancy_id = facts ->> 'vacancyId'
                    where timeline.candidate_id = candidates.candidate_id
                 ) as entries) as timeline,
                (select array_agg(
                    (source, source_application_id, status, decided_at, note,
                     rejection - 'applicationId' - 'vacancyId',
                      (select (named.source, source_vacancy_id) from vacancy_ids as named
                       where vacancy_id = rejection ->> 'vacancyId'))::text
                    order by source, source_application_id, status_time) from applications
                 where applications.candidate_id = candidates.candidate_id) as applications
            from candidates
            """,
            [each for email in EMAILS for each in IDENTITY.email(email)],
        )
        gone = await conn.fetch(
            "select hash, erased_at from identities where erased_at is not null"
        )
        mentioned = await conn.fetch(
            "select source, source_vacancy_id, vacancy - 'vacancyId'"
            " from vacancies inner join vacancy_ids using (vacancy_id, source) order by 1, 2"
        )
        states = await publishing.states(conn, [row["candidate_id"] for row in people], NOW)
        await check_published(conn, set(states))
    return (
        sorted((list(row.values())[1:] for row in people), key=str),
        {tuple(row) for row in gone},
        [tuple(row) for row in mentioned],
    )


async def check_published(conn: asyncpg.Connection, present: set[str]) -> None:
    """The last record of each key on each stream is its state: a tombstone of who is gone."""
    for row in await conn.fetch(
        "select distinct on (topic, key) topic, key, value is not null as is_there from outbox "
        "where topic <> 'notyet.vacancies.v1' order by topic, key, id desc"
    ):
        assert row["is_there"] == (row["key"] in present)


async def empty(database: Database) -> None:
    tables: Sequence[str] = (
        "candidates",
        "former_candidates",
        "identities",
        "likenesses",
        "vacancies",
        "vacancy_ids",
        "inbox",
        "outbox",
    )
    async with database.transaction() as conn:
        for table in tables:
            await conn.execute(f"delete from {table}")
