"""To whom was written: only who may be, only when they may be.

The mail server tells when it heard of a recipient (`rcpt_at`, before the attempt is committed) and
when it was offered a body (`data_at`, after it). What intake had published more than ten seconds
before the first must be known to the notifier; what it published later may be.
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.contract.events.contacts import ContactDue
from shared.contract.events.payload import stable_id
from shared.contract.events.purposes import BY_CONSENT, RULES, Purpose, Share, rule_of
from shared.contract.topics import CONTACTS, RECIPIENTS
from tests.faults.history import Line, Story
from tests.faults.promises.verdict import Verdict

FRESH_SECONDS = 10.0
ZONE = ZoneInfo("Europe/Berlin")
"""All people of a campaign live by this time, or nobody knows where they live."""
OPENS, CLOSES = 9, 17
FORTNIGHT_SECONDS = 14 * 86400
INVITATIONS = {"invitation", "continuation"}


@dataclass(frozen=True)
class Offered:
    """One mail to a candidate that was offered to the server, and what it is about."""

    line: Line
    due: dict[str, Any]

    @property
    def heard_at(self) -> float:
        return float(self.line["rcpt_at"][0])

    @property
    def body_at(self) -> float:
        return float(self.line["data_at"][0])


def allowed_at_the_instant(story: Story) -> Verdict:
    verdict = Verdict("No message without live consent, or an answer owed, at that instant")
    states = _states(story)
    for mail in _offered(story):
        known = states[mail.due["candidateId"]]
        times = [written for written, _ in known]
        oldest = max(0, bisect_left(times, mail.heard_at - FRESH_SECONDS) - 1)
        newest = bisect_left(times, mail.body_at)
        possible = [state for _, state in known[oldest:newest]]
        allowed = any(_permits(state, mail) for state in possible)
        fault = f"{mail.due['purpose']} {mail.line['message']}: none of {len(possible)} states"
        verdict.case(None if allowed else fault)
    return verdict


def nothing_to_the_erased(story: Story) -> Verdict:
    verdict = Verdict("No word to anybody who was erased")
    erased = {key: known[-1][0] for key, known in _states(story).items() if known[-1][1] is None}
    offered: dict[str, float] = defaultdict(float)
    for mail in _offered(story):
        person = mail.due["candidateId"]
        offered[person] = max(offered[person], mail.heard_at)
    for person, since in erased.items():
        late = offered[person] > since + FRESH_SECONDS
        verdict.case(f"{person} was written to after the erasure" if late else None)
    return verdict


def inside_their_hours(story: Story) -> Verdict:
    verdict = Verdict("None at night, at a weekend, or outside business hours")
    for row in story.rows("messages"):
        if row["attempted_at"] and row["contact_id"]:
            local = datetime.fromtimestamp(row["attempted_at"], ZONE)
            fits = local.weekday() < 5 and OPENS <= local.hour < CLOSES
            verdict.case(None if fits else f"{row['message_id']} left on {local:%A at %H:%M}")
    return verdict


def within_the_budget(story: Story) -> Verdict:
    """In any fortnight one message of our own accord, two invitations; owed answers are exempt."""
    verdict = Verdict("Nobody is written to more often than their budget allows")
    left: dict[tuple[str, int], list[float]] = defaultdict(list)
    for row in story.rows("messages"):
        rule = rule_of(Purpose(row["purpose"]))
        counts = rule is not None and rule.share is not Share.OWED
        if counts and row["state"] in ("sent", "uncertain"):
            most = 2 if row["purpose"] in INVITATIONS else 1
            left[row["recipient_id"], most].append(row["attempted_at"])
    for (person, most), times in left.items():
        ordered = sorted(times)
        close = any(
            later - earlier < FORTNIGHT_SECONDS
            for earlier, later in zip(ordered, ordered[most:], strict=False)
        )
        verdict.case(f"{person} heard from us more than {most} times" if close else None)
    return verdict


def nothing_without_database(story: Story) -> Verdict:
    verdict = Verdict("Nothing leaves while the database cannot say that it may")
    outages = [(line["down"] + 0.5, line["up"]) for line in story.faults("postgres away")]
    for mail in _offered(story):
        blind = any(down < mail.heard_at and mail.body_at < up for down, up in outages)
        verdict.case(f"{mail.line['message']} left without a database" if blind else None)
    return verdict


def _offered(story: Story) -> list[Offered]:
    due = {
        stable_id(line["body"]["contactId"], "message"): line["body"]
        for line in story.records(CONTACTS.name)
        if line["type"] == ContactDue.type
    }
    return [
        Offered(line, due[line["message"]])
        for line in story.of("mail")
        if line.get("message") in due
    ]


def _states(story: Story) -> dict[str, list[tuple[float, dict[str, Any] | None]]]:
    """Returns the states of each person in order, with when each was first published."""
    states: dict[str, list[tuple[float, dict[str, Any] | None]]] = defaultdict(list)
    seen = set()
    for line in story.records(RECIPIENTS.name):
        if line["id"] not in seen:
            seen.add(line["id"])
            states[line["key"]].append((line["written"], line["body"]))
    return states


def _permits(state: dict[str, Any] | None, mail: Offered) -> bool:
    if state is None or "email" in state.get("stopped", []):
        return False
    purpose = Purpose(mail.due["purpose"])
    if purpose in BY_CONSENT:
        return any(
            consent["channel"] == "email" and consent["purpose"] in RULES[purpose].consents
            for consent in state.get("consents", [])
        )
    spoken_of = [
        each
        for each in state.get("applications", [])
        if each["applicationId"] == mail.due.get("applicationId")
    ]
    letter = purpose in (Purpose.LETTER, Purpose.KIND_LETTER)
    return any(each["answerOwed"] or not letter for each in spoken_of)
