"""What must be true at the end, checked from what arrived in the sinks and what the tables hold."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from deploy.local.demo.cast import Part, Person
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import BY_CONSENT, RULES, Purpose
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("promises.sql"))

EMPLOYER_ZONE = "Europe/Berlin"
OPENS, CLOSES = 9, 17
"""Business hours, on the clock of whoever receives."""


@dataclass(frozen=True)
class Story:
    """What the promises are about: who took part, and what arrived."""

    parts: list[Part]
    taken_back: Person
    erased: Person
    erased_at: datetime
    messages: list[dict[str, Any]]
    """As the sinks received them."""

    def to(self, person: Person) -> list[dict[str, Any]]:
        return [m for m in self.messages if m["to"] in (person.email, person.phone)]


@dataclass(frozen=True)
class Verdict:
    promise: str
    checked: int
    broken: list[str]


async def verdicts(story: Story, conn: asyncpg.Connection) -> list[Verdict]:
    """Gives every promise with how many cases were looked at and where it was broken."""
    return [
        await _consent(conn),
        _once(story),
        _by_day(story),
        _one_letter_each(story),
        _one_kind_letter(story),
        _nothing_after_it_was_taken_back(story),
        await _nothing_of_the_erased(story, conn),
    ]


def _judge(promise: str, cases: list[Any], fails: Callable[[Any], str | None]) -> Verdict:
    found = [fails(case) for case in cases]
    return Verdict(promise, len(cases), [fault for fault in found if fault])


async def _consent(conn: asyncpg.Connection) -> Verdict:
    messages = await _queries.sent_to_candidates(conn)
    consents = await _queries.consents(conn)

    def fails(message: asyncpg.Record) -> str | None:
        purpose = Purpose(message["purpose"])
        if purpose not in BY_CONSENT:
            return None
        live = any(
            consent["candidate_id"] == message["recipient_id"]
            and ConsentPurpose(consent["purpose"]) in RULES[purpose].consents
            and Channel(consent["channel"]) is Channel(message["channel"])
            and consent["granted_at"] <= message["attempted_at"] < consent["until"]
            and (consent["ended_at"] is None or message["attempted_at"] < consent["ended_at"])
            for consent in consents
        )
        return None if live else f"{purpose} {message['message_id']} had no consent"

    return _judge("No message without consent or an answer owed", list(messages), fails)


def _once(story: Story) -> Verdict:
    counts = Counter((m["to"], m["subject"], m["text"]) for m in story.messages)
    return _judge(
        "No message twice",
        list(counts.items()),
        lambda item: f"{item[1]} times: {item[0][1]}" if item[1] > 1 else None,
    )


def _by_day(story: Story) -> Verdict:
    people = {address: part.person for part in story.parts for address in _addresses(part.person)}
    cases = [(m, people[m["to"]]) for m in story.messages if m["to"] in people]

    def fails(case: tuple[dict[str, Any], Person]) -> str | None:
        message, person = case
        zone = ZoneInfo(person.zone or ("Europe/Madrid" if person.country else EMPLOYER_ZONE))
        local = datetime.fromisoformat(message["received_at"]).astimezone(zone)
        fits = local.weekday() < 5 and OPENS <= local.hour < CLOSES
        return None if fits else f"message {message['id']} arrived {local:%A %H:%M}"

    return _judge("None at night, at a weekend or outside business hours", cases, fails)


def _one_letter_each(story: Story) -> Verdict:
    answered = [p for p in story.parts if p.person not in (story.taken_back, story.erased)]
    return _judge(
        "Everybody is told, once",
        answered,
        lambda part: None if story.to(part.person) else f"{part.application_id} heard nothing",
    )


def _one_kind_letter(story: Story) -> Verdict:
    return _judge(
        "One kind letter for the wholly unqualified, and no more",
        [part for part in story.parts if part.kind == "no"],
        lambda part: (
            None
            if len(story.to(part.person)) == 1
            else f"{part.application_id}: {len(story.to(part.person))} messages"
        ),
    )


def _nothing_after_it_was_taken_back(story: Story) -> Verdict:
    return _judge(
        "No letter after the no was taken back",
        [story.taken_back],
        lambda person: f"{len(story.to(person))} messages" if story.to(person) else None,
    )


async def _nothing_of_the_erased(story: Story, conn: asyncpg.Connection) -> Verdict:
    late = [
        message
        for message in story.to(story.erased)
        if datetime.fromisoformat(message["received_at"]) > story.erased_at + timedelta(minutes=1)
    ]
    tables = await _queries.tables(conn)
    held = []
    for row in tables:
        found = await conn.fetchval(
            f"select exists (select 1 from {row['name']} as t where t::text ilike $1)",  # noqa: S608
            f"%{story.erased.family}%",
        )
        held += [f"{row['name']} still names them"] if found else []
    faults = [f"message {message['id']} after the erasure" for message in late] + held
    return Verdict("Nothing of the erased in any table, and no word to them", len(tables), faults)


def _addresses(person: Person) -> list[str]:
    return [address for address in (person.email, person.phone) if address]
