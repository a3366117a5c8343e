"""What the recruiter's page shows of each person on a shortlist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from services.intake.pages.candidate_view import ConsentView
from services.intake.pages.decision_view import DecisionView, decision_view
from services.intake.pages.evidence_wording import Claim, month, worded
from services.intake.pages.wording import Texts
from services.intake.shortlists.backgrounds import Background
from services.intake.shortlists.decisions import Listed, OpenShortlist
from services.intake.shortlists.domain import Because, Obstacle
from services.intake.shortlists.store import History, Place
from shared.contract.events.applications import Tier
from shared.contract.events.evidence import Readiness

_READY = frozenset({Readiness.MET, Readiness.MAY_NOW_BE_MET})


@dataclass(frozen=True, slots=True)
class PersonView:
    candidate_id: str
    rank: int
    name: str
    continues: bool
    standing: Markup
    """How their best application ended."""
    readiness: Markup | None
    """How they stand to what is asked."""
    reasons_for: Sequence[Claim]
    reasons_against: Sequence[Claim]
    history: History
    background: Background
    answer: Markup | None
    """Their last answer, and what it was about."""
    told_elsewhere: bool
    """Whether another system told them the outcome."""
    consents: Sequence[ConsentView]
    just_missed_out: bool
    is_ready: bool
    """Whether they have, or should have by now, everything that is asked for."""
    decision: DecisionView
    obstacle: Obstacle | None

    @property
    def is_open(self) -> bool:
        """Whether they can be approved, and nothing is decided about them."""
        return self.decision.can_be_made and self.obstacle is None


@dataclass(frozen=True, slots=True)
class ShortlistView:
    vacancy_title: str
    considered: int
    ranked_at: datetime
    continues: bool
    closed: bool
    shows_people: bool
    left: int
    """How many were listed who have left the record since."""
    people: Sequence[PersonView]
    decline_reasons: Sequence[Because] = field(default=tuple(Because))

    @property
    def several(self) -> bool:
        """Whether more than one person is still to be decided about."""
        return sum(one.is_open for one in self.people) > 1


def shortlist_view(
    opened: OpenShortlist,
    histories: Mapping[str, History],
    backgrounds: Mapping[str, Background],
    texts: Texts,
) -> ShortlistView:
    """Chooses what a recruiter sees of a shortlist."""
    shortlist = opened.shortlist
    return ShortlistView(
        vacancy_title=opened.vacancy.vacancy.title,
        considered=shortlist.considered,
        ranked_at=shortlist.ranked_at,
        continues=shortlist.continues,
        closed=not opened.vacancy.is_open,
        shows_people=opened.shows_people,
        left=shortlist.listed - len(opened.people),
        people=[
            _person(
                one,
                histories.get(one.place.candidate_id, History()),
                backgrounds.get(one.place.candidate_id, Background()),
                texts,
                opened.sees,
            )
            for one in opened.people
        ],
    )


def _person(
    one: Listed, history: History, background: Background, texts: Texts, sees: str | None
) -> PersonView:
    place = one.place
    return PersonView(
        candidate_id=place.candidate_id,
        rank=place.rank,
        name=place.name,
        continues=place.application_id is not None,
        standing=_standing(place, texts),
        readiness=_readiness(place, texts),
        reasons_for=worded(place.reasons_for, texts),
        reasons_against=worded(place.reasons_against, texts),
        history=history,
        background=background,
        answer=_answer(history, texts),
        told_elsewhere=any(
            rejection.already_told and rejection.told_with is None
            for rejection in one.state.rejections
            if sees in (None, rejection.source)
        ),
        consents=[ConsentView.of(consent) for consent in one.state.consents],
        just_missed_out=place.tier is Tier.RUNNER_UP,
        is_ready=place.readiness in _READY,
        decision=decision_view(place, texts),
        obstacle=one.obstacle,
    )


def _standing(place: Place, texts: Texts) -> Markup:
    if place.missed:
        return texts.say("shortlist.missed", role=place.missed)
    return texts.name("shortlist.tier", place.tier)


def _readiness(place: Place, texts: Texts) -> Markup | None:
    if place.readiness is Readiness.NOT_MET and place.ready_on:
        return texts.say("shortlist.not_before", month=month(place.ready_on, texts))
    return texts.find("shortlist.readiness", place.readiness)


def _answer(history: History, texts: Texts) -> Markup | None:
    if history.answer is None or history.answered_at is None:
        return None
    day = texts.day(history.answered_at)
    if about := history.answered_about:
        return texts.say("shortlist.answer_about", history.answer, vacancy=about, day=day)
    return texts.say("shortlist.answer", history.answer, day=day)
