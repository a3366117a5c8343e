"""Every kind of message, through its own link, to every answer that its words promise.

Nothing between is invented: what intake publishes is planned by the scheduler, worded by the
notifier and answered on intake's page.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from deploy.local.demo.promised import promised
from deploy.local.demo.recipients import open_page, press
from services.intake.applicants import publishing
from services.notifier.domain import Content
from services.notifier.rendering.layout import shipped
from services.notifier.rendering.renderer import Renderer
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.contacts import ContactDue
from shared.contract.events.people import Channel, ConsentPurpose, PersonName
from shared.contract.events.purposes import RULES, Purpose
from shared.contract.events.responses import InvitationApproved
from shared.runtime.links import ShortLink
from tests.services.intake.house import House
from tests.services.notifier.letters import NORTHWIND
from tests.services.scheduler.people import approval, planned

EXPERIENCE = {
    "requirementId": "ward",
    "kind": "experience",
    "name": "Ward nursing",
    "requiredMonths": 24,
    "observedMonths": 9,
}
LICENCE = {"requirementId": "licence", "kind": "licence", "name": "Intensive care certificate"}
EVERYTHING = tuple(ConsentPurpose)
TEMPLATES = shipped()

FORMS: dict[str, dict[str, str]] = {
    "hat_yes": {"purpose": "similar_opening", "months": "12"},
    "hat_no": {},
    "has_it_now": {},
    "interested": {},
    "not_now": {},
    "news": {"skill": "Wound care"},
    "still_looking": {},
    "not_looking": {},
    "pause": {"months": "3"},
    "erase": {"confirm": "yes"},
}
"""What somebody enters who gives each answer."""

ASKED = {
    Purpose.LETTER: {"hat_yes", "hat_no", "has_it_now", "pause", "erase"},
    Purpose.KIND_LETTER: set(),
    Purpose.QUESTION: {"hat_yes", "hat_no", "pause", "erase"},
    Purpose.CHECK_IN: {"news", "still_looking", "not_looking", "pause", "erase"},
    Purpose.READY: {"has_it_now", "pause", "erase"},
    Purpose.RENEWAL: {"hat_yes", "hat_no", "pause", "erase"},
    Purpose.INVITATION: {"interested", "not_now", "pause", "erase"},
    Purpose.CONTINUATION: {"interested", "not_now", "pause", "erase"},
}
"""What the words of each purpose promise, so that a promise cannot go unread."""


@dataclass(frozen=True)
class Case:
    """Somebody, and what was approved for them."""

    name: str
    tier: str
    shortfalls: Sequence[Mapping[str, Any]] = ()
    told: bool = False
    agreed: Sequence[ConsentPurpose] = ()
    invitations: Sequence[InvitationApproved] = ()


def approved(application_id: str | None = None) -> InvitationApproved:
    return approval(application_id=application_id).model_copy(update={"vacancy_id": "v-9"})


CASES = [
    Case("runner-up", "runner_up"),
    Case("not-yet", "not_yet", [EXPERIENCE]),
    Case("not-yet-several", "not_yet", [EXPERIENCE, LICENCE]),
    Case("not-yet-undated", "not_yet", [LICENCE]),
    Case("no", "no"),
    Case("told-elsewhere", "runner_up", told=True),
    Case("told-elsewhere-not-yet", "not_yet", [EXPERIENCE], told=True),
    Case("agreed", "runner_up", told=True, agreed=EVERYTHING),
    Case("agreed-not-yet", "not_yet", [EXPERIENCE], told=True, agreed=EVERYTHING),
    Case("invited", "runner_up", told=True, agreed=EVERYTHING, invitations=[approved()]),
    Case("continued", "runner_up", told=True, invitations=[approved("a-1")]),
]


async def somebody(house: House, case: Case, person: str) -> CandidateChanged:
    """Puts somebody into the record, and returns them as they are published."""
    await house.add_candidate(person, email=f"{person}@example.org", phone="+4915112345678")
    await house.add_rejection(
        person, tier=case.tier, shortfalls=case.shortfalls, alreadyTold=case.told
    )
    for purpose in case.agreed:
        for channel in ("email", "sms"):
            until = house.clock.now() + timedelta(days=730)
            await house.add_consent(person, purpose=purpose, channel=channel, until=until)
    async with house.database.connection() as conn:
        return (await publishing.states(conn, [person], house.clock.now()))[person]


def written(case: Case, state: CandidateChanged) -> list[ContactDue]:
    """Returns all that somebody is ever written, as things stand."""
    mine = [i.model_copy(update={"candidate_id": state.candidate_id}) for i in case.invitations]
    now = max((consent.since for consent in state.consents), default=mine[0].at if mine else None)
    made = planned(state, now or state.rejections[0].decided_at, invitations=mine)
    return [one.event for one in made.occasions if isinstance(one.event, ContactDue)]


def worded(house: House, due: ContactDue, channel: Channel) -> str:
    """Returns the words that a contact is, without markup."""
    content = Content(
        message_id=f"{due.contact_id} {channel}",
        channel=channel,
        purpose=due.purpose,
        recipient_id=due.candidate_id,
        name=PersonName(given_name="Ada", family_name="Lovelace"),
        locale="en-GB",
        time_zone="Europe/Berlin",
        facts=due.facts,
        contact_id=due.contact_id,
        application_id=due.application_id,
        address=f"{due.candidate_id}@example.org",
    )
    renderer = Renderer(house.links, NORTHWIND, TEMPLATES)
    rendered = renderer.render(content, due.windows[0].opens_at)
    short = rendered.told
    if not isinstance(short, ShortLink):
        return rendered.text
    stands_for = house.links.url(short.purpose, short.claims, short.expires_at)
    return rendered.text.replace(short.url, stands_for)


def page_in(words: str) -> str | None:
    found = re.search(r"https://jobs\.example\.org/c/\S+", words)
    return found[0] if found else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_each_answer_that_a_message_promises_can_be_given_behind_its_own_link(
    house: House, case: Case
) -> None:
    await house.add_vacancy()
    begun = house.clock.now()
    contacts = written(case, await somebody(house, case, "everybody"))
    for (nth, contact), channel in product(enumerate(contacts), Channel):
        for answer in sorted(promised(worded(house, contact, channel))):
            house.clock.set(begun)
            state = await somebody(house, case, f"{nth}-{channel}-{answer}")
            due = written(case, state)[nth]
            page = page_in(worded(house, due, channel))
            assert page, f"{due.purpose} by {channel} promises {answer} without a link"
            house.clock.set(due.windows[0].opens_at)
            given = FORMS[answer] | ({"channel": channel} if answer == "hat_yes" else {})
            assert await press(house.client, page, answer, **given), (due.purpose, channel, answer)


async def test_every_purpose_promises_what_it_should(house: House) -> None:
    planned_ones = {
        purpose
        for purpose, rule in RULES.items()
        if not rule.is_requested and purpose is not Purpose.OUTCOME  # it asks nothing
    }
    said: dict[Purpose, set[str]] = {purpose: set() for purpose in planned_ones}
    met = set()
    for case in CASES:
        state = await somebody(house, case, case.name)
        for due in written(case, state):
            met.add(due.purpose)
            said[due.purpose] |= promised(worded(house, due, Channel.EMAIL))
    assert met == planned_ones
    assert said == ASKED


async def test_the_page_is_about_what_the_message_was_about(house: House) -> None:
    """Somebody who lacked something twice is asked about what this message named."""
    case = CASES[8]
    await somebody(house, case, "ada")
    other = {**LICENCE, "requirementId": "other", "name": "Forklift licence"}
    await house.add_rejection(
        "ada", application_id="a-2", title="Driver", shortfalls=[other], alreadyTold=True
    )
    async with house.database.connection() as conn:
        state = (await publishing.states(conn, ["ada"], house.clock.now()))["ada"]
    ready = next(due for due in written(case, state) if due.purpose is Purpose.READY)
    page = page_in(worded(house, ready, Channel.EMAIL)) or ""
    text = (await house.client.get(page)).text
    assert "Ward nursing" in text
    assert "Forklift licence" not in text
    assert [form.fields["gap"] for form in await open_page(house.client, page) if form.fields] == [
        ["ward"]
    ]
