"""Systems hear what became of their own applicants: signed, in order, at least once."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
from structlog.testing import capture_logs

from services.intake.outgoing import queue, store
from services.intake.outgoing.domain import State
from services.intake.outgoing.queue import Settled
from shared.contract.events.notifications import MessageBounced, MessageSent
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Notable
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.deliveries.stand_in import Answer
from tests.services.intake.outgoing.listening import HOOK, TAKEN, Listener, is_signed, listening
from tests.services.intake.upstream import (
    ATS,
    ERASURE,
    NOW,
    merged,
    published,
    record,
    rejected,
    rows,
    standing,
)

DOWN = Answer(500)


@pytest.fixture
async def listener(databases: Databases, clock: ManualClock) -> AsyncIterator[Listener]:
    async with listening(databases, clock) as one:
        await record(one.database, rejected())
        yield one


async def candidate(listener: Listener) -> str:
    [person] = await standing(listener.database)
    return str(person["candidateId"])


async def test_what_becomes_of_an_applicant_is_told_by_the_ids_of_their_system(
    listener: Listener,
) -> None:
    somebody = await candidate(listener)
    await listener.hear(somebody, MessageSent)
    await listener.run()
    [(path, headers)] = listener.hook.asked
    [body] = listener.hook.bodies
    assert path == HOOK
    assert is_signed(headers, body)
    assert headers["content-type"] == "application/json"
    said = json.loads(body)
    about = {"source": ATS, "applicantId": "p-1", "applicationId": "a-1", "vacancyId": "v-1"}
    at = said["time"]
    assert said == {
        "specversion": "1.0",
        "id": headers["webhook-id"],
        "source": "/notyet/intake",
        "type": "dev.notyet.applicant.noted.v1",
        "time": at,
        "datacontenttype": "application/json",
        "data": about | {"what": "letter_sent", "at": at},
    }
    [on_kafka] = await published(listener.database, "responses")
    assert on_kafka == said["data"] | {"candidateId": somebody, "channels": []}
    await listener.run()
    assert len(listener.told()) == 1


async def test_only_letters_invitations_and_what_came_back_are_told_of_messages(
    listener: Listener,
) -> None:
    somebody = await candidate(listener)
    await listener.hear(somebody, MessageSent, purpose=Purpose.CHECK_IN)
    await listener.hear(somebody, MessageSent, purpose=Purpose.CONTINUATION)
    await listener.hear(somebody, MessageBounced)
    assert [what for what, *_ in await listener.states()] == ["invited", "bounced"]


async def test_a_system_hears_nothing_of_another_ones_applicants_or_vacancies(
    listener: Listener,
) -> None:
    other = await listener.add(source="other", path="/other")
    theirs = rejected("x-1", "b-1", source="other", vacancy={"vacancyId": "w-1", "title": "Cook"})
    await record(listener.database, theirs)
    keys = await rows(
        listener.database,
        "select source, applicant_key, candidate_id from applicants order by source",
    )
    assert keys[0]["candidate_id"] == keys[1]["candidate_id"]
    mine = next(row["applicant_key"] for row in keys if row["source"] == ATS)
    await listener.tell(Notable.INTERESTED, mine, application_id="a-1", vacancy_id="w-1")
    await listener.tell(Notable.HAT_YES, mine, application_id="a-1")
    await listener.run()
    assert [(it["what"], it["applicantId"], it["vacancyId"]) for it in listener.told("/other")] == [
        ("interested", "x-1", "w-1")
    ]
    assert [(it["what"], it["applicantId"], it["vacancyId"]) for it in listener.told()] == [
        ("hat_yes", "p-1", "v-1")
    ]
    assert other != listener.endpoint


async def test_of_one_applicant_nothing_overtakes_and_of_others_everything_goes_on(
    listener: Listener,
) -> None:
    wei = {"name": {"fullName": "Li Wei"}, "emails": ["wei@mail.example"]}
    await record(listener.database, rejected("p-2", "a-2", person=wei))
    ours = "select applicant_key from applicant_ids order by source_applicant_id"
    mira, li = [row["applicant_key"] for row in await rows(listener.database, ours)]
    listener.hook.says(HOOK, DOWN, TAKEN)
    await listener.tell(Notable.LETTER_SENT, mira)
    await listener.run()
    await listener.tell(Notable.HAT_YES, mira)
    await listener.tell(Notable.LETTER_SENT, li)
    async with listener.database.transaction() as conn:
        await queue.heard(conn, listener.endpoint)
    await listener.run()
    await listener.wait()
    for _ in range(3):
        await listener.run()
    told = [(it["applicantId"], it["what"]) for it in listener.told()]
    again = [("p-1", "letter_sent"), ("p-1", "hat_yes")]
    assert told == [("p-1", "letter_sent"), ("p-2", "letter_sent"), *again]
    ids = [headers["webhook-id"] for _, headers in listener.hook.asked]
    assert (ids[0], len(set(ids))) == (ids[2], 3), "what is told again keeps its id"
    assert {state for _, state, _ in await listener.states()} == {"delivered"}


async def test_a_slow_endpoint_holds_no_other_one_up(listener: Listener) -> None:
    await listener.add(path="/slow")
    listener.hook.says("/slow", TAKEN, Answer(204, seconds=2.0))
    await listener.tell(Notable.LETTER_SENT)
    await listener.run()
    await listener.tell(Notable.HAT_YES)
    await listener.tell(Notable.INTERESTED)
    listener.hook.asked.clear()
    listener.hook.bodies.clear()
    for calls in (1, 2):
        while listener.hook.paths.count(HOOK) < calls:
            await listener.begin()
            await asyncio.sleep(0.02)
    assert [it["what"] for it in listener.told()] == ["hat_yes", "interested"]
    states = await rows(
        listener.database,
        "select state from outgoing inner join endpoints using (endpoint_id)"
        " where url like '%slow' order by id",
    )
    assert [row["state"] for row in states][1:] == ["waiting", "waiting"]


async def test_a_late_process_changes_nothing_of_what_another_has_told(listener: Listener) -> None:
    await listener.tell(Notable.LETTER_SENT)
    async with listener.database.transaction() as conn:
        [late] = await queue.claim(conn, 10, [])
        assert await queue.claim(conn, 10, []) == []
    await listener.wait()
    await listener.run()
    async with listener.database.transaction() as conn:
        await queue.settle(conn, [Settled(late["id"], late["tries"], State.GIVEN_UP, "late")])
    assert await listener.states() == [("letter_sent", "delivered", None)]


async def test_an_endpoint_that_takes_nothing_for_three_days_is_called_no_more_until_enabled(
    listener: Listener,
) -> None:
    listener.hook.says(HOOK, DOWN)
    await listener.tell(Notable.LETTER_SENT)
    await listener.run()
    await listener.run()
    assert len(listener.hook.asked) == 1, "it is left alone for a while"
    await listener.age(2)
    await listener.run()
    await listener.age(2)
    with capture_logs() as logs:
        await listener.run()
    assert [log["endpoint"] for log in logs if log["event"] == "endpoint.disabled"] == [
        listener.endpoint
    ]
    await listener.tell(Notable.HAT_YES)
    await listener.wait()
    await listener.run()
    assert len(listener.hook.asked) == 3
    [job] = [job for job in listener.front.service._jobs if job.name == "measures of outgoing"]
    await job._run(NOW)
    registry = listener.front.service.metrics.registry
    for name, value in (("disabled_endpoints", 1), ("waiting_outgoing", 2)):
        assert registry.get_sample_value(f"notyet_intake_{name}", {"source": ATS}) == value
    listener.hook.says(HOOK, TAKEN)
    async with listener.database.transaction() as conn:
        assert await store.enable(conn, listener.endpoint) == 2
    await listener.run()
    await listener.run()
    assert [it["what"] for it in listener.told()][-2:] == ["letter_sent", "hat_yes"]


async def test_what_was_told_is_read_neither_to_count_what_waits_nor_to_delete_what_is_old(
    listener: Listener, databases: Databases
) -> None:
    owner = await asyncpg.connect(databases.admin_url, server_settings={"search_path": "intake"})
    await owner.execute(
        "insert into outgoing (endpoint_id, event_id, source_applicant_id, what, at, state)"
        " select $1, 'told-' || n, 'p-' || n, 'letter_sent', $2, 'delivered'"
        " from generate_series(1, 20000) as n",
        listener.endpoint,
        NOW,
    )
    await owner.execute("analyze outgoing")
    await owner.close()
    measures, forget = store._queries.statements["measures"], queue._queries.statements["forget"]
    async with listener.database.connection() as conn:
        counted = await conn.fetch(f"explain {measures}")
        deleted = await conn.fetch(f"explain {forget}", timedelta(days=30), 1000)
    assert any("outgoing_not_delivered_idx" in row[0] for row in counted)
    assert any("Index Cond: (waits_since < " in row[0] for row in deleted)


async def test_what_alone_is_not_taken_for_three_days_is_given_up_and_can_be_told_again(
    listener: Listener,
) -> None:
    listener.hook.says(HOOK, Answer(400), TAKEN, Answer(400), TAKEN)
    await listener.tell(Notable.LETTER_SENT)
    await listener.run()
    async with listener.database.transaction() as conn:
        await queue.heard(conn, listener.endpoint)
    await listener.tell(Notable.HAT_YES)
    await listener.run()
    assert len(listener.hook.asked) == 1, "nothing overtakes what is not due yet"
    listener.hook.says(HOOK, Answer(400), TAKEN)
    await listener.age(4)
    await listener.run()
    assert await listener.states() == [
        ("letter_sent", "given_up", "it answered 400"),
        ("hat_yes", "waiting", None),
    ]
    await listener.wait()
    await listener.run()
    async with listener.database.transaction() as conn:
        assert await store.replay(conn, listener.endpoint, [State.GIVEN_UP], None) == 1
    await listener.run()
    assert [it["what"] for it in listener.told()][-2:] == ["hat_yes", "letter_sent"]
    assert {state for _, state, _ in await listener.states()} == {"delivered"}


async def test_an_endpoint_that_is_gone_is_called_no_more_at_once(listener: Listener) -> None:
    listener.hook.says(HOOK, Answer(410))
    await listener.tell(Notable.LETTER_SENT)
    await listener.run()
    [endpoint] = await rows(listener.database, "select disabled_because from endpoints")
    assert endpoint["disabled_because"] == "it answered 410"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (DOWN, "it answered 500"),
        (Answer(301, headers={"location": "/elsewhere"}), "it answered 301"),
        (Answer(429, headers={"retry-after": "120"}), "it answered 429"),
        (Answer(promised=10), "it ended the call without an answer"),
    ],
)
async def test_what_is_not_taken_waits_with_the_reason(
    listener: Listener, answer: Answer, problem: str
) -> None:
    listener.hook.says(HOOK, answer)
    await listener.tell(Notable.LETTER_SENT)
    await listener.run()
    assert await listener.states() == [("letter_sent", "waiting", problem)]
    assert listener.hook.paths == [HOOK]
    [endpoint] = await rows(
        listener.database, "select extract(epoch from rests_until - now()) as rest from endpoints"
    )
    assert (endpoint["rest"] > 100) == ("retry-after" in answer.headers)


async def test_calls_are_signed_with_both_secrets_while_one_is_replaced(listener: Listener) -> None:
    newer = "whsec_" + "bmV3ZXIgc2VjcmV0IG9mIHRoaXJ0eS10d28gYnl0ZXMh"
    seal = listener.front.service.settings.seal()
    for step, expected in (
        ("before", (True, False)),
        ("both", (True, True)),
        ("after", (False, True)),
    ):
        async with listener.database.transaction() as conn:
            if step == "both":
                await store.rotate(conn, listener.endpoint, newer, seal)
            if step == "after":
                await store.end_former(conn, listener.endpoint)
        await listener.tell(Notable.LETTER_SENT)
        await listener.run()
        headers, body = listener.hook.asked[-1][1], listener.hook.bodies[-1]
        assert (is_signed(headers, body), is_signed(headers, body, newer)) == expected


async def test_of_whoever_is_erased_that_alone_is_told(listener: Listener) -> None:
    await listener.tell(Notable.LETTER_SENT)
    await listener.run()
    await listener.tell(Notable.INTERESTED)
    somebody = await candidate(listener)
    async with listener.database.transaction() as conn:
        await ERASURE.erase(conn, [somebody], NOW)
    assert [what for what, *_ in await listener.states()] == ["erased"]
    await listener.run()
    assert len(listener.told()) == 1, "what is on its way arrives first"
    await listener.wait()
    await listener.run()
    last = listener.told()[-1]
    assert (last["what"], last["applicantId"], last["applicationId"]) == ("erased", "p-1", "a-1")


async def test_a_merged_applicant_goes_by_the_id_that_remains_and_keeps_what_waits(
    listener: Listener,
) -> None:
    await listener.tell(Notable.LETTER_SENT)
    await record(listener.database, merged("p-1", "p-0"))
    await listener.tell(Notable.STOPPED, channels=[Channel.EMAIL])
    await listener.run()
    # By another id it is another applicant's, of which no order is kept.
    told = {it["what"]: it for it in listener.told()}
    assert {what: it["applicantId"] for what, it in told.items()} == {
        "letter_sent": "p-1",
        "stopped": "p-0",
    }
    assert told["stopped"]["channels"] == ["email"]
    assert len(listener.told()) == 2
