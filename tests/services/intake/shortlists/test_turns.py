"""Of those who just missed out, one is asked at a time, in the order in which they finished."""

from datetime import timedelta

import pytest

from services.intake.interests import recording
from services.intake.replies.looking import look
from services.intake.shortlists.decisions import withdraw_invitations
from services.intake.shortlists.jobs import ask_in_turn
from shared.contract.events.purposes import UNANSWERED_AFTER
from shared.runtime.links import LinkPurpose
from tests.services.intake.conftest import HARTMANN
from tests.services.intake.house import House
from tests.services.intake.shortlisting import keep, link, place

SECOND, THIRD, FOURTH = "ada", "grace", "edsger"
EVERYBODY = [SECOND, THIRD, FOURTH]


@pytest.fixture
async def reopened(house: House) -> House:
    """Three who just missed out on a vacancy that is open again; it is Monday, nine in UTC."""
    await house.add_vacancy()
    for candidate_id in EVERYBODY:
        await house.add_candidate(candidate_id, email=f"{candidate_id}@example.org")
        await house.add_rejection(candidate_id, application_id=f"of {candidate_id}")
    await keep(
        house,
        [place(one, rank, applicationId=f"of {one}") for rank, one in enumerate(EVERYBODY, 1)],
    )
    return house


async def approve(house: House, *candidates: str) -> str:
    form = {"do": "approve", "candidate": list(candidates)}
    return (await house.client.post(link(house), data=form)).text


async def asked(house: House) -> list[str]:
    """Returns whom invitations were passed on for, in order, once all turns were looked at."""
    await ask_in_turn(house.database, HARTMANN, house.clock.now())
    return [event["key"] for event in await house.published("invitation.approved")]


async def tell(house: House, candidate: str, kind: str, **facts: str) -> None:
    """Tells what became of the message to somebody, as the notifier would."""
    await house.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts) values ($1, $1, $2,"
        " $3, jsonb_build_object('shortlistId', 's-1', 'messageId', 'm ' || $1) || $4::jsonb)",
        candidate,
        house.clock.now(),
        kind,
        "{}" if not facts else str(facts).replace("'", '"'),
    )


async def answer(house: House, candidate: str, said: str) -> None:
    page = house.letter(
        candidate,
        purpose="continuation",
        message=f"m {candidate}",
        application=f"of {candidate}",
        vacancy="v-9",
        asks="",
    )
    assert (await house.client.post(page, data={"do": said})).status_code == 200


async def test_all_are_approved_at_once_and_second_place_alone_is_asked(reopened: House) -> None:
    page = await approve(reopened, *EVERYBODY)
    assert "3 people approved." in page
    assert page.count("They are asked one at a time, and it is not their turn yet.") == 2
    assert await asked(reopened) == [SECOND]
    (approval,) = await reopened.published("invitation.approved")
    assert approval["data"]["askedFirst"] is True


@pytest.mark.parametrize(
    ("tier", "vacancy", "is_declined", "is_first"),
    [
        ("runner_up", "v-9", False, False),
        ("runner_up", "v-9", True, True),
        ("not_yet", "v-9", False, True),
        ("runner_up", "v-of-another-system", False, False),
        ("runner_up", "v-by-another-name", False, True),
    ],
)
async def test_nobody_is_said_to_be_asked_first_where_another_who_came_close_may_be_asked_beside(
    reopened: House, tier: str, vacancy: str, is_declined: bool, is_first: bool
) -> None:
    other = "v-9" if vacancy == "v-9" else vacancy
    title = "Porter" if vacancy == "v-by-another-name" else "dispatcher, DAY shift"
    if other != "v-9":
        await reopened.add_vacancy(other, title=title)
    await reopened.add_candidate("barbara", email="barbara@example.org")
    await reopened.add_consent("barbara")
    listed = [place("barbara", 1, tier=tier)]
    await keep(reopened, listed, "s-2", vacancyId=other, vacancyTitle=title)
    if is_declined:
        form = {"do": "decline", "candidate": "barbara", "because": "skills"}
        await reopened.client.post(link(reopened, shortlist="s-2"), data=form)
    await approve(reopened, SECOND)
    assert await asked(reopened) == [SECOND]
    (approval,) = await reopened.published("invitation.approved")
    assert approval["data"]["askedFirst"] is is_first


async def test_nobody_waits_for_ever_for_a_decision_about_another(reopened: House) -> None:
    await approve(reopened, THIRD)
    assert await asked(reopened) == []
    reopened.clock.move(timedelta(days=1))
    assert await asked(reopened) == []
    reopened.clock.move(timedelta(days=1))
    assert await asked(reopened) == [THIRD]


async def test_the_next_is_asked_when_the_one_before_says_not_now(reopened: House) -> None:
    await approve(reopened, *EVERYBODY)
    await tell(reopened, SECOND, "message_sent")
    await answer(reopened, SECOND, "not_now")
    assert await asked(reopened) == [SECOND, THIRD]
    _, approval = await reopened.published("invitation.approved")
    assert approval["data"]["askedFirst"] is False
    assert await asked(reopened) == [SECOND, THIRD]


async def test_whoever_answers_by_mail_is_not_taken_to_be_silent(reopened: House) -> None:
    await approve(reopened, *EVERYBODY)
    await tell(reopened, SECOND, "message_sent")
    await reopened.add_mail_reply(SECOND, message=f"m {SECOND}")
    reopened.clock.move(timedelta(days=7))
    assert await asked(reopened) == [SECOND]
    reopened.clock.move(timedelta(days=7))
    assert await asked(reopened) == [SECOND, THIRD]


async def cards(house: House, shortlist_id: str = "s-1") -> list[str]:
    page = (await house.client.get(link(house, shortlist=shortlist_id))).text
    return page.split("</article>")[:-1]


async def test_the_card_says_that_they_answered_by_mail_and_that_a_human_has_read_it(
    reopened: House,
) -> None:
    await approve(reopened, *EVERYBODY)
    await tell(reopened, SECOND, "message_sent")
    reopened.clock.move(timedelta(days=1))
    await reopened.add_mail_reply(SECOND, message=f"m {SECOND}")
    wrote, read = "They answered by email on 3 March 2026.", "A human read it on 4 March 2026."
    second, third, _ = await cards(reopened)
    assert ([wrote in second, read in second], wrote in third) == ([True, False], False)
    reopened.clock.move(timedelta(days=1))
    async with reopened.database.transaction() as conn:
        await look(conn, SECOND, reopened.clock.now(), stop=False)
    second, *_ = await cards(reopened)
    assert second.index(wrote) < second.index(read)


async def test_a_mail_that_asked_for_silence_alone_is_not_said_to_have_been_read(
    reopened: House,
) -> None:
    await approve(reopened, SECOND)
    await tell(reopened, SECOND, "message_sent")
    await reopened.add_mail_reply(SECOND, message=f"m {SECOND}")
    await reopened.execute("update mail_replies set settled_at = received_at")
    second, *_ = await cards(reopened)
    assert "They answered by email on 2 March 2026." in second
    assert "A human read it" not in second


async def test_why_it_is_not_their_turn_is_said_as_it_is(reopened: House) -> None:
    async def reasons() -> list[str]:
        why = {
            "decision": "not decided about",
            "answer": "has two working days to answer",
            "mail": "ten working days",
            "yes": "unless nothing comes of that",
        }
        waiting = [card for card in await cards(reopened) if "not their turn yet" in card]
        return [name for card in waiting for name, said in why.items() if said in card]

    await approve(reopened, THIRD)
    assert await reasons() == ["decision"]
    await approve(reopened, SECOND, FOURTH)
    assert await reasons() == ["answer", "answer"]
    await tell(reopened, SECOND, "message_sent")
    assert await reasons() == ["answer", "answer"]
    await reopened.add_mail_reply(SECOND, message=f"m {SECOND}")
    assert await reasons() == ["mail", "mail"]
    await answer(reopened, SECOND, "interested")
    assert await reasons() == ["yes", "yes"]


@pytest.mark.parametrize("is_asked_again", [False, True])
async def test_what_was_answered_on_a_list_before_is_on_the_next_card_for_the_role(
    reopened: House, is_asked_again: bool
) -> None:
    await approve(reopened, *EVERYBODY)
    for one in EVERYBODY:
        await reopened.add_consent(one)
        await tell(reopened, one, "message_sent", purpose="continuation")
    await reopened.add_mail_reply(SECOND, message=f"m {SECOND}")
    await answer(reopened, THIRD, "interested")
    reopened.clock.move(timedelta(days=1))
    async with reopened.database.transaction() as conn:
        await look(conn, SECOND, reopened.clock.now(), stop=False)
        await withdraw_invitations(conn, ["v-9"], reopened.clock.now())
        await recording.close(conn, ["v-9"], reopened.clock.now())
    reopened.clock.move(timedelta(days=90))
    again = [place(one, rank, applicationId=f"of {one}") for rank, one in enumerate(EVERYBODY, 1)]
    await keep(reopened, again, "s-2")
    if is_asked_again:
        form = {"do": "approve", "candidate": EVERYBODY}
        await reopened.client.post(link(reopened, shortlist="s-2"), data=form)
    second, third, fourth = await cards(reopened, "s-2")
    role = "Dispatcher, day shift"
    wrote = f"{role}: asked; they answered by email on 2 March 2026. A human read it on 3 March"
    assert [wrote in card for card in (second, third, fourth)] == [True, False, False]
    yes = f"{role}: told us on 2 March 2026 that they would like to talk. The vacancy closed"
    assert [yes in card for card in (second, third, fourth)] == [False, True, False]


async def test_whoever_asked_for_silence_is_not_said_to_wait_for_their_turn(
    reopened: House,
) -> None:
    await approve(reopened, *EVERYBODY)
    page = reopened.letter(THIRD, message="m-0", application=f"of {THIRD}")
    await reopened.client.post(page, data={"do": "stop"})
    second, third, fourth = (await reopened.client.get(link(reopened))).text.split("</article>")[:3]
    silence = "They have asked to hear nothing more from us"
    assert [silence in card for card in (second, third, fourth)] == [False, True, False]
    assert ["not their turn yet" in card for card in (second, third, fourth)] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "kind", ["message_failed", "message_dropped", "message_expired", "message_bounced"]
)
async def test_the_next_is_asked_when_the_one_before_cannot_be_reached(
    reopened: House, kind: str
) -> None:
    await approve(reopened, *EVERYBODY)
    await tell(reopened, SECOND, kind, because="address_dead")
    assert await asked(reopened) == [SECOND, THIRD]


async def test_silence_lets_the_next_have_their_turn_after_two_working_days(
    reopened: House,
) -> None:
    await approve(reopened, *EVERYBODY)
    reopened.clock.move(timedelta(days=3))
    await tell(reopened, SECOND, "message_sent")
    reopened.clock.move(timedelta(days=3, hours=23))
    assert await asked(reopened) == [SECOND], "a weekend is no time to answer in"
    reopened.clock.move(timedelta(hours=1))
    assert await asked(reopened) == [SECOND, THIRD]


async def test_time_counts_from_when_the_message_left_and_not_from_the_approval(
    reopened: House,
) -> None:
    await approve(reopened, *EVERYBODY)
    reopened.clock.move(timedelta(days=1, hours=23))
    await tell(reopened, SECOND, "message_sent")
    reopened.clock.move(timedelta(days=1, hours=23))
    assert await asked(reopened) == [SECOND]
    reopened.clock.move(timedelta(hours=1))
    assert await asked(reopened) == [SECOND, THIRD]


async def test_a_message_that_does_not_leave_keeps_nobody_waiting_for_long(
    reopened: House,
) -> None:
    await approve(reopened, *EVERYBODY)
    reopened.clock.move(timedelta(days=1, hours=23))
    assert await asked(reopened) == [SECOND]
    reopened.clock.move(timedelta(hours=1))
    assert await asked(reopened) == [SECOND, THIRD]


async def test_an_application_that_was_decided_otherwise_since_is_passed_over(
    reopened: House,
) -> None:
    await approve(reopened, *EVERYBODY)
    await reopened.execute(
        "update applications set status = 'unrejected' where applicant_key = any($1)",
        [SECOND, THIRD],
    )
    assert await asked(reopened) == [SECOND, FOURTH]


async def test_whoever_agreed_to_nothing_is_asked_once_over_all_reopenings(
    reopened: House,
) -> None:
    await approve(reopened, SECOND)
    facts = {"purpose": "continuation", "applicationId": f"of {SECOND}"}
    await tell(reopened, SECOND, "message_sent", **facts)
    reopened.clock.move(timedelta(days=400))
    again = [place(SECOND, 1, applicationId=f"of {SECOND}")]
    await keep(reopened, again, "s-2")
    page = link(reopened, shortlist="s-2")
    form = {"do": "approve", "candidate": SECOND}
    assert "was asked once" in (await reopened.client.post(page, data=form)).text
    assert await asked(reopened) == [SECOND]
    await reopened.add_consent(SECOND)
    assert (await reopened.client.post(page, data=form)).status_code == 200
    assert await asked(reopened) == [SECOND, SECOND]


async def test_nobody_else_is_asked_while_somebody_is_interested(reopened: House) -> None:
    await approve(reopened, *EVERYBODY)
    await tell(reopened, SECOND, "message_sent")
    await answer(reopened, SECOND, "interested")
    reopened.clock.move(timedelta(days=30))
    assert await asked(reopened) == [SECOND]


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("talking", [SECOND]),
        ("hired", [SECOND]),
        ("not_this_time", [SECOND, THIRD]),
    ],
)
async def test_what_came_of_the_interest_decides_whether_the_next_is_asked(
    reopened: House, said: str, then: list[str]
) -> None:
    await approve(reopened, *EVERYBODY)
    await tell(reopened, SECOND, "message_sent")
    await answer(reopened, SECOND, "interested")
    (raised,) = await reopened.published("interest.raised")
    interest = raised["data"]["interestId"]
    page = reopened.link(LinkPurpose.INTEREST, recruiter="rita", interest=interest)
    assert (await reopened.client.post(page, data={"do": said})).status_code == 200
    assert await asked(reopened) == then


@pytest.mark.parametrize("said", ["talking", "hired"])
async def test_whoever_is_being_hired_for_the_role_is_nobody_to_approve_on_its_next_list(
    reopened: House, said: str
) -> None:
    await approve(reopened, SECOND)
    await tell(reopened, SECOND, "message_sent")
    await answer(reopened, SECOND, "interested")
    (raised,) = await reopened.published("interest.raised")
    interest = raised["data"]["interestId"]
    page = reopened.link(LinkPurpose.INTEREST, recruiter="rita", interest=interest)
    await reopened.client.post(page, data={"do": said})
    reopened.clock.move(timedelta(days=60))
    await reopened.add_consent(SECOND)
    await keep(reopened, [place(one, rank) for rank, one in enumerate(EVERYBODY, 1)], "s-2")
    hired = said == "hired"
    second, third, _ = await cards(reopened, "s-2")
    assert ["you are hiring this person for this role" in card for card in (second, third)] == [
        hired,
        False,
    ]
    assert ("Approve" in second) is not hired
    form = {"do": "approve", "candidate": SECOND}
    await reopened.client.post(link(reopened, shortlist="s-2"), data=form)
    approved = [event["key"] for event in await reopened.published("invitation.approved")]
    assert approved == ([SECOND] if hired else [SECOND, SECOND])


async def test_an_interest_that_nobody_answered_lets_the_next_have_their_turn(
    reopened: House,
) -> None:
    await approve(reopened, *EVERYBODY)
    await tell(reopened, SECOND, "message_sent")
    await answer(reopened, SECOND, "interested")
    reopened.clock.move(UNANSWERED_AFTER + timedelta(days=1))
    await recording.end_unanswered(reopened.database, reopened.clock.now())
    assert await asked(reopened) == [SECOND, THIRD]


async def test_whoever_says_yes_again_after_not_now_is_awaited_again(reopened: House) -> None:
    await approve(reopened, SECOND)
    await tell(reopened, SECOND, "message_sent")
    for said in ("interested", "not_now", "interested"):
        await answer(reopened, SECOND, said)
        reopened.clock.move(timedelta(minutes=1))
    await approve(reopened, THIRD)
    assert await asked(reopened) == [SECOND]


async def test_third_place_waits_until_second_is_decided_about(reopened: House) -> None:
    await approve(reopened, THIRD)
    assert await asked(reopened) == []
    await reopened.client.post(
        link(reopened), data={"do": "decline", "candidate": SECOND, "because": "terms"}
    )
    assert await asked(reopened) == [THIRD]
    (approval,) = await reopened.published("invitation.approved")
    assert approval["data"]["askedFirst"] is True


async def test_whoever_wants_to_hear_nothing_keeps_nobody_waiting(reopened: House) -> None:
    await reopened.client.post(
        reopened.letter(SECOND, application=f"of {SECOND}"), data={"do": "stop"}
    )
    await approve(reopened, THIRD, FOURTH)
    assert await asked(reopened) == [THIRD]


async def test_whoever_stops_while_they_wait_is_passed_over(reopened: House) -> None:
    await approve(reopened, *EVERYBODY)
    await reopened.client.post(
        reopened.letter(THIRD, application=f"of {THIRD}"), data={"do": "stop"}
    )
    await tell(reopened, SECOND, "message_sent")
    await answer(reopened, SECOND, "not_now")
    assert await asked(reopened) == [SECOND, FOURTH]


async def test_taking_the_approval_back_lets_the_next_have_their_turn(reopened: House) -> None:
    await approve(reopened, *EVERYBODY)
    await reopened.client.post(link(reopened), data={"do": "take_back", "candidate": SECOND})
    assert await asked(reopened) == [SECOND], "second place is to be decided about first"
    await reopened.client.post(
        link(reopened), data={"do": "decline", "candidate": SECOND, "because": "terms"}
    )
    assert await asked(reopened) == [SECOND, THIRD]


async def test_one_is_asked_at_a_time_whichever_list_they_stand_on(reopened: House) -> None:
    await reopened.add_candidate("new", email="new@example.org")
    await reopened.add_rejection("new", application_id="of new")
    await keep(reopened, [place("new", 4, applicationId="of new")], "s-2")
    await approve(reopened, SECOND)
    page = link(reopened, shortlist="s-2")
    await reopened.client.post(page, data={"do": "approve", "candidate": "new"})
    assert await asked(reopened) == [SECOND]


async def test_whoever_still_waits_when_the_vacancy_closes_was_never_asked(
    reopened: House,
) -> None:
    await approve(reopened, *EVERYBODY)
    async with reopened.database.transaction() as conn:
        await withdraw_invitations(conn, ["v-9"], reopened.clock.now())
    withdrawn = await reopened.published("invitation.withdrawn")
    assert [event["key"] for event in withdrawn] == [SECOND]
    assert await asked(reopened) == [SECOND]


async def test_a_vacancy_that_cannot_be_read_keeps_no_other_from_its_turn(
    reopened: House,
) -> None:
    await approve(reopened, *EVERYBODY)
    await tell(reopened, SECOND, "message_failed", because="address_dead")
    await reopened.execute(
        "insert into vacancies (vacancy_id, source, status, vacancy, event_time, event_id, type,"
        " version, source_version) values ('broken', 's', 'open', '{}', $1, 'e', 't', 1, 1)",
        reopened.clock.now(),
    )
    await reopened.execute(
        "insert into shortlists values ('s-0', 'broken', 'Picker', true, 9, 1, $1)",
        reopened.clock.now(),
    )
    await reopened.execute(
        "insert into shortlisted values"
        " ('s-0', 'ada', 1, 'not_yet', null, 'met', null, 'a', '[]', '[]')"
    )
    await reopened.execute(
        "insert into shortlist_decisions values ('s-0', 'ada', 'rita', 'approved', null, $1)",
        reopened.clock.now(),
    )
    assert await asked(reopened) == [SECOND, THIRD]
