"""The recruiter's shortlist page: seen by those of the vacancy, decided once, for those who can."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.intake.shortlists.decisions import withdraw_invitations
from shared.runtime.links import LinkPurpose
from tests.services.intake.house import House
from tests.services.intake.shortlisting import keep, link, place

APPROVE = {"do": "approve", "candidate": "ada"}
DECLINE = {"do": "decline", "candidate": "ada", "because": "terms"}
KNOWN = {"code": "skill_listed", "name": "Excel"}


@pytest.fixture
async def shortlist(house: House) -> House:
    """Ada and Grace, who agreed to hear of similar openings, on a shortlist for Rita's vacancy."""
    await house.add_vacancy()
    for candidate_id, name in (("ada", "Ada Lovelace"), ("grace", "Grace Hopper")):
        await house.add_candidate(candidate_id, name=name)
        await house.add_rejection(candidate_id)
        await house.add_consent(candidate_id)
    await keep(house, [place("ada", 1), place("grace", 2)])
    return house


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_opening_a_shortlist_changes_nothing(shortlist: House, method: str) -> None:
    before = await shortlist.dump()
    assert (await shortlist.client.request(method, link(shortlist))).status_code == 200
    assert await shortlist.dump() == before


async def test_a_recruiter_sees_who_was_found_and_why(shortlist: House) -> None:
    await shortlist.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts)"
        """ values ('ada', 'ada', $1, 'message_sent', '{"purpose": "letter"}'),"""
        """ ('ada', 'ada', $2, 'message_sent', '{"purpose": "check_in"}')""",
        shortlist.clock.now() - timedelta(days=200),
        shortlist.clock.now() - timedelta(days=20),
    )
    text = (await shortlist.client.get(link(shortlist))).text
    for words in (
        "Dispatcher, day shift",
        "2 past applicants who may fit, out of 1,148 whom we could ask",
        "Ada Lovelace",
        "Just missed out",
        "Should have what was missing by now: assumed, please check",
        "Finished number 2 for Dispatcher in January 2026",
        "6 months of logistics by March 2024, and 2 years and 6 months by now if they stayed",
        "Rejection letter, 14 August 2025",
        "Check-in, 10 February 2026",
        "Similar roles, by email, until 2 March 2027",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Should have what was missing by now: assumed, please check"),
        (1, "Will not meet every requirement of this role before 3 March 2026"),
        (70, "Will not meet every requirement of this role before May 2026"),
    ],
)
async def test_who_was_to_be_ready_by_now_should_be(shortlist: House, days: int, said: str) -> None:
    ready_on = str(shortlist.clock.now().date() + timedelta(days=days))
    await keep(shortlist, [place("ada", 1, readiness="not_met", readyOn=ready_on)], "s-2")
    assert said in (await shortlist.client.get(link(shortlist, shortlist="s-2"))).text


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"rankedLower": 4},
            "The one past applicant who seems to fit best, out of 1,148 whom we could ask;"
            " 4 more may fit.",
        ),
        (
            {"ofNewcomers": True},
            "1 more past applicant who may fit, out of 1,148 whom we could ask, beside those on"
            " your list.",
        ),
    ],
)
async def test_a_recruiter_reads_that_a_list_is_not_everybody_or_not_the_first(
    shortlist: House, facts: dict[str, Any], said: str
) -> None:
    await keep(shortlist, [place("ada", 1)], "s-2", **facts)
    assert said in (await shortlist.client.get(link(shortlist, shortlist="s-2"))).text


async def test_what_their_hiring_system_told_them_is_not_said_to_be_told_by_us(
    shortlist: House,
) -> None:
    asked = """{"purpose": "question"}"""
    await shortlist.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts)"
        " values ('ada', 'ada', $1, 'message_sent', $2)",
        shortlist.clock.now(),
        asked,
    )
    told_by_it = "update applications set rejection = rejection || '{\"alreadyTold\": true}'"
    await shortlist.execute(f"{told_by_it} where applicant_key = 'ada'")
    ada, grace = (await shortlist.client.get(link(shortlist))).text.split("</article>")[:2]
    told = ada.partition("Told the outcome")[2].partition("Last message")[0]
    assert "By the hiring system, not by us" in told
    assert "Asked to stay in touch" not in told
    assert "Not yet" in grace.partition("Told the outcome")[2].partition("Last message")[0]


async def test_that_nothing_is_known_of_the_requirements_is_not_worth_a_line(
    shortlist: House,
) -> None:
    await keep(shortlist, [place("ada", 1, readiness="unknown")], "s-2")
    text = (await shortlist.client.get(link(shortlist, shortlist="s-2"))).text
    assert '<span class="tag">Just missed out</span></p>' in text
    lacks = {"code": "nothing_known", "name": "Excel", "standing": "unknown"}
    doubtful = place("ada", 1, readiness="unknown", reasonsAgainst=[lacks])
    await keep(shortlist, [doubtful], "s-3")
    text = (await shortlist.client.get(link(shortlist, shortlist="s-3"))).text
    assert "Not known whether they meet every requirement of this role" in text


async def test_what_somebody_told_us_since_is_shown_as_their_own_word_with_what_came_of_it(
    shortlist: House,
) -> None:
    gap = {"requirementId": "r-1", "kind": "licence", "name": "Nursing licence"}
    await shortlist.add_vacancy("v-1", title="Dispatcher", recruiters=["rosa"])
    await shortlist.add_rejection("ada", application_id="a-2", shortfalls=[gap])
    late = place("ada", 1, readiness="not_met", readyOn="2027-01-10")
    await keep(shortlist, [late, place("grace", 2)], "s-2")
    shortlist.clock.move(timedelta(days=1))
    theirs = shortlist.letter(purpose="ready", asks="", application="a-2")
    said = await shortlist.client.post(theirs, data={"do": "has_it_now", "gap": "r-1"})
    assert said.status_code == 200
    page = (await shortlist.client.get(link(shortlist, shortlist="s-2"))).text
    ada, grace = page.split("</article>")[:2]
    for words in (
        "Will not meet every requirement of this role before January 2027"
        " (as known on 2 March 2026",
        "Says they now have Nursing licence (their own word, 3 March 2026)",
        "told us on 3 March 2026 that they now have something that was missing (their own word).",
        "None of you has told us yet what came of it.",
    ):
        assert words in ada
    assert "their own word" not in grace


async def approved_as_porter(house: House) -> None:
    """Approves Ada for another role too."""
    await house.add_vacancy("v-2", title="Night Porter")
    await keep(house, [place("ada", 1)], "s-2")
    await house.execute(
        "update shortlists set vacancy_id = 'v-2', vacancy_title = 'Night Porter'"
        " where shortlist_id = 's-2'"
    )
    await house.client.post(link(house, shortlist="s-2"), data=APPROVE)


async def test_a_card_tells_of_the_other_roles_somebody_is_considered_for(
    shortlist: House,
) -> None:
    await approved_as_porter(shortlist)
    approved = "Night Porter: approved on 2 March 2026; they have not been asked yet."
    ada, grace = (await shortlist.client.get(link(shortlist))).text.split("</article>")[:2]
    assert (approved in ada, approved in grace) == (True, False)
    yes = shortlist.letter(purpose="invitation", message="m-2", asks="", vacancy="v-2")
    await shortlist.client.post(yes, data={"do": "interested"})
    page = (await shortlist.client.get(link(shortlist))).text
    assert "Night Porter: told us on 2 March 2026 that they would like to talk." in page
    assert approved not in page
    await shortlist.execute("update vacancies set source = 'other' where vacancy_id = 'v-2'")
    await shortlist.execute("insert into vacancy_ids values ('other', 'v-2', 'v-2')")
    assert "Night Porter: told" not in (await shortlist.client.get(link(shortlist))).text


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("message_sent", None, "asked on 2 March 2026; they have not answered so far."),
        ("message_sent", "not_now", "told us on 2 March 2026: not now."),
        ("message_failed", None, "our message did not reach them, as we learned on 2 March 2026."),
    ],
)
async def test_how_far_an_approval_for_another_role_has_come_is_said(
    shortlist: House, kind: str, answer: str | None, said: str
) -> None:
    await approved_as_porter(shortlist)
    await shortlist.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts) values"
        """ ('ada', 'ada', $1, $2, '{"shortlistId": "s-2", "messageId": "m-2"}')""",
        shortlist.clock.now(),
        kind,
    )
    letter = shortlist.letter(purpose="invitation", message="m-2", asks="", vacancy="v-2")
    if answer:
        await shortlist.client.post(letter, data={"do": answer})
    page = (await shortlist.client.get(link(shortlist))).text
    assert said in page.partition("Night Porter")[2]
    assert "have not said yes" not in page


async def test_whoever_answered_by_mail_is_not_said_to_be_silent(shortlist: House) -> None:
    await approved_as_porter(shortlist)
    await shortlist.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts) values"
        """ ('ada', 'ada', $1, 'message_sent', '{"shortlistId": "s-2", "messageId": "m-2"}')""",
        shortlist.clock.now(),
    )
    await shortlist.add_mail_reply("ada", message="m-2")
    page = (await shortlist.client.get(link(shortlist))).text
    assert "Night Porter: asked; they answered by email on 2 March 2026." in page


@pytest.mark.parametrize("told", [-1, 1])
async def test_news_is_on_the_card_whenever_it_was_told_and_needs_no_profile(
    shortlist: House, told: int
) -> None:
    at = shortlist.clock.now() + timedelta(hours=told)
    await shortlist.execute(
        "insert into news (applicant_key, candidate_id, kind, name, told_at)"
        " values ('ada', 'ada', 'job', 'Ward Nurse', $1), ('ada', 'ada', 'place', 'Linz', $1)",
        at,
    )
    ada, grace = (await shortlist.client.get(link(shortlist))).text.split("</article>")[:2]
    for words in ("New job: Ward Nurse", "New place to live: Linz"):
        assert ada.count(f"{words} (their own word, 2 March 2026)") == 1
        assert words not in grace
    assert ("as known on" in ada) is (told > 0)


async def test_what_somebody_had_told_us_on_the_day_of_the_list_was_known_to_it(
    shortlist: House,
) -> None:
    gap = {"requirementId": "r-1", "kind": "licence", "name": "Nursing licence"}
    await shortlist.add_rejection("ada", application_id="a-2", shortfalls=[gap])
    theirs = shortlist.letter(purpose="ready", asks="", application="a-2")
    await shortlist.client.post(theirs, data={"do": "has_it_now", "gap": "r-1"})
    shortlist.clock.move(timedelta(hours=1))
    await keep(shortlist, [place("ada", 1)], "s-2")
    page = (await shortlist.client.get(link(shortlist, shortlist="s-2"))).text
    assert "as known on" not in page
    assert "Says they now have" not in page


async def test_why_they_were_turned_down_before_speaks_against_them(shortlist: House) -> None:
    german = {"requirementId": "r-1", "kind": "language", "name": "German"}
    weak = {"code": "language_too_weak"}
    await shortlist.add_rejection(
        "ada", application_id="a-2", title="Porter", reason=weak, shortfalls=[german], source="s"
    )
    await shortlist.execute("delete from applications where application_id = 'a-1'")
    await keep(shortlist, [place(one, 1, reasonsAgainst=[]) for one in ("ada", "grace")], "s-2")
    ada, grace = (await shortlist.client.get(link(shortlist, shortlist="s-2"))).text.split(
        "</article>"
    )[:2]
    why = "Turned down for Porter in March 2026: a language was too weak; missing then: German"
    assert why in ada
    assert "Nothing that we know of." not in ada
    assert why not in grace
    ready = shortlist.letter(purpose="ready", asks="", application="a-2")
    await shortlist.client.post(ready, data={"do": "has_it_now", "gap": "r-1"})
    assert why in (await shortlist.client.get(link(shortlist, shortlist="s-2"))).text


async def test_what_is_reckoned_already_and_what_says_nothing_of_them_is_no_reason_against(
    shortlist: House,
) -> None:
    gap = {"requirementId": "r-1", "kind": "experience", "name": "Logistics"}
    for one, code in (("ada", "experience_too_short"), ("grace", "other_candidate_stronger")):
        await shortlist.execute("delete from applications where candidate_id = $1", one)
        gaps = [gap] if one == "ada" else []
        await shortlist.add_rejection(
            one, application_id=f"b-{one}", reason={"code": code}, shortfalls=gaps, source="s"
        )
    await keep(shortlist, [place("ada", 1), place("grace", 2, reasonsAgainst=[])], "s-2")
    page = (await shortlist.client.get(link(shortlist, shortlist="s-2"))).text
    assert "Turned down" not in page
    assert page.count("Nothing that we know of.") == 1


async def test_the_only_one_of_a_list_has_no_number(shortlist: House) -> None:
    await keep(shortlist, [place("ada", 3)], "s-2")
    text = (await shortlist.client.get(link(shortlist, shortlist="s-2"))).text
    assert "Number" not in text.partition("<h1>")[2].partition("Reasons for")[0]
    assert "role that is open again" not in text


async def test_each_claim_is_shown_with_what_it_rests_on(shortlist: House) -> None:
    cited = {"source": "job", "words": "stock control", "title": "Picker", "until": "2024-05"}
    shows = {"code": "mentioned", "name": "stock control", "citations": [cited]}
    late = {"readiness": "not_met", "readyOn": "2027-03-10", "missed": "Dispatcher"}
    await keep(shortlist, [place("ada", 1, reasonsFor=[shows], **late)], "s-2")
    text = (await shortlist.client.get(link(shortlist, shortlist="s-2"))).text
    for words in (
        "“stock control”, as Picker until May 2024",
        "Just missed out on Dispatcher",
        "Will not meet every requirement of this role before March 2027",
    ):
        assert words in text


async def test_an_answer_names_the_vacancy_that_it_was_about(shortlist: House) -> None:
    await shortlist.add_vacancy("v-7", title="Night Porter")
    await shortlist.execute(
        "insert into answers (candidate_id, applicant_key, message_id, question, answer,"
        " vacancy_id, answered_at) values"
        " ('ada', 'ada', 'm-1', 'interest', 'not_now', 'v-7', $1),"
        " ('grace', 'grace', 'm-2', 'interest', 'interested', 'v-forgotten', $1)",
        shortlist.clock.now(),
    )
    text = (await shortlist.client.get(link(shortlist))).text
    assert "Answered “not now” about Night Porter, 2 March 2026" in text
    assert "Answered that they are interested, 2 March 2026" in text


async def test_the_same_shortlist_delivered_again_is_kept_once(shortlist: House) -> None:
    before = await shortlist.dump()
    await keep(shortlist, [place("ada", 1), place("grace", 2)])
    assert await shortlist.dump() == before


async def test_approving_puts_an_invitation_with_the_vacancys_facts_on_its_way(
    shortlist: House,
) -> None:
    answer = await shortlist.client.post(link(shortlist), data=APPROVE)
    assert answer.status_code == 200
    assert "1 person approved." in answer.text
    assert "Approved on 2 March 2026." in answer.text
    (approved,) = await shortlist.published("invitation.approved")
    assert approved["key"] == "ada"
    assert approved["data"] == {
        "shortlistId": "s-1",
        "candidateId": "ada",
        "recruiterId": "rita",
        "vacancyId": "v-9",
        "at": "2026-03-02T09:00:00Z",
        "vacancyTitle": "Dispatcher, day shift",
        "employer": "Hartmann Logistics",
        "locality": "Hamburg",
        "country": "DE",
        "applyUrl": "https://jobs.example.org/v-9",
        "askedFirst": False,
    }


async def test_a_decision_is_written_into_the_timeline(shortlist: House) -> None:
    await shortlist.client.post(link(shortlist), data=DECLINE)
    (entry,) = await shortlist.rows("select candidate_id, kind from timeline")
    assert tuple(entry) == ("ada", "invitation_declined")


@pytest.mark.parametrize("form", [APPROVE, DECLINE], ids=["approve", "decline"])
async def test_the_same_decision_sent_twice_has_one_effect(
    shortlist: House, form: dict[str, str]
) -> None:
    await shortlist.client.post(link(shortlist), data=form)
    before = await shortlist.dump()
    assert (await shortlist.client.post(link(shortlist), data=form)).status_code == 200
    assert await shortlist.dump() == before


async def test_of_an_approval_and_a_decline_at_the_same_time_one_holds(shortlist: House) -> None:
    forms = [APPROVE, DECLINE, APPROVE, DECLINE]
    await asyncio.gather(*(shortlist.client.post(link(shortlist), data=form) for form in forms))
    decided = await shortlist.published("invitation")
    assert len(decided) == 1
    assert len(await shortlist.rows("select 1 from shortlist_decisions")) == 1


async def test_the_first_decision_stands_whoever_made_it(shortlist: House) -> None:
    await shortlist.execute(
        "insert into recruiters (recruiter_id, source, email, name, event_time, event_id)"
        " values ('rob', 's', 'rob@example.com', 'Rob', $1, 'e')",
        shortlist.clock.now(),
    )
    await shortlist.execute("insert into recruiter_vacancies values ('v-9', 'rob')")
    await shortlist.client.post(link(shortlist), data=DECLINE)
    await shortlist.client.post(link(shortlist, "rob"), data=APPROVE)
    assert await shortlist.published("invitation.approved") == []
    text = (await shortlist.client.get(link(shortlist, "rob"))).text
    assert "Declined on 2 March 2026: the location or the terms do not fit." in text


async def test_a_decline_carries_its_reason(shortlist: House) -> None:
    answer = await shortlist.client.post(link(shortlist), data=DECLINE)
    assert "Declined on 2 March 2026: the location or the terms do not fit." in answer.text
    (declined,) = await shortlist.published("invitation.declined")
    assert declined["data"]["reason"] == "terms"
    assert declined["data"]["candidateId"] == "ada"


async def test_several_are_approved_at_once(shortlist: House) -> None:
    form = {"do": "approve", "candidate": ["ada", "grace"]}
    answer = await shortlist.client.post(link(shortlist), data=form)
    assert "2 people approved." in answer.text
    approved = await shortlist.published("invitation.approved")
    assert {event["key"] for event in approved} == {"ada", "grace"}


@pytest.mark.parametrize("form", [{}, {"do": "approve"}, {**APPROVE, "candidate": "stranger"}])
async def test_a_form_that_names_nobody_on_the_list_changes_nothing(
    shortlist: House, form: dict[str, str]
) -> None:
    before = await shortlist.dump()
    assert (await shortlist.client.post(link(shortlist), data=form)).status_code == 422
    assert await shortlist.dump() == before


async def test_continuing_an_application_names_it_and_needs_no_consent(house: House) -> None:
    await house.add_vacancy()
    await house.add_candidate()
    await house.add_rejection()
    await keep(house, [place("ada", 1, applicationId="a-1")])
    await house.client.post(link(house), data=APPROVE)
    (approved,) = await house.published("invitation.approved")
    assert approved["data"]["applicationId"] == "a-1"


async def test_a_week_after_a_vacancy_closed_nobody_is_shown_nor_decided_about(
    shortlist: House,
) -> None:
    await close(shortlist)
    shortlist.clock.move(timedelta(days=6, hours=23))
    assert "Ada Lovelace" in (await shortlist.client.get(link(shortlist))).text
    shortlist.clock.move(timedelta(hours=1))
    pages = [
        await shortlist.client.get(link(shortlist)),
        await shortlist.client.post(link(shortlist), data=DECLINE),
    ]
    for page in pages:
        assert "closed more than a week ago" in page.text
        assert "Lovelace" not in page.text
        assert "Hopper" not in page.text
    assert await shortlist.rows("select * from shortlist_decisions") == []


async def close(house: House) -> None:
    await house.execute("update vacancies set status = 'closed', closed_at = $1", house.clock.now())


async def test_nobody_is_invited_to_a_vacancy_that_closed(shortlist: House) -> None:
    await close(shortlist)
    answer = await shortlist.client.post(link(shortlist), data=APPROVE)
    assert "This vacancy is closed." in answer.text
    assert 'value="decline"' not in answer.text
    assert "1 person could not be invited" in answer.text
    assert await shortlist.published("invitation.approved") == []


@pytest.mark.parametrize("continues", [True, False])
async def test_of_a_vacancy_that_closed_nothing_is_said_of_whom_can_be_asked(
    house: House, continues: bool
) -> None:
    await house.add_vacancy()
    await house.add_candidate()
    await keep(house, [place("ada", 1)], continues=continues)
    opened = (await house.client.get(link(house))).text
    assert ("This role is open again." in opened) is continues
    assert "We can ask those who agreed" in opened
    await close(house)
    closed = (await house.client.get(link(house))).text
    assert "This vacancy is closed." in closed
    for said in ("open again", "invited at once", "We can ask", "who finished next"):
        assert said not in closed


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"do": "stop"}, "asked to hear nothing more"),
        ({"do": "pause", "months": "3"}, "has paused messages"),
        ({"do": "hat_no"}, "has not agreed to hear about new roles"),
    ],
    ids=["stopped", "paused", "took it back"],
)
async def test_somebody_who_asked_for_quiet_meanwhile_cannot_be_invited_and_the_page_says_why(
    shortlist: House, form: dict[str, str], words: str
) -> None:
    await shortlist.client.post(shortlist.letter(), data=form)
    answer = await shortlist.client.post(link(shortlist), data=APPROVE)
    assert words in answer.text
    assert await shortlist.published("invitation.approved") == []
    assert await shortlist.rows("select 1 from shortlist_decisions") == []


async def test_of_several_only_those_are_invited_who_can_be(shortlist: House) -> None:
    await shortlist.client.post(shortlist.letter(), data={"do": "stop"})
    form = {"do": "approve", "candidate": ["ada", "grace"]}
    answer = await shortlist.client.post(link(shortlist), data=form)
    assert "1 person approved." in answer.text
    assert "1 person could not be invited" in answer.text
    assert [event["key"] for event in await shortlist.published("invitation.approved")] == ["grace"]


async def test_somebody_erased_is_gone_from_the_list_with_all_that_was_said_of_them(
    shortlist: House,
) -> None:
    await shortlist.client.post(link(shortlist), data=APPROVE)
    await shortlist.client.post(shortlist.letter(), data={"do": "erase", "confirm": "yes"})
    answer = await shortlist.client.post(link(shortlist), data=APPROVE)
    assert "1 person of this list has left our records" in answer.text
    assert "Lovelace" not in answer.text
    assert len(await shortlist.rows("select 1 from shortlisted")) == 1


async def test_a_late_shortlist_brings_nobody_back_and_finds_whom_somebody_became(
    shortlist: House,
) -> None:
    await shortlist.client.post(shortlist.letter(), data={"do": "erase", "confirm": "yes"})
    await shortlist.execute(
        "insert into former_memberships (candidate_id, applicant_key) values ('g. hopper', 'grace')"
    )
    await keep(shortlist, [place("ada", 1), place("g. hopper", 2)], "s-2")
    kept = await shortlist.rows("select candidate_id from shortlisted where shortlist_id = 's-2'")
    assert [row["candidate_id"] for row in kept] == ["grace"]


async def test_what_was_approved_is_taken_back_once_when_the_vacancy_closes(
    shortlist: House,
) -> None:
    await shortlist.client.post(
        link(shortlist), data={"do": "approve", "candidate": ["ada", "grace"]}
    )
    for _ in range(2):
        async with shortlist.database.transaction() as conn:
            await withdraw_invitations(conn, ["v-9"], shortlist.clock.now())
    withdrawn = await shortlist.published("invitation.withdrawn")
    assert sorted(event["key"] for event in withdrawn) == ["ada", "grace"]
    assert {event["data"]["vacancyId"] for event in withdrawn} == {"v-9"}
    page = await shortlist.client.get(link(shortlist))
    assert "The vacancy closed before anything was sent." in page.text


async def test_only_a_recruiter_who_is_still_on_the_vacancy_sees_the_list(
    shortlist: House,
) -> None:
    await shortlist.execute("delete from recruiter_vacancies")
    nothing = await shortlist.client.get("https://jobs.example.org/s/0")
    for method in ("GET", "POST"):
        answer = await shortlist.client.request(method, link(shortlist), data=APPROVE)
        assert answer.status_code == 404
        assert answer.content == nothing.content
    assert await shortlist.published() == []


async def test_wrong_links_get_the_answer_that_all_wrong_links_get(shortlist: House) -> None:
    candidates = shortlist.link(LinkPurpose.CANDIDATE, recruiter="rita", shortlist="s-1")
    wrong = [
        link(shortlist)[:-2],
        link(shortlist, days=-1),
        link(shortlist, shortlist="s-2"),
        candidates.replace("/c/", "/s/"),
    ]
    before = await shortlist.dump()
    answers = [await shortlist.client.post(each, data=APPROVE) for each in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert await shortlist.dump() == before


async def test_what_only_a_newer_version_knows_is_named_plainly_or_left_out(house: House) -> None:
    await house.add_vacancy()
    await house.add_candidate()
    await house.add_consent("ada")
    await house.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts) values"
        """ ('ada', 'ada', $1, 'message_sent', '{"purpose": "birthday"}')""",
        house.clock.now(),
    )
    newer = {"tier": "gold", "readiness": "ripening", "reasonsFor": [{"code": "sings"}, KNOWN]}
    await keep(house, [place("ada", 1, **newer)])
    text = (await house.client.get(link(house))).text
    for words in ("Applied before", "A message, 2 March", "Lists Excel"):
        assert words in text
    assert "sings" not in text
    assert "ripening" not in text


async def test_names_and_reasons_are_shown_as_text(house: House) -> None:
    evil = "<iframe onload=alert(1)>"
    await house.add_vacancy(title=evil)
    await house.add_candidate(name=f'"{evil}')
    await house.add_consent("ada")
    await keep(
        house,
        [
            place(
                "ada",
                1,
                reasonsFor=[{"code": "mentioned", "name": evil}],
                reasonsAgainst=[{"code": "mentioned", "name": "{count} {0}"}],
            )
        ],
    )
    text = (await house.client.get(link(house))).text
    assert "<iframe" not in text
    assert text.count("&lt;iframe onload=alert(1)&gt;") >= 3
    assert "{count} {0}" in text


async def test_an_empty_shortlist_says_so(house: House) -> None:
    await house.add_vacancy()
    await keep(house, [])
    text = (await house.client.get(link(house))).text
    assert "None fits well enough to show you." in text
