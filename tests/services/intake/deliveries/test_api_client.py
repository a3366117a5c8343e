"""An API is read within bounds, and what it answers is good for one thing each."""

import asyncio
import gzip
import ssl
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.intake.deliveries import api_client
from services.intake.deliveries.api_client import ApiClient, Away, Busy, Refused, Wrong
from tests.services.intake.deliveries.stand_in import (
    LATE,
    Answer,
    StandIn,
    impatient_with,
    page,
    standing_in,
)

HERE = "/people/1"
GOOD = page({"id": 1})
VERIFY = ssl.create_default_context()


@pytest.fixture
async def api(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    monkeypatch.setattr(api_client, "FIRST_PAUSE_SECONDS", 0.01)
    async with standing_in() as stand_in:
        yield stand_in


async def read(api: StandIn, *answers: Answer, per_second: float = 1000.0) -> bytes | None:
    api.says(HERE, *answers)
    client = ApiClient(VERIFY, per_second)
    try:
        return await client.read(api.url + HERE, {"authorization": "Bearer t"})
    finally:
        await client.close()


async def test_what_is_there_is_returned_and_what_is_not_is_none(api: StandIn) -> None:
    assert await read(api, GOOD) == b'{"id": 1}'
    assert api.asked[0][1]["authorization"] == "Bearer t"
    assert await read(api, Answer(404)) is None
    assert await read(api, Answer(410)) is None


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_what_fails_for_a_moment_is_tried_again_at_once(api: StandIn, status: int) -> None:
    assert await read(api, Answer(status), Answer(status), GOOD)
    with pytest.raises(Away):
        await read(api, Answer(status))
    assert len(api.asked) == 6


async def test_what_takes_too_long_or_is_cut_off_counts_as_away(api: StandIn) -> None:
    with impatient_with(LATE), pytest.raises(Away):
        await read(api, LATE)
    with pytest.raises(Away):
        await read(api, Answer(body=b"{}", promised=100))
    api.url = "http://127.0.0.1:1"
    with pytest.raises(Away):
        await read(api, GOOD)


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_system_is_not_tried_again_and_says_for_how_long(
    api: StandIn, status: int
) -> None:
    with pytest.raises(Busy) as busy:
        await read(api, Answer(status, headers={"Retry-After": "120"}))
    assert (busy.value.seconds, len(api.asked)) == (120, 1)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7), ("0", 1), ("999999", 3600), ("soon", 30), ("", 30), ("-5", 30), ("\u0663", 30)],
)
def test_how_long_a_system_may_be_left_alone_is_bounded(said: str, seconds: float) -> None:
    assert api_client.rest_of(said) == seconds


@pytest.mark.parametrize(
    ("ahead", "seconds"), [(120, 120), (-120, 1), (0, 1), (86_400, 3600), (10**9, 3600)]
)
@pytest.mark.parametrize("written", ["%a, %d %b %Y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"])
def test_a_date_until_which_a_system_is_to_be_left_alone_is_kept_to(
    written: str, ahead: int, seconds: float
) -> None:
    until = datetime.now(UTC) + timedelta(seconds=ahead)
    assert api_client.rest_of(until.strftime(written)) == pytest.approx(seconds, abs=2)


@pytest.mark.parametrize(
    "said", ["Wed, 31 Feb 2026 07:28:00 GMT", "1 Mar 99999 00:00:00 GMT", "Mon", ",", "1 1 1 1 1"]
)
def test_what_is_no_date_counts_as_nothing_said(said: str) -> None:
    assert api_client.rest_of(said) == api_client.REST


async def test_a_revoked_token_is_told_apart_from_one_without_a_right(api: StandIn) -> None:
    with pytest.raises(Refused):
        await read(api, Answer(401))
    with pytest.raises(Wrong, match="give it the rights"):
        await read(api, Answer(403))


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(body=b"<html>Maintenance</html>"), "something else than JSON"),
        (Answer(body=b""), "something else than JSON"),
        (Answer(body=b'{"id": 1'), "something else than JSON"),
        (Answer(body=b"[" + b"1," * api_client.LARGEST + b"1]"), "more than 1024 KiB"),
        (
            Answer(body=gzip.compress(b"{}"), headers={"content-encoding": "gzip"}),
            "an encoding that was not asked for",
        ),
        (Answer(400), "answered 400"),
        (Answer(304), "answered 304"),
        (Answer(204), "something else than JSON"),
    ],
)
async def test_a_wrong_page_is_no_answer(api: StandIn, answer: Answer, why: str) -> None:
    with pytest.raises(Wrong, match=why):
        await read(api, answer)
    assert len(api.asked) == 1


async def test_half_a_character_in_an_answer_costs_itself_alone(api: StandIn) -> None:
    answer = Answer(body=rb'{"name": "Mira \ud83d\u0000O\\u0000", "id": 1}')
    assert await read(api, answer) == rb'{"name": "Mira O\\u0000", "id": 1}'


async def test_no_redirect_is_followed_and_no_cookie_is_kept(api: StandIn) -> None:
    async with standing_in() as other:
        other.says(HERE, GOOD)
        headers = {"location": other.url + HERE, "set-cookie": "a=b"}
        with pytest.raises(Wrong, match="answered 302"):
            await read(api, Answer(302, headers=headers))
        assert other.asked == []
    client = ApiClient(VERIFY, 1000)
    api.says(HERE, Answer(body=b"{}", headers={"set-cookie": "a=b"}))
    for _ in range(2):
        await client.read(api.url + HERE, {})
    await client.close()
    assert "cookie" not in api.asked[-1][1]


async def test_no_more_is_asked_in_a_second_than_the_system_likes(api: StandIn) -> None:
    api.says(HERE, GOOD)
    client = ApiClient(VERIFY, per_second=20)
    began = time.monotonic()
    await asyncio.gather(*(client.read(api.url + HERE, {}) for _ in range(5)))
    await client.close()
    assert time.monotonic() - began >= 4 / 20 - 0.02
