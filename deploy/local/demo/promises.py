"""What must be true at the end, checked from what arrived in the sinks and what the tables hold."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg

from deploy.local.demo import claims
from deploy.local.demo.claims import KeptInterest
from deploy.local.demo.evidence import Evidence, Message, PromiseCheck, judge
from deploy.local.demo.personas import Application, Person
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import BY_CONSENT, LETTERS, RULES, Purpose, rule_of
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("promises.sql"))

EMPLOYER_ZONE = "Europe/Berlin"
OPENS, CLOSES = 9, 17
"""Business hours, on the clock of whoever receives."""


async def check_promises(evidence: Evidence, conn: asyncpg.Connection) -> list[PromiseCheck]:
    """Checks every promise: in how many cases, and where it was broken."""
    return [
        await _consent(conn),
        claims.no_text_twice(evidence),
        by_day(evidence),
        one_letter_each(evidence),
        one_kind_letter(evidence),
        nothing_after_it_was_taken_back(evidence),
        await _nothing_of_the_erased(evidence, conn),
        claims.answerable(evidence),
        claims.mail_and_page_agree(evidence),
        claims.every_interest_ended(await _interests(conn), evidence.ended_at),
    ]


async def kinds(conn: asyncpg.Connection) -> dict[str, str]:
    """Returns why each message was sent, by its id."""
    return {row["message_id"]: row["purpose"] for row in await _queries.kinds(conn)}


async def _interests(conn: asyncpg.Connection) -> list[KeptInterest]:
    return [KeptInterest(**row) for row in await _queries.interests(conn)]


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

    return judge("No message without consent or an answer owed", messages, fails)


def by_day(evidence: Evidence) -> PromiseCheck:
    """Judges whether all that nobody asked for arrived while its reader's day lasted."""
    people = {
        address: application.person
        for application in evidence.applications
        for address in _addresses(application.person)
    }
    cases = [
        (m, people[m["to"]])
        for m in evidence.messages
        if m["to"] in people and not _is_requested(evidence.kind(m))
    ]

    def fails(case: tuple[Message, Person]) -> str | None:
        message, person = case
        zone = ZoneInfo(person.zone or ("Europe/Madrid" if person.country else EMPLOYER_ZONE))
        local = datetime.fromisoformat(message["received_at"]).astimezone(zone)
        fits = local.weekday() < 5 and OPENS <= local.hour < CLOSES
        return None if fits else f"message {message['id']} arrived {local:%A %H:%M}"

    return judge("None at night, at a weekend or outside business hours", cases, fails)


def one_letter_each(evidence: Evidence) -> PromiseCheck:
    """Judges whether everybody had one letter, but for whom the employer's own system had told."""

    def fails(application: Application) -> str | None:
        kinds = [evidence.kind(message) for message in evidence.to(application.person)]
        letters = len([kind for kind in kinds if kind in LETTERS])
        if letters == (0 if application.told_elsewhere else 1):
            return None
        return f"{application.application_id} had {letters} letters"

    answered = [
        p for p in evidence.applications if p.person not in (evidence.taken_back, evidence.erased)
    ]
    return judge("All but the erased and the taken back are told, once", answered, fails)


def one_kind_letter(evidence: Evidence) -> PromiseCheck:
    """Judges whether those who were wholly unqualified were left in peace after their letter."""
    return judge(
        "One kind letter for the wholly unqualified, and no more",
        [application for application in evidence.applications if application.kind == "no"],
        lambda application: (
            None
            if len(evidence.to(application.person)) == 1
            else f"{application.application_id}: {len(evidence.to(application.person))} messages"
        ),
    )


def nothing_after_it_was_taken_back(evidence: Evidence) -> PromiseCheck:
    """Judges whether a rejection that was taken back in time was never spoken of."""
    return judge(
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


def _is_requested(kind: str | None) -> bool:
    rule = rule_of(Purpose(kind)) if kind else None
    return rule is not None and rule.is_requested


def _addresses(person: Person) -> list[str]:
    return [address for address in (person.email, person.phone) if address]
