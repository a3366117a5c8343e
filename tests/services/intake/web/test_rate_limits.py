"""Whoever sends too much hears when to come again, before anything of it is kept."""

import pytest

from services.intake.web import rate_limits
from services.intake.web.rate_limits import SECOND, RateLimit
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.deliveries.calling import connected
from tests.services.intake.front import a_rejection, opened
from tests.services.intake.upstream import rows
from tests.services.intake.webhooks.greenhouse import an_application, hook


def test_a_minutes_worth_may_come_at_once_and_then_as_much_as_a_minute_has() -> None:
    now = [7 * SECOND]
    limit = RateLimit(60, "here", lambda: now[0])
    assert [limit.wait("a") for _ in range(62)] == [0] * 60 + [1, 1]
    assert limit.wait("b") == 0, "others never wait"
    now[0] += 3 * SECOND // 2
    assert [limit.wait("a") for _ in range(3)] == [0, 1, 1]
    now[0] += SECOND // 2
    assert [limit.wait("a") for _ in range(2)] == [0, 1]
    now[0] += 600 * SECOND
    assert [limit.wait("a") for _ in range(61)] == [0] * 60 + [1]


def test_one_a_minute_waits_for_all_of_it() -> None:
    limit = RateLimit(1, "here", lambda: 5)
    assert [limit.wait("a"), limit.wait("a")] == [0, 60]


def test_of_very_many_senders_only_the_newest_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limits, "MOST_REMEMBERED", 100)
    limit = RateLimit(1, "here")
    for number in range(1000):
        limit.wait(str(number))
    assert len(limit._paid_until) == 100


async def test_too_many_requests_with_a_key_are_answered_before_anything_is_recorded(
    databases: Databases, clock: ManualClock
) -> None:
    async with opened(databases, clock, key_requests_per_minute=2) as front:
        answers = [
            await front.post("/v1/rejections", a_rejection(applicationId=f"a-{number}"))
            for number in range(3)
        ]
        assert [answer.status_code for answer in answers] == [202, 202, 429]
        refused = answers[-1]
        assert 0 < int(refused.headers["retry-after"]) <= 30
        assert refused.headers["content-type"] == "application/problem+json"
        assert "2 requests a minute with this API key" in refused.json()["detail"]
        known = await rows(front.service.database, "select application_id from applications")
        assert len(known) == 2


async def test_an_address_with_many_keys_is_one_sender(
    databases: Databases, clock: ManualClock
) -> None:
    async with opened(databases, clock, address_requests_per_minute=2) as front:
        statuses = [
            (await front.post("/v1/rejections", {}, authorization=f"Bearer ny_{it}_0")).status_code
            for it in range(3)
        ]
        assert statuses == [401, 401, 429]
        assert (await front.client.get("/")).status_code == 200, "pages are nobody's requests"


async def test_a_source_that_calls_too_often_hears_when_to_repeat_and_nobody_else_uses_it_up(
    databases: Databases, clock: ManualClock
) -> None:
    async with connected(databases, clock, source_calls_per_minute=2) as careers:
        forged = [await careers.call({}, signature="sha256 00") for _ in range(5)]
        assert {answer.status_code for answer in forged} == {401}
        called = [
            await careers.call(hook("reject_candidate", application=an_application(id=number)))
            for number in range(3)
        ]
        assert [answer.status_code for answer in called] == [200, 200, 429]
        assert 0 < int(called[-1].headers["retry-after"]) <= 30
        assert len(await careers.made()) == 2
