"""What a recruiter reads in a mail counts as though the person had said it on their page."""

import json
from datetime import timedelta

import pytest

from services.intake.shortlists.jobs import ask_in_turn
from shared.runtime.links import LinkPurpose
from tests.services.intake.conftest import HARTMANN
from tests.services.intake.house import House
from tests.services.intake.shortlisting import keep, link, place

YES, NOT_NOW, NOT_LOOKING = "interested", "not_now", "not_looking"


@pytest.fixture
async def wrote(house: House) -> House:
    """Two may be invited; Ada was, and has answered by mail."""
    await house.add_vacancy()
    for one in ("ada", "grace"):
        await house.add_candidate(one, email=f"{one}@example.org")
        await house.add_rejection(one, application_id=f"of {one}")
        await house.add_consent(one)
    await keep(house, [place("ada", 1, applicationId="of ada"), place("grace", 2)])
    form = {"do": "approve", "candidate": ["ada", "grace"]}
    await house.client.post(link(house), data=form)
    await house.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts) values"
        """ ('ada', 'ada', $1, 'message_sent', '{"shortlistId": "s-1", "messageId": "m-1"}')""",
        house.clock.now(),
    )
    house.clock.move(timedelta(hours=1))
    await house.add_mail_reply("ada", message="m-1", purpose="invitation")
    house.clock.move(timedelta(hours=1))
    return house


def page(house: House, reply: str = "reply", recruiter: str = "rita") -> str:
    return house.link(LinkPurpose.REPLY, reply=reply, recruiter=recruiter)


async def say(house: House, what: str, reply: str = "reply") -> str:
    return (await house.client.post(page(house, reply), data={"do": what})).text


async def press(house: House, what: str) -> None:
    """Answers on the page behind the invitation."""
    theirs = house.letter(application="of ada", purpose="invitation", vacancy="v-9", asks="")
    assert (await house.client.post(theirs, data={"do": what})).status_code == 200


async def test_a_yes_that_a_recruiter_reads_is_an_interest_like_any_other(wrote: House) -> None:
    text = await say(wrote, YES)
    assert "It counts that they would like to talk." in text
    assert "nothing more is to be done here" in text
    [raised] = await wrote.published("interest.raised")
    assert (raised["data"]["purpose"], raised["data"]["contactId"]) == ("invitation", "k-1")
    [answered] = await wrote.published("candidate.answered")
    assert (answered["data"]["answer"], answered["data"]["contactId"]) == (YES, "k-1")
    card, _ = (await wrote.client.get(link(wrote))).text.split("</article>")[:2]
    assert "They answered on 2 March 2026: they are interested." in card


async def test_who_read_it_and_where_is_kept(wrote: House) -> None:
    await say(wrote, YES)
    [said] = await wrote.rows("select facts from timeline where kind = 'interested'")
    facts = json.loads(said["facts"])
    assert (facts["how"], facts["messageId"]) == ("recruiter", "m-1")
    [seen] = await wrote.rows("select * from audit_entries where act = 'reply_interested'")
    assert (seen["actor"], seen["subject"], list(seen["about"])) == ("rita", "reply", ["ada"])


async def test_said_twice_it_has_one_effect(wrote: House) -> None:
    await say(wrote, YES)
    before = await wrote.dump()
    assert "That was said before." in await say(wrote, YES)
    assert await wrote.dump() == before


async def test_a_no_takes_back_what_they_had_pressed_before_they_wrote(wrote: House) -> None:
    await press(wrote, YES)
    wrote.clock.move(timedelta(hours=1))
    await wrote.add_mail_reply("ada", message="m-1", reply="second", purpose="invitation")
    wrote.clock.move(timedelta(hours=1))
    await say(wrote, NOT_NOW, "second")
    [ended] = await wrote.published("interest.ended")
    assert ended["data"]["endedAs"] == "withdrawn"


async def test_whoever_is_no_longer_looking_is_out_of_the_hat_by_what_a_recruiter_read(
    wrote: House,
) -> None:
    await say(wrote, NOT_LOOKING)
    [ended] = await wrote.rows("select how from consent_entries where act = 'ended'")
    assert ended["how"] == "recruiter"
    [answered] = await wrote.published("candidate.answered")
    assert answered["data"]["answer"] == NOT_NOW
    assert "consents" not in (await wrote.published("candidate.changed"))[-1]["data"]


async def test_a_no_that_a_recruiter_reads_lets_the_next_have_their_turn(house: House) -> None:
    await house.add_vacancy()
    for one in ("ada", "grace"):
        await house.add_candidate(one, email=f"{one}@example.org")
        await house.add_rejection(one, application_id=f"of {one}")
    both = [place(one, rank, applicationId=f"of {one}") for rank, one in ((1, "ada"), (2, "grace"))]
    await keep(house, both)
    form = {"do": "approve", "candidate": ["ada", "grace"]}
    await house.client.post(link(house), data=form)
    await house.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts) values"
        """ ('ada', 'ada', $1, 'message_sent', '{"shortlistId": "s-1", "messageId": "m-1"}')""",
        house.clock.now(),
    )
    await house.add_mail_reply("ada", message="m-1", purpose="continuation")
    await say(house, NOT_NOW)
    await ask_in_turn(house.database, HARTMANN, house.clock.now())
    asked = [event["key"] for event in await house.published("invitation.approved")]
    assert asked == ["ada", "grace"]


@pytest.mark.parametrize("purpose", ["letter", "check_in", "outcome", None])
async def test_only_what_answers_an_invitation_can_be_said_to_answer_one(
    wrote: House, purpose: str | None
) -> None:
    await wrote.execute("update mail_replies set purpose = $1", purpose)
    assert "What does it say?" not in (await wrote.client.get(page(wrote))).text
    before = await wrote.dump()
    assert "Nothing was changed" in await say(wrote, YES)
    assert await wrote.dump() == before


async def test_no_closed_vacancy_is_said_yes_to_but_a_no_counts(wrote: House) -> None:
    await wrote.execute("update vacancies set status = 'closed', closed_at = $1", wrote.clock.now())
    text = (await wrote.client.get(page(wrote))).text
    assert (f'value="{YES}"' in text, f'value="{NOT_LOOKING}"' in text) == (False, True)
    assert "Nothing was changed" in await say(wrote, YES)
    assert "It counts that they said: not now." in await say(wrote, NOT_NOW)
    assert not await wrote.published("interest.raised")


@pytest.mark.parametrize("by_mail", [False, True])
async def test_what_they_say_later_themselves_is_not_overtaken_by_an_old_mail(
    wrote: House, by_mail: bool
) -> None:
    if by_mail:
        await wrote.add_mail_reply("ada", message="m-1", reply="second", purpose="invitation")
    else:
        await press(wrote, NOT_NOW)
    wrote.clock.move(timedelta(hours=1))
    text = (await wrote.client.get(page(wrote))).text
    assert "They have answered the same invitation again since" in text
    assert "Nothing was changed" in await say(wrote, YES)
    assert not await wrote.published("interest.raised")


async def test_what_a_recruiter_read_wrongly_can_be_put_right(wrote: House) -> None:
    for said in (YES, NOT_NOW, YES):
        await say(wrote, said)
        wrote.clock.move(timedelta(minutes=1))
    assert [it["data"]["endedAs"] for it in await wrote.published("interest.ended")] == [
        "withdrawn"
    ]
    assert len(await wrote.published("interest.raised")) == 2


async def test_nobody_else_can_say_what_it_says(wrote: House) -> None:
    before = await wrote.dump()
    stranger = page(wrote, recruiter="rob")
    assert (await wrote.client.post(stranger, data={"do": YES})).status_code == 404
    assert await wrote.dump() == before
