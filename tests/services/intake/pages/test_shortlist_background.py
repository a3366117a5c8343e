"""What a recruiter can look up of somebody: what was sent, what they wrote, where they applied."""

import json
from datetime import timedelta

import pytest

from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.front import a_rejection, opened
from tests.services.intake.house import House
from tests.services.intake.shortlisting import link

URL = "https://ats.example/applications/a-1?tab=notes"


async def page(house: House) -> str:
    return (await house.client.get(link(house))).text


async def test_the_resume_is_shown_as_it_is_published(shortlist: House) -> None:
    for scrubbed, expected in ((None, "Ada keeps engines"), ("X keeps <engines>", "&lt;engines")):
        await shortlist.execute("delete from profiles")
        await shortlist.execute(
            "insert into profiles values ('ada', 'ada', $1, $2, $3, 'e')",
            json.dumps({"resumeText": "Ada keeps engines"}),
            json.dumps({"resumeText": scrubbed}) if scrubbed else None,
            shortlist.clock.now(),
        )
        assert expected in await page(shortlist)
    assert "Ada keeps" not in await page(shortlist)


async def test_everything_that_was_sent_is_listed_latest_first(shortlist: House) -> None:
    for days, purpose in ((90, "letter"), (30, "check_in"), (1, "birthday")):
        await shortlist.execute(
            "insert into timeline (candidate_id, applicant_key, at, kind, facts) values"
            " ('ada', 'ada', $1, 'message_sent', jsonb_build_object('purpose', $2::text))",
            shortlist.clock.now() - timedelta(days=days),
            purpose,
        )
    text = (await page(shortlist)).partition("Everything we sent")[2]
    lines = [text.index(words) for words in ("A message,", "Check-in,", "Rejection letter,")]
    assert lines == sorted(lines)


async def test_an_application_is_linked_to_the_system_that_told_of_it(shortlist: House) -> None:
    assert "in your hiring system" not in await page(shortlist)
    await shortlist.execute("update applications set application_url = $1", URL)
    text = await page(shortlist)
    assert f'href="{URL}"' in text
    assert "Their application for Dispatcher, in your hiring system" in text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (URL, URL),
        ("http://ats.example/1", None),
        ("javascript:alert(1)", None),
        ('https://ats.example/" onclick="x', None),
        (7, None),
    ],
)
async def test_only_a_web_address_over_tls_is_kept_and_the_rejection_counts_anyway(
    databases: Databases, clock: ManualClock, given: object, kept: str | None
) -> None:
    async with opened(databases, clock) as front:
        body = a_rejection(applicationUrl=given)
        answer = await front.post("/v1/rejections", body)
        assert answer.status_code == 202
        assert ("applicationUrl" in answer.text) is (kept is None)
        async with front.service.database.connection() as conn:
            assert await conn.fetchval("select application_url from applications") == kept
