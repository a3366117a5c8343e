"""Invented people and facts for every kind of message: to preview it, and to check it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, product
from typing import Any

from services.notifier.domain import (
    INTEREST,
    LINKS,
    REPLY,
    SHORTLIST,
    Content,
    CountedReason,
    CountedStanding,
    Facts,
    LinksFacts,
    MessageKind,
    ReplyFacts,
    ShortlistFacts,
)
from services.notifier.rendering.template_context import REASONS_SHOWN, VARIANTS
from shared.contract.events.applications import ReasonCode, Stage, Strength, Tier
from shared.contract.events.contacts import AlsoSaid, ContactFacts, InterestFacts, LastWord, Outcome
from shared.contract.events.evidence import Evidence, EvidenceCode, Readiness
from shared.contract.events.payload import stable_id
from shared.contract.events.people import Channel, Consent, ConsentPurpose, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Answer, OpenShortlist
from shared.contract.events.shortfalls import Assumption, RequirementKind, Shortfall

NOW = datetime(2025, 3, 5, 10, 30, tzinfo=UTC)

_ROLE: dict[str, Any] = {
    "vacancy_id": "job-204",
    "vacancy_title": "Staff Nurse, Intensive Care",
    "locality": "Hamburg",
    "country": "DE",
}
_WARD = Shortfall(
    requirement_id="ward",
    kind=RequirementKind.EXPERIENCE,
    name="ward nursing",
    required_months=36,
    observed_months=22,
    observed_at=date(2025, 3, 3),
)
_LICENCE = Shortfall(
    requirement_id="licence",
    kind=RequirementKind.LICENCE,
    name="Intensive care certificate",
    expected_at=date(2026, 6, 14),
)
_CLOSES = datetime(2026, 5, 3, tzinfo=UTC)
_KEPT = datetime(2026, 3, 5, tzinfo=UTC)


def samples() -> Iterator[tuple[str, Content]]:
    """Yields the content, by name, of every kind of message and of all that makes words differ."""
    own = _facts()
    usual = [_usual(purpose) for purpose in Purpose if purpose not in map(_purpose, own)]
    for kind, facts in chain(own.items(), *usual):
        for channel in Channel:
            yield f"{kind}-{channel}", content(_purpose(kind), facts, channel)
    by_a_recruiter = contact(apply_url="https://jobs.example/204")
    agreed = Consent(
        purpose=ConsentPurpose.NOW_AND_THEN, channel=Channel.EMAIL, since=NOW, until=_KEPT
    )
    ended = content(Purpose.OUTCOME, contact(outcome=Outcome.VACANCY_CLOSED))
    yield "links", content(LINKS, links())
    for purpose in (Purpose.INVITATION, Purpose.CONTINUATION, Purpose.CHECK_IN, None):
        yield f"reply-{purpose}", content(REPLY, reply(purpose=purpose))
    yield "reply-bare", content(REPLY, reply(vacancy_title=None))
    yield "outcome-in-hat", replace(ended, consents=[agreed])
    yield "invitation-signed", content(Purpose.INVITATION, by_a_recruiter, signed_by="Jonas Weber")


def in_each(
    languages: Iterable[str], contents: Iterable[tuple[str, Content]]
) -> Iterator[tuple[str, Content]]:
    """Yields each content for a reader of each language, which its name then ends with."""
    for (name, each), language in product(contents, sorted(languages)):
        yield f"{name}-{language}", replace(each, locale=language)


def every_reason() -> Iterator[tuple[str, Content]]:
    """Yields a message for each reason alone, and letters with each kind of shortfall beside it."""
    letters = {
        Tier.NOT_YET: Purpose.LETTER,
        Tier.RUNNER_UP: Purpose.LETTER,
        Tier.NO: Purpose.KIND_LETTER,
    }
    kinds = [None, *RequirementKind]
    for (tier, purpose), code, kind in product(letters.items(), ReasonCode, kinds):
        gaps = [Shortfall(requirement_id="one", kind=kind)] if kind else []
        facts = contact(tier=tier, reason_code=code, shortfalls=gaps, asks_hat=tier is not Tier.NO)
        for channel in Channel:
            yield f"{purpose}-{tier}-{code}-{kind}-{channel}", content(purpose, facts, channel)
    for name, found in _every_evidence():
        yield f"shortlist-{name}", content(SHORTLIST, found)


def content(
    purpose: MessageKind,
    facts: Facts,
    channel: Channel = Channel.EMAIL,
    *,
    name: PersonName | None = None,
    locale: str = "en-GB",
    time_zone: str | None = "Europe/Berlin",
    signed_by: str = "",
) -> Content:
    """Makes the content of a message about somebody who does not exist."""
    person = PersonName(given_name="Amara", family_name="Okafor")
    to_candidate = isinstance(facts, ContactFacts)
    of_contact = not isinstance(facts, ShortlistFacts | LinksFacts | ReplyFacts)
    return Content(
        message_id=stable_id(purpose, channel, "message"),
        channel=channel,
        purpose=purpose,
        recipient_id=stable_id("candidate" if to_candidate else "recruiter"),
        name=name or (person if to_candidate else PersonName(given_name="Jonas")),
        locale=locale,
        time_zone=time_zone,
        facts=facts,
        contact_id=stable_id(purpose) if of_contact else None,
        application_id="application-1187" if of_contact else None,
        about=person if isinstance(facts, InterestFacts) else None,
        signed_by=signed_by,
    )


def contact(**facts: Any) -> ContactFacts:
    """Makes the facts of a message about an invented application."""
    return ContactFacts(**{**_ROLE, **facts})


def shortlist(**facts: Any) -> ShortlistFacts:
    """Makes the facts of a recruiter's mail about an invented shortlist."""
    found = {
        "shortlist_id": stable_id("shortlist"),
        "vacancy_id": "job-204",
        "vacancy_title": "Staff Nurse, Intensive Care",
        "considered": 1214,
        "listed": 5,
        "standings": [
            standing(2, Readiness.MET),
            standing(1, Readiness.MAY_NOW_BE_MET),
            standing(2, Readiness.NOT_MET, date(2026, 6, 14)),
        ],
        "reasons": [
            reason(3, EvidenceCode.MONTHS_WORKED, name="Ward nursing", needed_months=36),
            reason(2, EvidenceCode.FINISHED, name="Staff Nurse, Intensive Care"),
            reason(1, EvidenceCode.SAID_THEY_HAVE_IT, name="Intensive care certificate"),
        ],
    }
    return ShortlistFacts(**{**found, **facts})


def links() -> LinksFacts:
    """Makes what a recruiter asked for who has lost their links."""
    made = (
        ("Ward Nurse", NOW),
        ("Ward Nurse", NOW - timedelta(days=30)),
        ("Staff Nurse, Intensive Care", None),
    )
    lists = [
        OpenShortlist(
            shortlist_id=stable_id("shortlist", title, str(at)),
            vacancy_id=title,
            vacancy_title=title,
            ranked_at=at,
        )
        for title, at in made
    ]
    return LinksFacts(shortlists=lists)


def reply(**facts: Any) -> ReplyFacts:
    """Makes the facts of a recruiter's mail about what somebody wrote who does not exist."""
    said = {
        "reply_id": stable_id("reply"),
        "purpose": Purpose.INVITATION,
        "vacancy_title": "Staff Nurse, Intensive Care",
        "said_at": NOW,
        "follows": [stable_id("shortlist mail"), stable_id("invitation")],
    }
    return ReplyFacts(**{**said, **facts})


def standing(count: int, readiness: Readiness, not_before: date | None = None) -> CountedStanding:
    """Makes how so many of an invented shortlist stand to what the role needs."""
    return CountedStanding(readiness=readiness, count=count, not_before=not_before)


def interest(**facts: Any) -> InterestFacts:
    """Makes the facts of a recruiter's mail about an invented person who would like to talk."""
    said = {
        "interest_id": stable_id("interest"),
        "answer": Answer.INTERESTED,
        "purpose": Purpose.INVITATION,
        "vacancy_title": "Staff Nurse, Intensive Care",
        "said_at": NOW,
    }
    return InterestFacts(**{**said, **facts})


def reason(count: int, code: EvidenceCode, **facts: Any) -> CountedReason:
    """Makes one reason of an invented shortlist."""
    return CountedReason(evidence=Evidence(code=code, **facts), count=count)


def _every_evidence() -> Iterator[tuple[str, ShortlistFacts]]:
    """Yields shortlists which show each claim about one and about several."""
    codes = list(EvidenceCode)
    needed: dict[str, Any] = {
        "name": "Ward nursing",
        "needed_months": 36,
        "stage": Stage.INTERVIEWED,
    }
    for start in range(0, len(codes), REASONS_SHOWN):
        some = codes[start : start + REASONS_SHOWN]
        for count, facts in product((1, 4), (needed, {"name": "Ward nursing"}, {})):
            reasons = [reason(count, code, **facts) for code in some]
            yield f"{some[0]}-{count}-{len(facts)}", shortlist(reasons=reasons)


def _purpose(kind: str) -> MessageKind:
    name = kind.partition("-")[0]
    for to_recruiter in (SHORTLIST, INTEREST):
        if name == to_recruiter:
            return to_recruiter
    return Purpose(name)


def _usual(purpose: Purpose) -> Iterator[tuple[str, Facts]]:
    """Yields the facts of a purpose with none of its own: each of its wordings, and nothing known.

    A purpose whose words rest on more, or differ by more, has its own in `_facts`.
    """
    for nth in range(1, VARIANTS + 2):
        yield f"{purpose}-{nth}", contact(consent_until=_KEPT, nth=nth)
    yield f"{purpose}-bare", ContactFacts()


def _facts() -> dict[str, Facts]:
    runner_up = contact(
        tier=Tier.RUNNER_UP,
        reason_code=ReasonCode.OTHER_CANDIDATE_STRONGER,
        stage=Stage.FINAL,
        finishing_place=2,
        strengths=[Strength.INTERVIEW, Strength.EXPERIENCE],
    )
    close = contact(tier=Tier.RUNNER_UP, reason_code=ReasonCode.VACANCY_CLOSED)
    not_yet = contact(
        tier=Tier.NOT_YET,
        reason_code=ReasonCode.EXPERIENCE_TOO_SHORT,
        shortfalls=[_WARD],
        qualifies_on=_CLOSES,
        assumed=Assumption.WORKED_ON,
    )
    several = not_yet.model_copy(
        update={"shortfalls": [_WARD, _LICENCE], "qualifies_on": datetime(2026, 6, 14, tzinfo=UTC)}
    )
    starting = not_yet.model_copy(
        update={"shortfalls": [_WARD.model_copy(update={"observed_months": 0})]}
    )
    undated = contact(
        tier=Tier.NOT_YET,
        reason_code=ReasonCode.LICENCE_MISSING,
        shortfalls=[_LICENCE.model_copy(update={"expected_at": None})],
    )
    asks = {"asks_hat": True}
    past = datetime(2025, 3, 1, tzinfo=UTC)
    return {
        "letter-runner-up": runner_up.model_copy(update=asks),
        "letter-runner-up-told-before": runner_up,
        "letter-runner-up-close": close.model_copy(update=asks),
        "letter-not-yet": not_yet.model_copy(update=asks),
        "letter-not-yet-told-before": not_yet,
        "letter-not-yet-several": several.model_copy(update=asks),
        "letter-not-yet-starting": starting.model_copy(update=asks),
        "letter-not-yet-undated": undated.model_copy(update=asks),
        "letter-bare": ContactFacts(asks_hat=True),
        "kind_letter-not-qualified": contact(tier=Tier.NO, reason_code=ReasonCode.NOT_QUALIFIED),
        "kind_letter-permit": contact(tier=Tier.NO, reason_code=ReasonCode.PERMIT_MISSING),
        "kind_letter-bare": ContactFacts(),
        "question-runner-up": runner_up.model_copy(update=asks),
        "question-not-yet": not_yet.model_copy(update=asks),
        "check_in": contact(consent_until=_KEPT),
        "check_in-second": contact(consent_until=_KEPT, nth=2),
        "check_in-third": contact(consent_until=_KEPT, nth=3),
        "check_in-fourth": contact(consent_until=_KEPT, nth=4),
        **{
            f"check_in-{said}": contact(
                last_word=LastWord(answer=said, said_at=NOW), consent_until=_KEPT
            )
            for said in Answer
        },
        "check_in-ended": contact(
            last_word=LastWord(
                answer=Answer.INTERESTED,
                said_at=NOW,
                vacancy_title="Ward Nurse",
                ended=Outcome.UNANSWERED,
            )
        ),
        "check_in-bare": ContactFacts(),
        "ready": not_yet.model_copy(update={"qualifies_on": past}),
        "ready-soon": not_yet,
        "ready-starting": starting.model_copy(update={"qualifies_on": past}),
        "ready-second": not_yet.model_copy(update={"qualifies_on": past, "nth": 2}),
        "ready-third": not_yet.model_copy(update={"nth": 3}),
        "ready-runner-up": not_yet.model_copy(update={"tier": Tier.RUNNER_UP}),
        "ready-bare": ContactFacts(),
        "renewal": contact(consent_until=_KEPT),
        "renewal-last": contact(consent_until=_KEPT, nth=2, is_last=True),
        "renewal-third": contact(consent_until=_KEPT, nth=3),
        "renewal-last-fourth": contact(consent_until=_KEPT, nth=4, is_last=True),
        "renewal-last-again": contact(consent_until=_KEPT, nth=6, is_last=True),
        "invitation": contact(apply_url="https://jobs.example/204"),
        "invitation-again": contact(is_open_again=True),
        "invitation-abroad": contact(locality="Vienna", country="AT"),
        "invitation-anywhere": contact(locality=None),
        "continuation-second": contact(finishing_place=2, tier=Tier.RUNNER_UP, asked_first=True),
        "continuation-third": contact(finishing_place=3, tier=Tier.RUNNER_UP),
        "outcome-closed": contact(outcome=Outcome.VACANCY_CLOSED, answered=Answer.INTERESTED),
        "outcome-closed-invited": contact(outcome=Outcome.VACANCY_CLOSED),
        "outcome-closed-wrote": contact(outcome=Outcome.VACANCY_CLOSED, wrote=True),
        "outcome-not-this-time": contact(outcome=Outcome.NOT_THIS_TIME, answered=Answer.INTERESTED),
        "outcome-unanswered": contact(outcome=Outcome.UNANSWERED, answered=Answer.INTERESTED),
        "outcome-not-this-time-has-it": contact(
            outcome=Outcome.NOT_THIS_TIME, answered=Answer.HAS_IT_NOW
        ),
        "outcome-unanswered-has-it": ContactFacts(
            outcome=Outcome.UNANSWERED, answered=Answer.HAS_IT_NOW
        ),
        "outcome-left-open": contact(outcome=Outcome.LEFT_OPEN, answered=Answer.INTERESTED),
        "outcome-bare": ContactFacts(),
        "interest": interest(),
        "interest-continues": interest(purpose=Purpose.CONTINUATION),
        "interest-check_in": interest(purpose=Purpose.CHECK_IN),
        "interest-has-it": interest(purpose=Purpose.READY, answer=Answer.HAS_IT_NOW),
        "interest-has-them": interest(
            purpose=Purpose.READY, answer=Answer.HAS_IT_NOW, shortfalls=[_WARD, _LICENCE]
        ),
        "interest-has-some": interest(
            purpose=Purpose.READY, answer=Answer.HAS_IT_NOW, shortfalls=[_WARD], lacks_more=True
        ),
        "interest-also": interest(
            also=[
                AlsoSaid(answer=Answer.INTERESTED, vacancy_title="Ward Nurse"),
                AlsoSaid(answer=Answer.HAS_IT_NOW, vacancy_title="Theatre Nurse"),
                AlsoSaid(answer=Answer.INTERESTED, vacancy_title="Night Nurse", is_talking=True),
            ]
        ),
        "interest-reminder": interest(is_reminder=True),
        "interest-closed": interest(closed_at=NOW),
        "interest-bare": interest(purpose=None, vacancy_title=None),
        "shortlist": shortlist(),
        "shortlist-continues": shortlist(
            continues=True,
            listed=1,
            standings=[standing(1, Readiness.BY_OWN_WORD)],
            reasons=[reason(1, EvidenceCode.FINISHED, name="Staff Nurse, Intensive Care")],
        ),
        "shortlist-best": shortlist(listed=10, ranked_lower=1204),
        "shortlist-newcomers": shortlist(considered=1, listed=1, of_newcomers=True, standings=[]),
        "shortlist-nobody": shortlist(considered=1, listed=0, standings=[], reasons=[]),
    }
