"""What the recruiter's page shows of each person on a shortlist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from services.intake.interests.involvements import Involvement
from services.intake.pages.candidate_view import ConsentView
from services.intake.pages.decision_view import DecisionView, decision_view
from services.intake.pages.evidence_wording import WordedEvidence, month, worded
from services.intake.pages.profile_view import profile_sections, resume_shown
from services.intake.pages.since_wording import going_on, told_before, told_since
from services.intake.pages.turned_down_wording import turned_down
from services.intake.pages.wording import Texts
from services.intake.shortlists.backgrounds import Background
from services.intake.shortlists.decisions import Listed, OpenShortlist
from services.intake.shortlists.domain import Because, Obstacle
from services.intake.shortlists.store import History, Shortlist, ShortlistEntry
from shared.contract.events.applications import Tier
from shared.contract.events.evidence import Readiness, is_told

_READY = frozenset({Readiness.MET, Readiness.MAY_NOW_BE_MET})


@dataclass(frozen=True, slots=True)
class PersonView:
    candidate_id: str
    rank: int
    """Their number among those who are shown."""
    name: str
    continues: bool
    standing: Markup
    """How their best application ended."""
    readiness: Markup | None
    """How they stand to what is asked, as it was reckoned."""
    told_since: Sequence[Markup]
    """What they have told us since, as their own word."""
    told_before: Sequence[Markup]
    """The same of before; what it means for this role is among the reasons."""
    elsewhere: Sequence[Markup]
    """What goes on with them beside what was decided here."""
    reasons_for: Sequence[WordedEvidence]
    reasons_against: Sequence[WordedEvidence]
    history: History
    background: Background
    resume: str
    profiles: Sequence[Mapping[str, Sequence[str]]]
    """The sections of each profile that has more than a text."""
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
    lead: Markup
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
    involvements: Mapping[str, Sequence[Involvement]],
    texts: Texts,
    now: datetime,
) -> ShortlistView:
    """Chooses what a recruiter sees of a shortlist."""
    shortlist = opened.shortlist
    return ShortlistView(
        vacancy_title=opened.vacancy.vacancy.title,
        lead=_lead(shortlist, len(opened.people), texts),
        considered=shortlist.considered,
        ranked_at=shortlist.ranked_at,
        continues=shortlist.continues,
        closed=not opened.vacancy.is_open,
        shows_people=opened.shows_people,
        left=shortlist.listed - len(opened.people),
        people=[
            _person(
                one,
                number,
                histories.get(one.entry.candidate_id, History()),
                backgrounds.get(one.entry.candidate_id, Background()),
                involvements.get(one.entry.candidate_id, ()),
                texts,
                opened,
                now,
            )
            for number, one in enumerate(opened.people, 1)
        ],
    )


def _lead(shortlist: Shortlist, shown: int, texts: Texts) -> Markup:
    """Says how many are shown, and that it is not everybody who may fit, or not the first list."""
    counts = {"count": shown, "considered": shortlist.considered}
    if shortlist.of_newcomers:
        return texts.say("shortlist.lead_newcomers", **counts)
    if shortlist.ranked_lower:
        return texts.say("shortlist.lead_best", more=shortlist.ranked_lower, **counts)
    return texts.say("shortlist.lead", **counts)


def _person(
    one: Listed,
    number: int,
    history: History,
    background: Background,
    involvements: Sequence[Involvement],
    texts: Texts,
    opened: OpenShortlist,
    now: datetime,
) -> PersonView:
    entry = one.entry
    ranked_at, sees = opened.shortlist.ranked_at, opened.sees
    told = told_since(one.state, background.news, involvements, ranked_at, sees, texts)
    readiness = _readiness(entry, texts, now)
    if told and readiness:
        day = texts.day(ranked_at)
        readiness = texts.say("shortlist.since.as_known", standing=readiness, day=day)
    return PersonView(
        candidate_id=entry.candidate_id,
        rank=number,
        name=entry.name,
        continues=entry.application_id is not None,
        standing=_standing(entry, texts),
        readiness=readiness,
        told_since=told,
        told_before=told_before(background.news, ranked_at, texts),
        elsewhere=_elsewhere(entry, involvements, opened, texts, now),
        reasons_for=worded(entry.reasons_for, texts),
        reasons_against=[
            *turned_down(one.state.rejections, entry.reasons_against, sees, texts),
            *worded(entry.reasons_against, texts),
        ],
        history=history,
        background=background,
        resume=resume_shown(background.resume),
        profiles=[it for one in background.profiles if (it := profile_sections(one, texts))],
        answer=_answer(history, texts),
        told_elsewhere=any(
            rejection.already_told and rejection.told_with is None
            for rejection in one.state.rejections
            if sees in (None, rejection.source)
        ),
        consents=[ConsentView.of(consent) for consent in one.state.consents],
        just_missed_out=entry.tier is Tier.RUNNER_UP,
        is_ready=entry.readiness in _READY,
        decision=decision_view(entry, one.obstacle, one.waits_for, texts),
        obstacle=one.obstacle,
    )


def _elsewhere(
    entry: ShortlistEntry,
    involvements: Sequence[Involvement],
    opened: OpenShortlist,
    texts: Texts,
    now: datetime,
) -> list[Markup]:
    """Tells what goes on but for what the decision itself tells."""
    shortlist = opened.shortlist
    own = (entry.interest_id, shortlist.shortlist_id)
    others = [
        one
        for one in involvements
        if (one.interest_id != own[0] if one.answer else one.shortlist_id != own[1])
    ]
    return going_on(others, now, texts, since=shortlist.ranked_at, here=shortlist.vacancy_id)


def _standing(entry: ShortlistEntry, texts: Texts) -> Markup:
    if entry.missed:
        return texts.say("shortlist.missed", role=entry.missed)
    return texts.name("shortlist.tier", entry.tier)


def _readiness(entry: ShortlistEntry, texts: Texts, now: datetime) -> Markup | None:
    """Says how they stand; whoever was to be ready by now should be."""
    if entry.readiness is Readiness.NOT_MET and entry.ready_on:
        today = now.date()
        if entry.ready_on <= today:
            return texts.say("shortlist.readiness", Readiness.MAY_NOW_BE_MET)
        has_begun = entry.ready_on.replace(day=1) <= today
        then = texts.day(entry.ready_on) if has_begun else month(entry.ready_on, texts)
        return texts.say("shortlist.not_before", then=then)
    if not is_told(entry.readiness, entry.reasons_against):
        return None
    return texts.find("shortlist.readiness", entry.readiness)


def _answer(history: History, texts: Texts) -> Markup | None:
    if history.answer is None or history.answered_at is None:
        return None
    day = texts.day(history.answered_at)
    if about := history.answered_about:
        return texts.say("shortlist.answer_about", history.answer, vacancy=about, day=day)
    return texts.say("shortlist.answer", history.answer, day=day)
