"""What the stream says of somebody who was erased before is set aside by name, not swallowed."""

from datetime import timedelta

from shared.contract.topics import APPLICATIONS
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.services.intake.upstream import (
    DECIDED,
    erased,
    record,
    recorder,
    rejected,
    rows,
    standing,
)
from tests.shared.runtime.streams import consumer_of, consuming, send, until

DAY = timedelta(days=1)


async def test_events_from_before_an_erasure_are_set_aside_and_no_breaker_counts_them(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    applications, database = await topic(APPLICATIONS), await databases("intake")
    for number in range(9):
        await record(database, erased(f"p-{number}", time=DECIDED + DAY))
    before = [rejected(f"p-{number}", f"a-{number}") for number in range(9)]
    again = rejected("p-0", "a-9", time=DECIDED + 2 * DAY)
    await send(kafka, applications, [*before, again])
    consumer = consumer_of(applications, recorder().record_all, database, breaker_limit=1)
    async with consuming(kafka, consumer):
        await until(lambda: sum(consumer.known.values()) == 10)
        assert consumer.broken is None
    aside = await rows(database, "select reason from quarantine")
    assert [row["reason"] for row in aside] == ["erased"] * 9
    [person] = await standing(database)
    assert [it["applicationId"] for it in person["rejections"]] == ["a-9"]
