"""One row of the matcher that cannot be read costs only itself."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from deploy.local.demo.personas import CARDIOLOGY_NURSE, NURSE, Attitude, Opening, Person
from tests.journeys.acts import reject, runner_up, say_yes
from tests.journeys.conftest import Stage, commanded

pytestmark = pytest.mark.asyncio(loop_scope="package")

ADA = Person(401, "Ada", "Row", "Europe/Vienna", "AT", Attitude.EAGER)
BEN = Person(402, "Ben", "Row", "Europe/Vienna", "AT", Attitude.EAGER)


BAKER = Opening(
    vacancy_id="row-baker",
    title="Baker",
    description="Bake bread and rolls by hand: dough, ovens, the shop before it opens.",
    skills=["sourdough", "ovens", "hygiene"],
    locality="Linz",
    country="AT",
    recruiter="Rosa Row",
    field_of_work="baking",
    months_needed=24,
)
HEAD_BAKER = replace(BAKER, vacancy_id="row-head-baker", title="Head Baker")
ROW_NURSE = replace(NURSE, vacancy_id="row-nurse")
UNREADABLE = replace(CARDIOLOGY_NURSE, vacancy_id="row-cardiology")


async def test_a_vacancy_and_bags_that_cannot_be_read_hold_up_no_other_search(
    stage: Stage,
) -> None:
    await reject(stage, runner_up(ADA, BAKER), runner_up(BEN, ROW_NURSE))
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=7))
    for person in (ADA, BEN):
        await say_yes(stage, person)
    stage.stack.processes["matcher"][0].kill()
    await stage.conn.execute(
        "update matcher.bags set words = 'x' where number = (select number from matcher.candidates"
        " where state #>> '{rejections,0,vacancyId}' = $1)",
        ROW_NURSE.vacancy_id,
    )
    await stage.stack.ready(60)
    await stage.conn.execute(
        "create function matcher.spoil() returns trigger language plpgsql as"
        " $$ begin new.vacancy = '{}'; return new; end $$;"
        "create trigger spoil before insert on matcher.vacancies for each row"
        f" when (new.vacancy_id = '{UNREADABLE.vacancy_id}')"
        " execute function matcher.spoil()"
    )
    for opening in (UNREADABLE, HEAD_BAKER):
        assert (await stage.post("/v1/vacancies", opening.as_vacancy())).status_code == 202
    await until_parked(stage, 1)
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(hours=2))
    (shortlist,) = await stage.mail_to(HEAD_BAKER.recruiter_email)
    assert HEAD_BAKER.title in shortlist["text"]
    assert "unreadable_vacancy" in commanded(stage.stack, "matcher", "parked", "list")


async def until_parked(stage: Stage, searches: int) -> None:
    async with asyncio.timeout(60):
        while searches > await stage.conn.fetchval(
            "select count(*) from matcher.parked_rows where job = 'searches'"
        ):
            await asyncio.sleep(0.2)
