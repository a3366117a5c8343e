"""A key opens what its scopes say, its use is kept, and guessing is slowed down."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.intake.keys import store, throttle
from services.intake.keys.domain import Scope
from services.intake.keys.throttle import Throttle
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.front import Front, a_rejection, a_vacancy, opened
from tests.services.intake.upstream import ATS, NOW, rows

PATHS = {
    "/v1/rejections": a_rejection(),
    "/v1/rejections/batch": [a_rejection()],
    "/v1/vacancies": a_vacancy(),
    "/v1/vacancies/batch": [a_vacancy()],
}


@pytest.fixture
async def front(databases: Databases, clock: ManualClock) -> AsyncIterator[Front]:
    async with opened(databases, clock) as door:
        yield door


async def key(front: Front, *scopes: Scope) -> str:
    async with front.service.database.transaction() as conn:
        return await store.create(conn, ATS, NOW, scopes)


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        (Scope.REJECTIONS, {"/v1/rejections", "/v1/rejections/batch"}),
        (Scope.VACANCIES, {"/v1/vacancies", "/v1/vacancies/batch"}),
        (Scope.IMPORTS, {"/v1/rejections/batch"}),
    ],
)
async def test_a_key_opens_what_its_scope_says_and_nothing_else(
    front: Front, scope: Scope, allowed: set[str]
) -> None:
    front.client.headers["authorization"] = f"Bearer {await key(front, scope)}"
    answers = {path: await front.post(path, body) for path, body in PATHS.items()}
    statuses = {path: answer.status_code for path, answer in answers.items()}
    assert statuses == {path: 202 if path in allowed else 403 for path in PATHS}
    refused = [answer for answer in answers.values() if answer.status_code == 403]
    assert all(f"this one has: {scope}" in answer.json()["detail"] for answer in refused)


async def test_an_import_key_takes_nothing_back(front: Front) -> None:
    front.client.headers["authorization"] = f"Bearer {await key(front, Scope.IMPORTS)}"
    assert (await front.post("/v1/events", {})).status_code == 403


async def test_the_list_tells_when_a_key_was_used_last(front: Front, clock: ManualClock) -> None:
    used = "select last_used_at from api_keys"
    assert await rows(front.service.database, used) == [{"last_used_at": None}]
    clock.move(timedelta(days=1))
    await front.post("/v1/rejections", a_rejection())
    assert await rows(front.service.database, used) == [{"last_used_at": clock.now()}]


async def test_after_wrong_keys_an_address_waits_but_a_key_that_was_good_does_not(
    front: Front,
) -> None:
    good = front.client.headers["authorization"]
    assert (await front.post("/v1/rejections", a_rejection())).status_code == 202
    front.client.headers["authorization"] = "Bearer ny_000000000000_guess"
    guesses = [await front.post("/v1/rejections", a_rejection()) for _ in range(11)]
    assert [answer.status_code for answer in guesses] == [401] * 10 + [429]
    assert 0 < int(guesses[-1].headers["retry-after"]) <= 60
    assert guesses[-1].headers["content-type"] == "application/problem+json"
    front.client.headers["authorization"] = f"Bearer {await key(front, Scope.REJECTIONS)}"
    assert (await front.post("/v1/rejections", a_rejection())).status_code == 429
    front.client.headers["authorization"] = good
    assert (await front.post("/v1/rejections", a_rejection())).status_code == 202


def test_the_wait_ends_and_others_never_waited() -> None:
    now = [1000.0]
    throttle = Throttle(lambda: now[0])
    for _ in range(10):
        throttle.wrong("192.0.2.1")
    assert (throttle.wait("192.0.2.1"), throttle.wait("192.0.2.2")) == (60, 0)
    now[0] += 59.5
    assert throttle.wait("192.0.2.1") == 1
    now[0] += 0.5
    assert throttle.wait("192.0.2.1") == 0
    throttle.wrong("192.0.2.1")
    assert throttle.wait("192.0.2.1") == 0


def test_a_subscriber_with_many_addresses_waits_as_one() -> None:
    throttle = Throttle()
    for number in range(10):
        throttle.wrong(f"2001:db8:1:2::{number}")
    assert throttle.wait("2001:db8:1:2:ffff::1")
    assert not throttle.wait("2001:db8:1:3::1")


def test_of_very_many_addresses_only_the_newest_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(throttle, "MOST_REMEMBERED", 100)
    counting = Throttle()
    for number in range(1000):
        counting.wrong(f"192.0.2.{number % 250}-{number}")
    assert len(counting._tries) == 100
