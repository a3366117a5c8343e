"""What is published of a person is what the contract's models would make of their record."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.applicants import publishing
from services.intake.applicants.domain.bounds import MOST_REJECTIONS
from services.intake.applicants.domain.register import Claim, PersonalData, Stamp
from services.intake.applicants.store.people import as_json
from shared.contract.events.applications import Reason, ReasonCode, Stage, Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.people import Channel, Consent, ConsentPurpose, PersonName
from shared.contract.events.recipients import RecipientChanged, RecipientKind, SpeakingOf
from shared.contract.events.shortfalls import RequirementKind, Shortfall
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.searching import tries

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STAMP = Stamp(NOW, "e")
MOST_BYTES = 750_000
"""What an event may have."""

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
lines = texts.map(str.strip)
filled = lines.filter(bool)
moments = st.integers(-(10**15), 10**15).map(lambda it: NOW + timedelta(microseconds=it))
soon = st.integers(-3, 3).map(lambda days: NOW + timedelta(days=days))


@dataclass(frozen=True)
class Application:
    id: str
    source_id: str
    status: str
    decided_at: datetime
    rejection: Rejection
    answered_at: datetime | None
    closed: dict[str, datetime]

    def for_its_own_vacancy(self) -> "Application":
        """Returns the same, told of by no letter but its own."""
        own = self.rejection.model_copy(update={"vacancy_id": f"v-{self.id}"})
        return replace(self, rejection=own)


@dataclass(frozen=True)
class Record:
    data: PersonalData
    applications: Sequence[Application] = ()
    consents: Sequence[Consent] = ()
    stopped: Sequence[Channel] = ()
    merged: Sequence[str] = ()
    hat_answered_at: datetime | None = None
    has_refused: bool = False
    paused_until: datetime | None = None


def made(model: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(fields).map(lambda values: model(**values))


def claims(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values.map(lambda value: Claim(value, STAMP))


people = st.builds(
    PersonalData,
    name=claims(made(PersonName, given_name=st.none() | lines, full_name=st.none() | lines)),
    emails=claims(st.lists(filled, min_size=1, max_size=3).map(tuple)),
    phone=claims(filled),
    locale=claims(st.sampled_from(["de", "en-GB"])),
    time_zone=claims(st.just("Europe/Vienna")),
    country=claims(st.just("AT")),
)
shortfalls = st.lists(
    made(
        Shortfall,
        requirement_id=st.sampled_from("rst"),
        kind=st.sampled_from(RequirementKind),
        name=lines,
        required_months=st.none() | st.integers(0, 90),
        expected_at=st.none() | moments.map(datetime.date),
    ),
    max_size=3,
    unique_by=lambda gap: gap.requirement_id,
)
rejections = made(
    Rejection,
    application_id=st.just("as it came"),
    vacancy_id=st.just("v-1"),
    vacancy_title=lines,
    tier=st.sampled_from(Tier),
    stage=st.sampled_from(Stage),
    finishing_place=st.none() | st.integers(1, 9),
    reason=made(Reason, code=st.sampled_from(ReasonCode), note=st.none() | texts),
    shortfalls=shortfalls,
    still_working=st.booleans(),
    decided_at=moments,
    already_told=st.booleans(),
)
applications = st.lists(
    st.builds(
        Application,
        id=st.sampled_from([f"a-{n}" for n in range(6)]),
        source_id=st.just(""),
        status=st.sampled_from(["rejected"] * 4 + ["unrejected", "hired", "withdrawn"]),
        decided_at=moments,
        rejection=rejections,
        answered_at=st.none() | moments,
        closed=st.dictionaries(st.sampled_from("rx"), moments, max_size=2),
    ).map(lambda one: one.for_its_own_vacancy()),
    max_size=5,
    unique_by=lambda one: one.id,
)
consents = st.lists(
    made(
        Consent,
        purpose=st.sampled_from(ConsentPurpose),
        channel=st.sampled_from(Channel),
        since=st.just(NOW - timedelta(days=9)),
        until=soon,
    ),
    max_size=4,
    unique_by=lambda one: (one.purpose, one.channel, one.until),
)
records = st.builds(
    Record,
    data=people,
    applications=applications,
    consents=consents,
    stopped=st.lists(st.sampled_from(Channel), unique=True),
    merged=st.lists(st.uuids().map(str), max_size=3, unique=True),
    hat_answered_at=st.none() | moments,
    has_refused=st.booleans(),
    paused_until=st.none() | moments,
)


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


@tries(30)
@given(record=records)
async def test_any_record_is_published_as_the_models_would_make_it(
    database: Database, record: Record
) -> None:
    candidate, recipient = await published(database, record)
    assert CandidateChanged.model_validate_json(candidate, extra="forbid") == a_candidate(
        record, json.loads(candidate)["candidateId"]
    )
    assert RecipientChanged.model_validate_json(recipient, extra="forbid") == a_recipient(
        record, json.loads(recipient)["recipientId"]
    )


def a_candidate(record: Record, candidate_id: str) -> CandidateChanged:
    hired = [one.decided_at for one in record.applications if one.status == "hired"]
    data = record.data
    channels = [Channel.EMAIL] * bool(data.emails) + [Channel.SMS] * bool(data.phone)
    return CandidateChanged(
        candidate_id=candidate_id,
        version=1,
        locale=data.locale.value if data.locale else "en",
        time_zone=value_of(data.time_zone),
        country=value_of(data.country),
        channels=channels,
        consents=[] if hired else live(record.consents),
        stopped=sorted(record.stopped),
        hat_answered_at=record.hat_answered_at,
        hat_refused_at=record.hat_answered_at if record.has_refused else None,
        paused_until=record.paused_until,
        hired_at=max(hired, default=None),
        merged_from=sorted(record.merged),
        sources=["s"] if standing(record) and not hired else [],
        rejections=[rejection(one) for one in standing(record)],
    )


def a_recipient(record: Record, candidate_id: str) -> RecipientChanged:
    hired = any(one.status == "hired" for one in record.applications)
    data = record.data
    return RecipientChanged(
        recipient_id=candidate_id,
        version=1,
        kind=RecipientKind.CANDIDATE,
        name=data.name.value if data.name else PersonName(),
        emails=list(data.emails.value) if data.emails else [],
        phone=value_of(data.phone),
        locale=data.locale.value if data.locale else "en",
        time_zone=value_of(data.time_zone),
        consents=[] if hired else live(record.consents),
        stopped=sorted(record.stopped),
        applications=[
            SpeakingOf(application_id=it.id, answer_owed=owed(it)) for it in standing(record)
        ],
    )


def value_of(claim: Claim[str] | None) -> str | None:
    return claim.value if claim else None


def live(consents: Sequence[Consent]) -> list[Consent]:
    """The one of each purpose and channel that ends last."""
    by_kind: dict[tuple[str, str], Consent] = {}
    for one in sorted(consents, key=lambda it: it.until):
        if one.until > NOW:
            by_kind[one.purpose, one.channel] = one
    return [by_kind[kind] for kind in sorted(by_kind)]


def standing(record: Record) -> list[Application]:
    """What was decided soon after a hire does not stand."""
    hired = [one.decided_at for one in record.applications if one.status == "hired"]
    rejected = [
        one
        for one in record.applications
        if one.status == "rejected"
        and (not hired or one.rejection.decided_at > max(hired) + timedelta(days=90))
    ]
    return sorted(rejected, key=lambda it: (it.decided_at, it.id))


def owed(one: Application) -> bool:
    return one.answered_at is None and not one.rejection.already_told


def rejection(one: Application) -> Rejection:
    gaps = [
        gap.model_copy(update={"closed_at": one.closed[gap.requirement_id].date()})
        if gap.requirement_id in one.closed
        else gap
        for gap in one.rejection.shortfalls
    ]
    told = {"application_id": one.id, "shortfalls": gaps, "source": "s"}
    return one.rejection.model_copy(update=told)


async def published(database: Database, record: Record) -> tuple[str, str]:
    """Returns what the outbox holds for candidates and recipients once a record is published."""
    candidate_id = str(uuid4())
    async with database.transaction() as conn:
        await keep(conn, candidate_id, record)
        await publishing.publish_again(conn, [candidate_id], NOW)
        rows = await conn.fetch(
            "select topic, convert_from(value, 'UTF8') as value from outbox where key = $1",
            candidate_id,
        )
    found = {row["topic"]: row["value"] for row in rows}
    return found["notyet.candidates.v1"], found["notyet.recipients.v1"]


async def keep(conn: asyncpg.Connection, candidate_id: str, record: Record) -> None:
    await conn.execute("delete from former_candidates")  # ids that an earlier example had too
    await conn.execute(
        "insert into candidates (candidate_id, version, personal_data) values ($1, 1, $2)",
        candidate_id,
        as_json(record.data),
    )
    await conn.execute(
        "insert into applicants (applicant_key, candidate_id, source, personal_data,"
        " last_human_contact_at, recorded_at, hat_answered_at, hat_refused_at,"
        " paused_until) values ($1, $1, 's', $2, $3, $3, $4, $5, $6)",
        candidate_id,
        as_json(record.data),
        NOW,
        record.hat_answered_at,
        record.hat_answered_at if record.has_refused else None,
        record.paused_until,
    )
    await conn.executemany(
        "insert into applications (candidate_id, applicant_key, application_id, source,"
        " source_application_id, status, decided_at, status_time, status_rank, rejection,"
        " rejection_time, rejection_rank, answered_at)"
        " values ($1, $1, $2, 's', $2, $3, $4, $4, 'e', $5, $4, 'e', $6)",
        [
            (
                *(candidate_id, one.id, one.status, one.decided_at),
                one.rejection.model_dump_json(by_alias=True, exclude_none=True),
                one.answered_at,
            )
            for one in record.applications
        ],
    )
    await conn.executemany(
        "insert into closed_gaps values ($1, $2, $3, $4)",
        [
            (candidate_id, one.id, requirement, at.date())
            for one in record.applications
            for requirement, at in one.closed.items()
        ],
    )
    await conn.executemany(
        "insert into consent_entries (candidate_id, applicant_key, act, purpose, channel, at,"
        " until, how, wording_version) values ($1, $1, 'agreed', $2, $3, $4, $5, 'page', 'w')",
        [(candidate_id, it.purpose, it.channel, it.since, it.until) for it in record.consents],
    )
    await conn.executemany(
        "insert into consent_entries (candidate_id, applicant_key, act, channel, at, how)"
        " values ($1, $1, 'stopped', $2, $3, 'page')",
        [(candidate_id, channel, NOW) for channel in record.stopped],
    )
    await conn.executemany(
        "insert into former_candidates (candidate_id, ended_at) values ($1, $2)",
        [(other, NOW) for other in record.merged],
    )
    await conn.executemany(
        "insert into former_memberships (candidate_id, applicant_key) values ($1, $2)",
        [(other, candidate_id) for other in record.merged],
    )


def many(count: int, *, note: str = "", told: int = 0) -> list[Application]:
    """Rejections of which the first, and so oldest, were told about."""
    of = Rejection(
        application_id="as it came",
        vacancy_id="v-1",
        vacancy_title="Picker",
        tier=Tier.NOT_YET,
        stage=Stage.APPLIED,
        reason=Reason(code=ReasonCode.OTHER, note=note or None),
        decided_at=NOW,
    )
    return [
        Application(
            id=f"a-{number:04}",
            source_id="",
            status="rejected",
            decided_at=NOW - timedelta(days=count - number),
            rejection=of.model_copy(update={"decided_at": NOW - timedelta(days=count - number)}),
            answered_at=NOW if number < told else None,
            closed={},
        )
        for number in range(count)
    ]


async def shown(database: Database, record: Record) -> list[str]:
    """Returns the applications that both states show; checks that no broker refuses these."""
    candidate, recipient = await published(database, record)
    assert max(len(candidate.encode()), len(recipient.encode())) < MOST_BYTES
    ids = [it["applicationId"] for it in json.loads(candidate)["rejections"]]
    assert ids == [it["applicationId"] for it in json.loads(recipient)["applications"]]
    return ids


async def test_of_many_rejections_those_owed_an_answer_and_the_newest_are_published(
    database: Database,
) -> None:
    told = many(750, told=740)
    told[3] = replace(told[3], answered_at=None)
    ids = await shown(database, Record(PersonalData(), told))
    assert len(ids) == MOST_REJECTIONS
    assert ids[0] == "a-0003", "the oldest is still owed an answer"
    assert ids[1:] == [f"a-{number:04}" for number in range(651, 750)]


async def test_each_answer_makes_room_for_the_next_that_is_owed_one(database: Database) -> None:
    waiting = many(250)
    seen: set[str] = set()
    for _ in range(3):
        ids = await shown(database, Record(PersonalData(), waiting))
        seen |= set(ids)
        waiting = [replace(it, answered_at=NOW) if it.id in ids else it for it in waiting]
    assert len(seen) == 250


async def test_the_largest_rejection_that_the_contract_allows_is_published(
    database: Database,
) -> None:
    gap = {"requirementId": "𝕏" * 200, "kind": "experience", "name": "𝕏" * 500}
    of = many(1)[0].rejection.model_dump(mode="json", by_alias=True, exclude_none=True)
    largest = Rejection.model_validate(
        of
        | {"vacancyTitle": "𝕏" * 500, "vacancyId": "𝕏" * 200}
        | {"reason": {"code": "other", "note": "𝕏" * 2000}, "shortfalls": [gap] * 50}
    )
    one = replace(many(1)[0], rejection=largest)
    assert await shown(database, Record(PersonalData(), [one])) == ["a-0000"]


async def test_long_notes_and_many_merged_people_make_no_state_too_large(
    database: Database,
) -> None:
    merged = [str(uuid4()) for _ in range(3000)]
    ids = await shown(database, Record(PersonalData(), many(750, note="ß" * 2000), merged=merged))
    assert 50 < len(ids) < MOST_REJECTIONS


async def test_people_are_published_without_a_new_plan_each_time(database: Database) -> None:
    candidate_id = str(uuid4())
    async with database.transaction() as conn:
        await keep(conn, candidate_id, Record(PersonalData(), many(1)))
        for _ in range(7):
            await publishing.publish_again(conn, [candidate_id], NOW)
        plans = await conn.fetchval(
            "select generic_plans from pg_prepared_statements where statement like '%into outbox%'"
        )
    assert plans
