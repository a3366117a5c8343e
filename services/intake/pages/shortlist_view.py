"""What the recruiter's page shows of each person on a shortlist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from services.intake.pages.candidate_view import ConsentView
from services.intake.pages.decision_view import DecisionView, decision_view
from services.intake.pages.evidence_wording import worded
from services.intake.pages.wording import Texts
from services.intake.shortlists.backgrounds import Background
from services.intake.shortlists.decisions import Listed, OpenShortlist
from services.intake.shortlists.domain import Because, Obstacle
from services.intake.shortlists.store import History


@dataclass(frozen=True, slots=True)
class PersonView:
    candidate_id: str
    rank: int
    name: str
    continues: bool
    tier: str
    readiness: str
    reasons_for: Sequence[Markup]
    reasons_against: Sequence[Markup]
    history: History
    background: Background
    told_elsewhere: bool
    """Whether another system told them the outcome."""
    consents: Sequence[ConsentView]
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
            )
            for one in opened.people
        ],
    )


def _person(one: Listed, history: History, background: Background, texts: Texts) -> PersonView:
    place = one.place
    return PersonView(
        candidate_id=place.candidate_id,
        rank=place.rank,
        name=place.name,
        continues=place.application_id is not None,
        tier=place.tier,
        readiness=place.readiness,
        reasons_for=worded(place.reasons_for, texts),
        reasons_against=worded(place.reasons_against, texts),
        history=history,
        background=background,
        told_elsewhere=any(rejection.already_told for rejection in one.state.rejections),
        consents=[ConsentView.of(consent) for consent in one.state.consents],
        decision=decision_view(place, texts),
        obstacle=one.obstacle,
    )
