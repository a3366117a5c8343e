"""What a system says of whoever is to hear nothing: the newest word holds, theirs before it."""

from collections.abc import AsyncIterator
from itertools import permutations
from typing import Any

import pytest

from services.intake.applicants import joining
from services.intake.consent import store as consent
from shared.contract.events.people import Channel
from shared.contract.events.recipients import RecipientChanged
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.deliveries.calling import Careers, connected
from tests.services.intake.upstream import published, rows, standing
from tests.services.intake.webhooks.greenhouse import a_candidate, a_job, a_rejection, hook

PRIVATE = a_candidate(is_private=True)
SILENT = a_candidate(can_email=False)
ANOTHER: dict[str, Any] = {"id": 9002, "jobs": [a_job(id=4002, name="Cook")]}
EMAIL, BOTH = ["email"], ["email", "sms"]


@pytest.fixture
async def careers(databases: Databases, clock: ManualClock) -> AsyncIterator[Careers]:
    async with connected(databases, clock) as calling:
        yield calling


async def tell(careers: Careers, *bodies: dict[str, Any]) -> None:
    for body in bodies:
        await careers.call(body)
        await careers.run()
    await careers.run()


def changed(**fields: Any) -> dict[str, Any]:
    return hook("update_candidate", candidate=a_candidate(**fields))


async def stopped(careers: Careers) -> list[str]:
    [person] = await standing(careers.database)
    return list(person.get("stopped", []))


async def recipient(careers: Careers) -> RecipientChanged:
    return RecipientChanged.model_validate((await published(careers.database, "recipients"))[-1])


async def ask(careers: Careers) -> None:
    """Says yes to letters, as by the form on their page."""
    async with careers.database.transaction() as conn:
        query = "select applicant_key, candidate_id from applicants"
        [[key, candidate_id]] = await conn.fetch(query)
        now = careers.front.service.clock.now()
        await consent.hat_answered(conn, key, "yes", now)
        await consent.lift_stops(conn, [candidate_id], list(Channel), "page", now, by=key)
        await joining.publish(conn, await joining.regroup(conn, [key], now), now)


@pytest.mark.parametrize(
    "earlier",
    [
        [changed(is_private=True)],
        [changed(is_private=True), changed(is_private=False)],
        [changed(can_email=False), changed(can_email=True)],
        [a_rejection(candidate=PRIVATE, **ANOTHER)],
        [changed(is_private=True), changed(can_email=False)],
    ],
)
async def test_who_is_public_when_they_are_turned_down_is_told_whatever_they_were_before(
    careers: Careers, earlier: list[dict[str, Any]]
) -> None:
    await tell(careers, *earlier, a_rejection())
    assert await stopped(careers) == []
    [spoken_of] = (await recipient(careers)).applications
    assert spoken_of.answer_owed
    assert spoken_of.emails is None
    assert await careers.read_again() > 0
    assert await stopped(careers) == []


@pytest.mark.parametrize("candidate", [PRIVATE, SILENT])
async def test_who_is_public_again_is_told_the_next_no(
    careers: Careers, candidate: dict[str, Any]
) -> None:
    await tell(careers, a_rejection(), hook("update_candidate", candidate=candidate))
    assert await stopped(careers) == (BOTH if candidate is PRIVATE else EMAIL)
    await tell(careers, changed(last_name="Again"))
    assert await stopped(careers), "an edit of their card lets nothing leave"
    await tell(careers, a_rejection(**ANOTHER))
    assert await stopped(careers) == []
    await careers.read_again()
    assert await stopped(careers) == []


async def test_who_may_be_emailed_again_but_is_private_hears_nothing(careers: Careers) -> None:
    await tell(careers, a_rejection(), changed(is_private=True))
    await tell(careers, a_rejection(**ANOTHER | {"candidate": PRIVATE}))
    assert await stopped(careers) == BOTH
    await tell(careers, a_rejection(**ANOTHER | {"candidate": SILENT}))
    assert await stopped(careers) == EMAIL


async def test_what_they_stopped_themselves_stays_stopped_when_their_system_takes_back_its_own(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection(), changed(is_private=True))
    async with careers.database.transaction() as conn:
        [[candidate_id]] = await conn.fetch("select candidate_id from applicants")
        now = careers.front.service.clock.now()
        await consent.stop(conn, [candidate_id], [Channel.EMAIL], "page", now)
    await tell(careers, a_rejection(**ANOTHER))
    assert await stopped(careers) == EMAIL


@pytest.mark.parametrize("action", ["unreject_candidate", "hire_candidate", "unhire_candidate"])
async def test_who_is_private_as_one_application_is_decided_on_hears_nothing_of_another(
    careers: Careers, action: str
) -> None:
    await tell(careers, a_rejection(), a_rejection(**ANOTHER))
    await tell(careers, hook(action, application={"id": 9002, "candidate": PRIVATE}))
    assert await stopped(careers) == BOTH
    status = "hired" if action == "hire_candidate" else "unrejected"
    assert await careers.applications() == [("rejected", False), (status, False)]


def merging(id: int, into: int) -> dict[str, Any]:
    return hook("merge_candidate", person={"id": id, "new_candidate_id": into})


@pytest.mark.parametrize(
    "told",
    list(permutations([a_rejection(), changed(id=7002, is_private=True), merging(7002, 7001)])),
)
async def test_a_private_candidate_who_is_merged_into_a_public_one_stops_nothing(
    careers: Careers, told: list[dict[str, Any]]
) -> None:
    await tell(careers, *told)
    assert await stopped(careers) == []


async def test_a_private_candidate_with_a_letter_is_as_public_as_whom_they_are_merged_into(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection())
    hers = a_candidate(id=7002)
    await tell(careers, a_rejection(**ANOTHER | {"candidate": hers}))
    await tell(careers, changed(id=7002, is_private=True))
    await tell(careers, merging(7002, 7001))
    assert await stopped(careers) == []


async def test_a_public_candidate_who_is_merged_into_a_private_one_hears_nothing(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection(), changed(is_private=True), merging(7002, 7001))
    await tell(careers, a_rejection(**ANOTHER | {"candidate": a_candidate(id=7002)}))
    assert await stopped(careers) == BOTH


async def test_a_private_candidate_of_whom_no_other_id_says_anything_hears_nothing(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection(), merging(7001, 7002), changed(id=7001, is_private=True))
    assert await stopped(careers) == BOTH


async def test_who_asked_for_it_themselves_is_not_silenced_by_what_was_said_before(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection(), changed(is_private=True))
    await ask(careers)
    await tell(careers, changed(is_private=True, tags=["seen"]))
    await tell(careers, a_rejection(**ANOTHER | {"candidate": PRIVATE}))
    await careers.read_again()
    assert await stopped(careers) == []
    stops = await rows(careers.database, "select 1 from channel_stops where lifted_at is null")
    assert stops == []


async def test_who_asked_for_it_is_silenced_by_a_refusal_that_was_taken_back_and_said_anew(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection(), changed(is_private=True))
    await ask(careers)
    await tell(careers, a_rejection(**ANOTHER), changed(is_private=True, tags=["anew"]))
    assert await stopped(careers) == BOTH
