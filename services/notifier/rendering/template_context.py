"""What may be said in one message: the variables of its template.

A variable exists only when it is true. A template that says "we keep your name until …" needs
`kept_until`, which only a live consent defines; without it the message does not render.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from services.notifier.domain import CountedReason, CountedStanding, ReplyFacts, ShortlistFacts
from services.notifier.rendering.wording import KIND_OF, Wording, lacks_time, plain
from shared.contract.events.applications import ReasonCode, Tier
from shared.contract.events.contacts import AlsoSaid, ContactFacts, InterestFacts, LastWord
from shared.contract.events.evidence import Readiness
from shared.contract.events.people import PersonName
from shared.contract.events.purposes import INVITING
from shared.contract.events.shortfalls import Assumption, Shortfall

Context = dict[str, object]

VARIANTS = 3
"""In how many ways a message that may come again is worded, one after the other. Where they begin
anew, the month that it names makes the words others than before."""

MOST_GAPS = 6
MOST_ALSO = 10
REASONS_SHOWN = 3
GENERAL = frozenset({ReasonCode.NOT_QUALIFIED, ReasonCode.OTHER})
"""Reasons that say nothing which a shortfall, or how close it was, does not say better."""

_URL = re.compile(r"https?://[^\s<>\"']+")


def of_contact(facts: ContactFacts, wording: Wording, zone: ZoneInfo, now: datetime) -> Context:
    """Returns what may be said to a candidate."""
    context: Context = {
        "tier": facts.tier,
        "place": facts.finishing_place,
        "asked_first": facts.asked_first,
        "is_open_again": facts.is_open_again,
        "asks_hat": facts.asks_hat,
        "variant": (facts.nth - 1) % VARIANTS,
        "again": facts.nth > 1,
        "is_last": facts.is_last,
        "this_month": wording.month(now.astimezone(zone).date()),
        "outcome": facts.outcome,
        "answered": facts.answered,
        "wrote": facts.wrote,
        **_praise(facts, wording),
        **_reasons(facts, wording, now.astimezone(zone).date()),
        **_time(facts, wording, zone, now),
        **_last_word(facts.last_word, wording, zone),
    }
    context["changes"] = not context.keys().isdisjoint({"closes_in", "closed_in", "change"})
    if facts.vacancy_title:
        context["title"] = plain(facts.vacancy_title)
        context["role"] = wording.role(plain(facts.vacancy_title))
    if where := wording.where(plain(facts.locality or "", 80), facts.country):
        context["where"] = where
    if facts.apply_url and _is_web_address(facts.apply_url):
        context["apply_url"] = facts.apply_url
    return context


def of_shortlist(facts: ShortlistFacts, wording: Wording, today: date) -> Context:
    """Returns what may be said to a recruiter: counts and reasons, and nobody's name."""
    return {
        "title": plain(facts.vacancy_title),
        "continues": facts.continues,
        "considered": wording.number(facts.considered),
        "listed": facts.listed,
        "more": wording.number(facts.ranked_lower) if facts.ranked_lower else "",
        "of_newcomers": facts.of_newcomers,
        "all_listed": facts.listed == facts.considered,
        "standings": _standings(facts.standings, wording, today),
        "reasons": list(islice(_said(facts.reasons, wording), REASONS_SHOWN)),
    }


def _standings(standings: Sequence[CountedStanding], wording: Wording, today: date) -> list[str]:
    """Says who stands how: whoever was to be ready by now should be, of the others the first."""
    groups: dict[tuple[Readiness, bool], list[CountedStanding]] = {}
    for at in standings:
        is_to_come = at.not_before is not None and at.not_before > today
        by_now = at.not_before is not None and not is_to_come
        readiness = Readiness.MAY_NOW_BE_MET if by_now else at.readiness
        groups.setdefault((readiness, is_to_come), []).append(at)
    return [
        wording.standing(
            readiness,
            sum(at.count for at in group),
            min(at.not_before for at in group if at.not_before) if is_to_come else None,
            today,
        )
        for (readiness, is_to_come), group in groups.items()
    ]


def of_interest(
    facts: InterestFacts, about: PersonName | None, wording: Wording, zone: ZoneInfo
) -> Context:
    """Returns what may be said to a recruiter of somebody who would like to talk."""
    context: Context = {
        "who": plain(about.display, 80) if about else "",
        "answer": facts.answer,
        "answers_to": facts.purpose,
        "is_invited": facts.purpose in INVITING,
        "lacks_more": facts.lacks_more,
        "has_now": [wording.asked(gap) for gap in facts.shortfalls],
        "also": _also(facts.also),
        "said_on": wording.day(facts.said_at.astimezone(zone).date()),
        "is_reminder": facts.is_reminder,
    }
    if facts.closed_at:
        context["closed_on"] = wording.day(facts.closed_at.astimezone(zone).date())
    if facts.vacancy_title:
        context["title"] = plain(facts.vacancy_title)
    return context


def _also(said: Sequence[AlsoSaid]) -> Mapping[str, Sequence[str]]:
    """Returns of which roles they said what, or are being talked with, each once."""
    titles: dict[str, dict[str, None]] = {}
    for one in said[:MOST_ALSO]:
        named = titles.setdefault("talking" if one.is_talking else one.answer, {})
        named[plain(one.vacancy_title)] = None
    return {what: list(named) for what, named in titles.items()}


def of_reply(facts: ReplyFacts, wording: Wording, zone: ZoneInfo) -> Context:
    """Returns what may be said to a recruiter of a reply: nobody's name, and no word of it."""
    context: Context = {
        "answers_to": facts.purpose,
        "said_on": wording.day(facts.said_at.astimezone(zone).date()),
    }
    if facts.vacancy_title:
        context["title"] = plain(facts.vacancy_title)
    return context


def _said(reasons: Sequence[CountedReason], wording: Wording) -> Iterator[str]:
    """Yields the reasons that there are words for."""
    for reason in reasons:
        sentence = wording.evidence(reason.evidence, reason.count)
        if sentence:
            yield sentence


def _praise(facts: ContactFacts, wording: Wording) -> Context:
    """Says what somebody did well, as far as the source told it, and to whom the role went."""
    reached = wording.reached(facts.stage) if facts.stage else None
    said = (reached, *map(wording.strength, facts.strengths))
    return {"praise": [sentence for sentence in said if sentence], "chosen": _chosen(facts)}


def _chosen(facts: ContactFacts) -> str | None:
    """Tells who got the role, if anybody is known to have."""
    if facts.reason_code is ReasonCode.OTHER_CANDIDATE_STRONGER:
        return "closer_match"
    behind = (facts.finishing_place or 1) > 1
    return "somebody_else" if behind and facts.reason_code is ReasonCode.OTHER else None


def _reasons(facts: ContactFacts, wording: Wording, today: date) -> Context:
    """Says why: each open shortfall, and the reason unless a shortfall says it already."""
    open_gaps = [gap for gap in facts.shortfalls if gap.closed_at is None]
    kinds = [gap.kind for gap in open_gaps]
    context: Context = {
        "gaps": _gaps(open_gaps, wording, today),
        "more_gaps": max(0, len(open_gaps) - MOST_GAPS),
    }
    code = facts.reason_code
    if code and not code.is_known:
        code = ReasonCode.OTHER
    lacked = KIND_OF.get(code) if code else None
    if code:
        context["briefest"] = wording.brief(code)
        context["brief"] = _brief(code, open_gaps, wording)
        says_more = bool(open_gaps) or facts.tier is Tier.RUNNER_UP
        if not (says_more and code in GENERAL) and lacked not in kinds:
            context["reason"] = wording.reason(code)
    is_a_reason = "reason" in context and code is not ReasonCode.OTHER
    context["says_why"] = bool(open_gaps) or is_a_reason
    lacking = kinds or ([lacked] if lacked else [])
    if lacking:
        context["change"] = wording.change(lacking)
    return context


def _gaps(gaps: list[Shortfall], wording: Wording, today: date) -> list[str]:
    """Says each shortfall; of several also when each should close, which one alone says anyway."""
    said = []
    for gap in gaps[:MOST_GAPS]:
        sentence = wording.gap(gap)
        if len(gaps) > 1 and gap.expected_at and gap.expected_at > today:
            sentence = f"{sentence} {wording.expected(gap.expected_at)}"
        said.append(sentence)
    return said


def _brief(code: ReasonCode, gaps: list[Shortfall], wording: Wording) -> str:
    spoken = (wording.brief_gap(gap) for gap in gaps if gap.kind is KIND_OF.get(code))
    return next((sentence for sentence in spoken if sentence), wording.brief(code))


def _time(facts: ContactFacts, wording: Wording, zone: ZoneInfo, now: datetime) -> Context:
    """Says when a gap closes or has closed, and until when a consent holds.

    A day that rests on an assumption we have no words for is not named.
    """
    understood = facts.assumed is None or facts.assumed.is_known
    lacking = [gap for gap in facts.shortfalls if gap.closed_at is None and lacks_time(gap)]
    assumed = facts.assumed is Assumption.WORKED_ON
    context: Context = {
        "assumed": assumed,
        "starting": assumed and bool(lacking) and not any(gap.observed_months for gap in lacking),
    }
    if facts.qualifies_on and understood:
        closes_on = _day(facts.qualifies_on)
        when = "closes_in" if closes_on > now.astimezone(zone).date() else "closed_in"
        context[when] = wording.month(closes_on)
    if facts.consent_until and facts.consent_until > now:
        context["kept_until"] = wording.day(_day(facts.consent_until - timedelta(microseconds=1)))
    return context


def _last_word(said: LastWord | None, wording: Wording, zone: ZoneInfo) -> Context:
    """Recalls what they said to us last, as far as there are words for it."""
    if said is None or not said.answer.is_known:
        return {}
    context: Context = {
        "last_answer": said.answer,
        "last_said_in": wording.month(said.said_at.astimezone(zone).date()),
    }
    if said.ended:
        context["last_ended"] = said.ended
    if said.vacancy_title:
        context["last_title"] = plain(said.vacancy_title)
    return context


def _day(moment: datetime) -> date:
    """Returns the day that was meant: a day of the calendar travels as its midnight in UTC."""
    return moment.astimezone(UTC).date()


def _is_web_address(url: str) -> bool:
    return bool(_URL.fullmatch(url))
