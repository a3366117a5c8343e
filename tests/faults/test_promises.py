"""The judges themselves: each sees what it is there to see."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.contract.events.payload import stable_id
from tests.faults.ask import LIAR, SOURCE, VENDORS
from tests.faults.history import Line, Story
from tests.faults.poison import BROKEN, NAMED
from tests.faults.promises import (
    Verdict,
    doors,
    messages,
    neighbours,
    pace,
    poison,
    recovery,
    streams,
    writing,
)

CONTACT, PERSON, APPLICATION = "contact", "person", "applicant-1-vacancy-1"
MESSAGE = stable_id(CONTACT, "message")
VENDOR = next(iter(VENDORS))

Promise = Callable[[Story], Verdict]


def asked(result: str = "ok", what: str = "rejected", **facts: Any) -> Line:
    given = {"id": what, "person": 1, "application": APPLICATION, "time": 1.0, "door": "http"}
    given["source"] = SOURCE
    return {"kind": "asked", "what": what, "result": result, "tries": [], **given, **facts}


HOOKED = [asked(source=VENDOR, door="hook", id="1-0")] * 2
"""A vendor has called twice."""


def row(table: str, **facts: Any) -> Line:
    return {"kind": "row", "table": table, **facts}


def recorded(times: int, source: str = SOURCE) -> Line:
    return row("recorded", source=source, application=APPLICATION, what="rejected", times=times)


def record(topic: str, id_: str, body: dict[str, Any] | None, **facts: Any) -> Line:
    given = {"key": PERSON, "source": "/notyet/intake", "digest": str(body), "written": 0.0}
    return (
        {"kind": "record", "topic": f"notyet.{topic}.v1", "id": id_, "body": body} | given | facts
    )


def recipient(id_: str, written: float, *, owed: bool = True) -> Line:
    applications = [{"applicationId": APPLICATION, "answerOwed": owed}]
    return record("recipients", id_, {"applications": applications}, written=written)


def due() -> Line:
    body = {
        "contactId": CONTACT,
        "candidateId": PERSON,
        "applicationId": APPLICATION,
        "purpose": "letter",
    }
    return record("contacts", "due", body, type="dev.notyet.contact.due.v1")


def decision(source: str = SOURCE, published: str = APPLICATION, **facts: Any) -> Line:
    about: Line = {
        "candidate_id": PERSON,
        "application": APPLICATION,
        "published": published,
        "answered_with": None,
    }
    return row("applications", source=source, **about | {"status": "rejected"} | facts)


def letter(application: str = APPLICATION) -> Line:
    return row("messages", recipient_id=PERSON, application_id=application, purpose="letter")


def mail(end: str = "accepted", heard: float = 100.0) -> Line:
    return {
        "kind": "mail",
        "message": MESSAGE,
        "end": end,
        "rcpt_at": [heard, heard],
        "data_at": [heard + 1, heard + 1],
    }


def backlog(a_second: int) -> list[Line]:
    """Returns so many mails in each of eleven seconds."""
    return [
        mail(heard=second + part / a_second) for second in range(11) for part in range(a_second)
    ]


def message(day: float, purpose: str = "invitation") -> Line:
    facts = {"contact_id": f"at {day}", "recipient_id": PERSON, "purpose": purpose}
    return row("messages", state="sent", attempted_at=day * 86400, **facts)


def compacted(version: int | None) -> Line:
    body = version and {"version": version}
    return {"kind": "compacted", "topic": "notyet.candidates.v1", "key": PERSON, "body": body}


def burst(name: str, seconds: float, events: int = 4000) -> Line:
    return {"kind": "burst", "name": name, "events": events, "seconds": seconds}


def restored(left: int) -> Line:
    return {"kind": "restored", "held": True, "left": left, "released": True}


def ended(code: int) -> Line:
    return {"kind": "ended", "name": "intake-0", "code": code, "seconds": 1.0}


def claim(source: str = SOURCE, family: str = "Canarycx", email: str = "g.canarycx@a.b") -> Line:
    return row("claims", source=source, candidate_id=PERSON, family=family, emails=[email])


def shown(source: str = LIAR) -> Line:
    return row("shown", source=source, candidate_id=PERSON)


def vacancy(**facts: Any) -> Line:
    given = {"source": SOURCE, "vacancy": "again-1", "status": "open", "title": "Nurse"}
    return row("vacancies", **given | {"recruiters": ["Hanna Gruber"]} | facts)


def quarantined(offset: int, reason: str = "invalid_body") -> Line:
    topic = "notyet.applications.v1"
    place = {"topic": topic, "partition": 0, "offset": offset}
    return row("quarantine", service="intake", reason=reason, **place)


def sent(offset: int, key: str = "poison-1") -> Line:
    return record("applications", key, None, key=key, partition=0, offset=offset)


def gauge(value: float) -> Line:
    place = {"service": "matcher", "name": "notyet_parked_rows", "of": "indexing"}
    return {"kind": "gauge", "value": value, **place}


def tried(*answers: int | str) -> Line:
    tries = [[1.0, answer, None] for answer in answers]
    return asked("failed", "poison: decided in 2199", tries=tries)


PARKED = row("parked", service="matcher", job="indexing", key="a", reason="ValidationError")

ALIVE, GONE = (
    row("candidates", candidate_id=PERSON, version=2),
    row("former_candidates", candidate_id=PERSON),
)


LETTERS = [
    row(
        "messages",
        contact_id=f"at {at}",
        recipient_id=PERSON,
        application_id=APPLICATION,
        purpose="letter",
        channel="email",
        state="sent",
    )
    for at in (1, 16)
]
BACK_AND_AGAIN = [
    asked(id="0"),
    asked(id="1", what="unrejected", time=2.0),
    asked(id="2", time=3.0),
]
UNKNOWN_WITHDRAWN = asked(what="withdrawn", door="hook", source=VENDOR)


@pytest.mark.parametrize(
    ("promise", "lines"),
    [
        (messages.nothing_leaves_twice, [*LETTERS, *BACK_AND_AGAIN]),
        (doors.recorded_once, [UNKNOWN_WITHDRAWN]),
        (doors.recorded_once, [asked(), recorded(1)]),
        (doors.recorded_once, [asked("unknown")]),
        (doors.recorded_once, [asked("unknown"), recorded(1)]),
        (doors.recorded_once, [*HOOKED, recorded(1, VENDOR)]),
        (messages.nothing_leaves_twice, [mail(), mail("451 body")]),
        (writing.allowed_at_the_instant, [due(), recipient("a", 50), mail()]),
        (
            writing.allowed_at_the_instant,
            [due(), recipient("a", 50), recipient("b", 95, owed=False), mail()],
        ),
        (
            streams.repetitions_are_equal,
            [record("candidates", "a", {}), record("candidates", "a", {})],
        ),
        (streams.compaction_keeps_the_newest, [GONE, compacted(None)]),
        (writing.within_the_budget, [message(1), message(2), message(16)]),
        (writing.within_the_budget, [message(1, "letter"), message(2, "check_in")]),
        (recovery.as_fast_as_anew, [burst("after", 1.04), burst("after", 3), burst("anew", 1)]),
        (pace.a_backlog_leaves_at_its_pace, backlog(100)),
        (recovery.a_restore_is_noticed, [restored(0)]),
        (recovery.ends_when_asked, [ended(0)]),
        (streams.poison_is_set_aside, [sent(7), quarantined(7)]),
        (poison.poison_is_refused, [tried(503, 422)]),
        (poison.what_waits_is_counted, [PARKED, gauge(0), gauge(1)]),
        (neighbours.nobody_is_renamed, [claim(), claim(LIAR, "Stranger", "m@agency.example")]),
        (neighbours.nobody_is_joined, [claim(), claim(LIAR)]),
        (neighbours.nobody_is_taken_away, [asked(), asked(source=LIAR, person=2), claim()]),
        (neighbours.vacancies_stay_their_own, [vacancy(), vacancy(source=LIAR, title="Bait")]),
        (neighbours.lists_name_only_their_own, [claim(), claim(LIAR), shown()]),
        (messages.everybody_is_answered, [decision(), letter()]),
        (messages.everybody_is_answered, [decision(), decision(LIAR, "x-1"), letter("x-1")]),
        (messages.everybody_is_answered, [decision(answered_with="x-1"), letter("x-1")]),
    ],
)
def test_what_is_right_keeps_a_promise(promise: Promise, lines: list[Line]) -> None:
    verdict = promise(Story(iter(lines)))
    assert verdict.cases > 0
    assert verdict.broken == []


@pytest.mark.parametrize(
    ("promise", "lines"),
    [
        (doors.recorded_once, [asked()]),
        (doors.recorded_once, [asked(), recorded(2)]),
        (doors.recorded_once, [asked("failed"), recorded(1)]),
        (doors.recorded_once, HOOKED),
        (doors.recorded_once, [*HOOKED, recorded(2, VENDOR)]),
        (
            doors.order_makes_no_difference,
            [
                asked(),
                asked(what="unrejected", time=2.0),
                row("applications", source=SOURCE, application=APPLICATION, status="rejected"),
            ],
        ),
        (
            doors.order_makes_no_difference,
            [
                asked(),
                asked(what="erased", application=None),
                row("applications", source=SOURCE, application=APPLICATION, status="rejected"),
            ],
        ),
        (messages.nothing_leaves_twice, [mail(), mail()]),
        (messages.nothing_leaves_twice, [*LETTERS, *BACK_AND_AGAIN[:2]]),
        (doors.recorded_once, [UNKNOWN_WITHDRAWN, asked(id="known", source=VENDOR)]),
        (messages.nothing_leaves_twice, [mail("hung up at answer"), mail()]),
        (messages.every_contact_has_one_effect, [due()]),
        (writing.allowed_at_the_instant, [due(), mail()]),
        (
            writing.allowed_at_the_instant,
            [due(), recipient("a", 50), recipient("b", 89, owed=False), mail()],
        ),
        (
            writing.nothing_to_the_erased,
            [due(), recipient("a", 50), record("recipients", "b", None, written=89.0), mail()],
        ),
        (
            streams.repetitions_are_equal,
            [record("candidates", "a", {}), record("candidates", "a", {"version": 2})],
        ),
        (
            streams.states_are_in_order,
            [record("candidates", "b", {"version": 2}), record("candidates", "a", {"version": 1})],
        ),
        (
            streams.newest_state_is_last,
            [
                record("candidates", "b", {"version": 2}),
                record("candidates", "a", {"version": 1}),
                row("candidates", candidate_id=PERSON, version=2),
            ],
        ),
        (streams.compaction_keeps_the_newest, [ALIVE, compacted(2), compacted(1)]),
        (streams.compaction_keeps_the_newest, [ALIVE, compacted(1), compacted(2), compacted(2)]),
        (streams.compaction_keeps_the_newest, [GONE, compacted(1), compacted(None)]),
        (writing.within_the_budget, [message(1), message(2), message(14)]),
        (writing.within_the_budget, [message(1, "ready"), message(2, "check_in")]),
        (recovery.as_fast_as_anew, [burst("after", 1.1), burst("anew", 1)]),
        (pace.a_backlog_leaves_at_its_pace, backlog(120)),
        (
            pace.a_backlog_leaves_at_its_pace,
            [row("messages", state="expired", message_id="m", because=None)],
        ),
        (recovery.a_restore_is_noticed, [restored(1)]),
        (recovery.ends_when_asked, [ended(-9)]),
        (streams.poison_is_set_aside, [sent(7)]),
        (streams.poison_is_set_aside, [quarantined(7)]),
        (streams.poison_is_set_aside, [sent(7), quarantined(7, "failed")]),
        (poison.poison_is_refused, [tried(503, 202)]),
        (poison.what_is_broken_is_parked, []),
        (poison.what_waits_is_counted, [PARKED, gauge(0)]),
        (poison.what_waits_is_counted, [gauge(1)]),
        (
            poison.nothing_of_the_erased_is_set_aside,
            [asked(what="erased", person=NAMED), sent(7, BROKEN), quarantined(7)],
        ),
        (neighbours.nobody_is_renamed, [claim(family="Stranger")]),
        (neighbours.nobody_is_renamed, [claim(email="m@agency.example")]),
        (neighbours.nobody_is_joined, [claim(), claim(LIAR, "Stranger")]),
        (neighbours.nobody_is_taken_away, [asked()]),
        (neighbours.nobody_is_taken_away, [asked(), claim(), claim()]),
        (neighbours.vacancies_stay_their_own, [vacancy(title="Bait")]),
        (neighbours.vacancies_stay_their_own, [vacancy(recruiters=["Mallory Stranger"])]),
        (
            neighbours.vacancies_stay_their_own,
            [asked(id="again-1-3", what="reopened"), vacancy(status="closed")],
        ),
        (neighbours.lists_name_only_their_own, [claim(), shown()]),
        (messages.everybody_is_answered, [decision()]),
        (messages.everybody_is_answered, [decision(VENDOR)]),
        (messages.everybody_is_answered, [decision(), decision(LIAR, "x-1", status="hired")]),
        (messages.everybody_is_answered, [decision(), letter("x-1")]),
    ],
)
def test_what_is_wrong_breaks_a_promise(promise: Promise, lines: list[Line]) -> None:
    assert promise(Story(iter(lines))).broken
