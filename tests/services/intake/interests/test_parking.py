"""One interest that cannot be told of, or ended, keeps no other one waiting."""

import pytest

from services.intake.interests.recording import end_unanswered
from shared.contract.events.purposes import UNANSWERED_AFTER
from shared.runtime import parking
from tests.services.intake.house import House
from tests.services.intake.vacancies.stream import recruit_at

WHO = ("c-1", "c-2", "c-3")
YES = {"do": "interested"}


@pytest.fixture
async def unheard(house: House) -> House:
    """Three people who said that they would like to talk, which nobody answered for too long."""
    await house.add_vacancy()
    for who in WHO:
        await house.add_candidate(who, name=who, email=f"{who}@example.org")
        letter = house.letter(
            who, asks="", purpose="invitation", vacancy="v-9", application="", message=f"m-{who}"
        )
        await house.client.post(letter, data=YES)
    house.clock.move(2 * UNANSWERED_AFTER)
    return house


async def poison(house: House) -> None:
    """Leaves one of them an id that no event can carry."""
    await house.execute("update interests set interest_id = '' where candidate_id = 'c-2'")


async def ended(house: House) -> list[str]:
    return sorted(it["data"]["candidateId"] for it in await house.published("interest.ended"))


async def test_what_cannot_be_ended_is_parked_and_the_others_end(unheard: House) -> None:
    await poison(unheard)
    assert not await end_unanswered(unheard.database, unheard.clock.now())
    assert await ended(unheard) == ["c-1", "c-3"]
    open_still = await unheard.rows("select candidate_id from interests where ended_at is null")
    assert [row["candidate_id"] for row in open_still] == ["c-2"]
    (parked,) = await unheard.rows("select job, key, reason from parked_rows")
    assert tuple(parked) == ("unanswered interests", "", "ValidationError")
    async with unheard.database.connection() as conn:
        assert await parking.counts(conn) == {"unanswered interests": 1}


async def test_what_is_parked_leaves_its_place_to_the_next(
    unheard: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.interests.recording.AT_A_TIME", 1)
    await poison(unheard)
    while await end_unanswered(unheard.database, unheard.clock.now()):
        pass
    assert await ended(unheard) == ["c-1", "c-3"]


async def test_what_has_ended_otherwise_is_parked_no_longer(unheard: House) -> None:
    await poison(unheard)
    await end_unanswered(unheard.database, unheard.clock.now())
    await unheard.execute("delete from candidates where candidate_id = 'c-2'")
    await end_unanswered(unheard.database, unheard.clock.now())
    assert not await unheard.rows("select 1 from parked_rows")


async def test_a_vacancy_that_the_desk_cannot_be_given_is_parked_and_it_is_given_the_others(
    unheard: House,
) -> None:
    await poison(unheard)
    await unheard.add_vacancy("v-10")
    await unheard.execute("delete from recruiter_vacancies")
    await recruit_at(unheard.database, "jobs@example.com", unheard.clock.now())
    given = "select vacancy_id from recruiter_vacancies"
    assert [row["vacancy_id"] for row in await unheard.rows(given)] == ["v-10"]
    (parked,) = await unheard.rows("select job, key, reason from parked_rows")
    assert tuple(parked) == ("recruiting desk", "v-9", "ValidationError")

    await unheard.execute("update interests set interest_id = 'i-2' where interest_id = ''")
    await unheard.execute("update parked_rows set parked_until = clock_timestamp()")
    await recruit_at(unheard.database, "jobs@example.com", unheard.clock.now())
    assert len(await unheard.rows(given)) == 2
    assert not await unheard.rows("select 1 from parked_rows")
