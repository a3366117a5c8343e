"""What must be true at the end, checked from what arrived in the sinks and what the tables hold."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from deploy.local.demo.personas import Application, Person
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import BY_CONSENT, RULES, Purpose
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("promises.sql"))

EMPLOYER_ZONE = "Europe/Berlin"
OPENS, CLOSES = 9, 17
"""Business hours, on the clock of whoever receives."""


@dataclass(frozen=True)
class Evidence:
    """What the promises are about: who took application, and what arrived."""

    applications: list[Application]
    taken_back: Person
    erased: Person
    erased_at: datetime
    messages: list[dict[str, Any]]
    """As the sinks received them."""

    def to(self, person: Person) -> list[dict[str, Any]]:
        return [m for m in self.messages if m["to"] in (person.email, person.phone)]


@dataclass(frozen=True)
class PromiseCheck:
    promise: str
    checked: int
    broken: list[str]


async def check_promises(evidence: Evidence, conn: asyncpg.Connection) -> list[PromiseCheck]:
    """Checks every promise: in how many cases, and where it was broken."""
    return [
        await _consent(conn),
        _once(evidence),
        _by_day(evidence),
        _one_letter_each(evidence),
        _one_kind_letter(evidence),
        _nothing_after_it_was_taken_back(evidence),
        await _nothing_of_the_erased(evidence, conn),
    ]


def _judge(promise: str, cases: list[Any], fails: Callable[[Any], str | None]) -> PromiseCheck:
    found = [fails(case) for case in cases]
    return PromiseCheck(promise, len(cases), [fault for fault in found if fault])


async def _consent(conn: asyncpg.Connection) -> PromiseCheck:
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


def _once(evidence: Evidence) -> PromiseCheck:
    counts = Counter((m["to"], m["subject"], m["text"]) for m in evidence.messages)
    return _judge(
        "No message twice",
        list(counts.items()),
        lambda item: f"{item[1]} times: {item[0][1]}" if item[1] > 1 else None,
    )


def _by_day(evidence: Evidence) -> PromiseCheck:
    people = {
        address: application.person
        for application in evidence.applications
        for address in _addresses(application.person)
    }
    cases = [(m, people[m["to"]]) for m in evidence.messages if m["to"] in people]

    def fails(case: tuple[dict[str, Any], Person]) -> str | None:
        message, person = case
        zone = ZoneInfo(person.zone or ("Europe/Madrid" if person.country else EMPLOYER_ZONE))
        local = datetime.fromisoformat(message["received_at"]).astimezone(zone)
        fits = local.weekday() < 5 and OPENS <= local.hour < CLOSES
        return None if fits else f"message {message['id']} arrived {local:%A %H:%M}"

    return _judge("None at night, at a weekend or outside business hours", cases, fails)


def _one_letter_each(evidence: Evidence) -> PromiseCheck:
    answered = [
        p for p in evidence.applications if p.person not in (evidence.taken_back, evidence.erased)
    ]
    return _judge(
        "Everybody is told, once",
        answered,
        lambda application: (
            None
            if evidence.to(application.person)
            else f"{application.application_id} heard nothing"
        ),
    )


def _one_kind_letter(evidence: Evidence) -> PromiseCheck:
    return _judge(
        "One kind letter for the wholly unqualified, and no more",
        [application for application in evidence.applications if application.kind == "no"],
        lambda application: (
            None
            if len(evidence.to(application.person)) == 1
            else f"{application.application_id}: {len(evidence.to(application.person))} messages"
        ),
    )


def _nothing_after_it_was_taken_back(evidence: Evidence) -> PromiseCheck:
    return _judge(
        "No letter after the no was taken back",
        [evidence.taken_back],
        lambda person: f"{len(evidence.to(person))} messages" if evidence.to(person) else None,
    )


async def _nothing_of_the_erased(evidence: Evidence, conn: asyncpg.Connection) -> PromiseCheck:
    late = [
        message
        for message in evidence.to(evidence.erased)
        if datetime.fromisoformat(message["received_at"])
        > evidence.erased_at + timedelta(minutes=1)
    ]
    tables = await _queries.tables(conn)
    held = []
    for row in tables:
        found = await conn.fetchval(
            f"select exists (select 1 from {row['name']} as t where t::text ilike $1)",  # noqa: S608
            f"%{evidence.erased.family}%",
        )
        held += [f"{row['name']} still names them"] if found else []
    faults = [f"message {message['id']} after the erasure" for message in late] + held
    return PromiseCheck(
        "Nothing of the erased in any table, and no word to them", len(tables), faults
    )


def _addresses(person: Person) -> list[str]:
    return [address for address in (person.email, person.phone) if address]
