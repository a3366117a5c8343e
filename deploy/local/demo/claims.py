"""Whether what the messages say is so: what they promise, count and announce."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Final

from deploy.local.demo.evidence import Evidence, Message, PromiseCheck, judge
from deploy.local.demo.personas import RECRUITERS
from deploy.local.demo.promised import TO_CANDIDATES, TO_RECRUITERS, Promises, promised
from deploy.local.demo.simulated_time import UNANSWERED

TOLD_WITHIN: Final = timedelta(days=5)
"""A day of rest, and a weekend: then whoever waits has heard how it ended."""
UNTOLD: Final = frozenset({"not_this_time", "vacancy_closed", "unanswered"})
"""The ends that nobody hears of from a recruiter."""

_LINK = re.compile(r"https?://\S+")
_MARKUP = re.compile(r"<[^<>]*>")
_ONE = r"\b([Oo]ne|\d[\d,]{0,12})"
_BEST = r"who seems? to fit best"
_HEADING = re.compile(
    rf"{_ONE}(?: more)? past applicants? (?:who may fit|{_BEST}), out of {_ONE} whom we could ask"
    rf"(?:; {_ONE} more may fit)?"
)
_IN_HEADING: Final = ("listed", "considered", "ranked lower")
_IN_MAIL: Final = {
    "considered": re.compile(r"We looked at ([\d,]+) past applicant"),
    "listed": re.compile(rf"{_ONE} (?:{_BEST}|(?:more past applicants? )?may fit)"),
    "ranked lower": re.compile(rf"{_ONE} more may fit"),
    "met": re.compile(rf"{_ONE} meets? every requirement of this role"),
    "by their own word": re.compile(rf"{_ONE} says? they now have what was missing"),
    "by now": re.compile(rf"{_ONE} should have what was missing by now"),
    "not before": re.compile(rf"{_ONE} will not meet every requirement of this role before"),
    "lacking": re.compile(rf"{_ONE} still lacks? something this role requires"),
    "not known": re.compile(r"Of (one|\d+) we do not know whether"),
}
_NOBODY: Final = re.compile(r"(?i)nobody has been (?:contacted|approved|invited)")
_APPROVED: Final = re.compile(r"Approved on \d")
_ON_PAGE: Final = {
    "met": "Meets every requirement of this role",
    "by their own word": "Has what was missing by their own word",
    "by now": "Should have what was missing by now",
    "not before": "Will not meet every requirement of this role before",
    "lacking": "Still lacks something this role requires",
    "not known": "Not known whether they meet every requirement of this role",
}


@dataclass(frozen=True)
class KeptInterest:
    """An interest as the record has it, and whether the person was written how it ended."""

    interest_id: str
    waits_since: datetime
    ended_at: datetime | None
    ended_as: str | None
    is_told: bool


def answerable(evidence: Evidence) -> PromiseCheck:
    """Judges whether each answer that a message asks for could be given behind its own link."""

    def fails(case: tuple[Message, set[str]]) -> str | None:
        message, wanted = case
        pages = evidence.album.of(message)
        missing = sorted(wanted - (pages[0].buttons.keys() if pages else set()))
        return f"“{message['subject']}” offers no {', '.join(missing)}" if missing else None

    cases = [(m, promised(m["text"], _promises(m))) for m in evidence.messages]
    return judge("Whatever a message asks can be answered", [c for c in cases if c[1]], fails)


def no_text_twice(evidence: Evidence) -> PromiseCheck:
    """Judges whether anybody was sent the same words again; links differ, and are no words."""
    counts = Counter((m["to"], m["subject"], _LINK.sub("", m["text"])) for m in evidence.messages)
    return judge(
        "No text twice to the same person",
        counts.items(),
        lambda item: f"{item[1]} times: {item[0][1] or item[0][2]}" if item[1] > 1 else None,
    )


def mail_and_page_agree(evidence: Evidence) -> PromiseCheck:
    """Judges whether a mail about a shortlist counts what its page shows."""

    def fails(message: Message) -> str | None:
        pages = evidence.album.of(message)
        shown = _on_page(pages[0].html) if pages else {}
        said = _in_mail(message["text"])
        if _NOBODY.search(message["text"]) and any(_APPROVED.search(it.html) for it in pages[:1]):
            return f"“{message['subject']}” says “nobody” where somebody is approved"
        return None if said == shown else f"“{message['subject']}”: {said}, but {shown}"

    shortlists = [m for m in evidence.messages if evidence.kind(m) == "shortlist"]
    return judge("A shortlist's mail and page say the same", shortlists, fails)


def every_interest_ended(interests: Sequence[KeptInterest], at: datetime) -> PromiseCheck:
    """Judges whether by then nobody who said yes was left in silence, where there was time."""

    def fails(interest: KeptInterest) -> str | None:
        if interest.ended_at is None:
            late = interest.waits_since < at - UNANSWERED
            return f"{interest.interest_id} has no end" if late else None
        waits = interest.ended_as in UNTOLD and interest.ended_at < at - TOLD_WITHIN
        untold = f"{interest.interest_id}: nobody was told {interest.ended_as}"
        return untold if waits and not interest.is_told else None

    return judge("Every interest had an end, and they heard it", interests, fails)


def _promises(message: Message) -> Promises:
    return TO_RECRUITERS if message["to"] in RECRUITERS else TO_CANDIDATES


def _in_mail(text: str) -> dict[str, int]:
    said = {what: pattern.findall(text) for what, pattern in _IN_MAIL.items()}
    return {what: sum(map(_number, counts)) for what, counts in said.items() if counts}


def _on_page(html: str) -> dict[str, int]:
    text = " ".join(unescape(_MARKUP.sub(" ", html)).split())
    listed = _HEADING.search(text)
    heading = dict(zip(_IN_HEADING, listed.groups(), strict=True)) if listed else {}
    counts = {what: _number(count) for what, count in heading.items() if count}
    standings = {what: text.count(sentence) for what, sentence in _ON_PAGE.items()}
    return counts | {what: count for what, count in standings.items() if count}


def _number(written: str) -> int:
    return 1 if written.casefold() == "one" else int(written.replace(",", ""))
