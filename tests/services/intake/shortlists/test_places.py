"""Who is on a shortlist by now."""

from datetime import timedelta

from services.intake.shortlists import store
from services.intake.shortlists.handlers import keep_shortlists
from shared.contract.events.cloudevents import Event
from shared.contract.events.matches import ShortlistReady
from tests.databases import Databases
from tests.services.intake.shortlisting import place
from tests.services.intake.upstream import NOW, erased, record, rejected, the_candidate

MIRA = {"name": {"fullName": "Mira Okafor"}, "emails": ["mira@mail.example"]}


async def test_whom_a_source_has_erased_is_on_none_of_its_lists_though_another_knows_them(
    databases: Databases,
) -> None:
    database = await databases("intake")
    await record(database, rejected(person=MIRA), rejected("x-1", "b-1", source="hr", person=MIRA))
    found = ShortlistReady.model_validate(
        {
            "shortlistId": "s-1",
            "vacancyId": "v-9",
            "vacancyTitle": "Dispatcher",
            "considered": 1,
            "candidates": [place(await the_candidate(database), 1)],
            "rankedAt": NOW,
        }
    )
    async with database.transaction() as conn:
        await keep_shortlists(conn, [Event.about(found, source="matcher", at=NOW)], NOW)

    async def seen(sees: str | None) -> int:
        async with database.connection() as conn:
            return len(await store.listed(conn, "s-1", sees))

    assert [await seen(each) for each in (None, "hr", "elsewhere")] == [1, 1, 0]
    await record(database, erased("x-1", source="hr", time=NOW + timedelta(days=1)))
    assert [await seen(each) for each in (None, "hr")] == [1, 0]
