"""What the recruiter's page says of a decision about somebody, and of what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from markupsafe import Markup

from services.intake.interests.domain import BY_THEMSELVES
from services.intake.pages.interest_wording import ending_said
from services.intake.pages.wording import Texts
from services.intake.shortlists.domain import Because, Choice, Obstacle
from services.intake.shortlists.store import Place
from services.intake.shortlists.turns import WaitsFor
from shared.contract.events.responses import InterestEnd, Withdrawal

_SAID = frozenset(InterestEnd) - {*BY_THEMSELVES, InterestEnd.VACANCY_CLOSED}


@dataclass(frozen=True, slots=True)
class DecisionView:
    said: Sequence[Markup]
    """What happened, in order."""
    headline: Markup | None
    """The last that happened to them: not that the vacancy closed, but that they were told so.

    Whoever has answered is to be answered, whatever stands in the way of writing to them.
    """
    can_be_made: bool
    can_be_taken_back: bool


def decision_view(
    place: Place, obstacle: Obstacle | None, waits_for: WaitsFor | None, texts: Texts
) -> DecisionView:
    """Tells what was decided about somebody, and how far a message to them has come."""
    happened = [
        *_decision(place, obstacle, waits_for, texts),
        *_message(place, texts),
        *_outcome(place, texts),
    ]
    in_the_way = [*_silence(place, obstacle, texts)]
    told = _told_of_closing(place, texts)
    news = [*happened, *([] if place.answered_at else in_the_way), *told]
    return DecisionView(
        said=[*happened, *in_the_way, *_closing(place, texts), *told],
        headline=news[-1] if news else None,
        can_be_made=not place.is_decided,
        can_be_taken_back=place.can_be_taken_back,
    )


def _decision(
    place: Place, obstacle: Obstacle | None, waits_for: WaitsFor | None, texts: Texts
) -> Iterator[Markup]:
    if place.decided_at is None:
        return
    if place.choice is Choice.DECLINED:
        day = texts.day(place.decided_at)
        yield texts.say("shortlist.declined", place.because or Because.OTHER, day=day)
    elif place.taken_back_at:
        how = "taken_back_late" if place.left_at else "taken_back"
        yield texts.say("shortlist.decided", how, day=texts.day(place.taken_back_at))
    else:
        how = _approval(place, obstacle)
        said = texts.say("shortlist.decided", how, day=texts.day(place.decided_at))
        why = texts.say("shortlist.waits_for", waits_for) if waits_for and how == "waits" else None
        yield said + " " + why if why else said


def _approval(place: Place, obstacle: Obstacle | None) -> str:
    """Tells how it stands with an approval; what is still to come is not said once it has.

    Nor is it where something stands in the way.
    """
    if place.left_at or place.failed_at:
        return "told"
    if obstacle and not place.withdrawn_at:
        return "told"
    if place.withdrawn_at:
        return "withdrawn"
    return "waits" if place.waits else "approved"


def _message(place: Place, texts: Texts) -> Iterator[Markup]:
    steps = {
        "left": place.left_at,
        "arrived": place.arrived_at,
        "failed": place.failed_at,
    }
    answers = {
        "wrote": place.wrote_at,
        "read": place.read_at,
        place.answer or "": place.answered_at,
    }
    in_order = sorted(((name, at) for name, at in answers.items() if at), key=itemgetter(1))
    for name, at in [*steps.items(), *in_order]:
        if at and (sentence := texts.find("shortlist.step", name, day=texts.day(at))):
            yield sentence


def _outcome(place: Place, texts: Texts) -> Iterator[Markup]:
    """Tells what came of a yes."""
    ending = place.interest_ending
    if ending and ending.ended_as in _SAID:
        yield ending_said(ending, texts)
    elif ending is None and place.interest_closed_at:
        day = texts.day(place.interest_closed_at)
        yield texts.say("shortlist.step.were_talking", day=day)


def _silence(place: Place, obstacle: Obstacle | None, texts: Texts) -> Iterator[Markup]:
    """Tells what has come in the way of somebody about whom it was decided."""
    if obstacle is None or not place.is_decided or place.choice is Choice.DECLINED:
        return
    unsent = not (place.left_at or place.failed_at or place.withdrawn_at)
    if sentence := texts.find("shortlist.hindered", obstacle):
        yield sentence
    elif unsent:
        yield texts.say("shortlist.obstacle", obstacle)


def _closing(place: Place, texts: Texts) -> Iterator[Markup]:
    """Tells that the vacancy has closed since."""
    closed = place.withdrawn_because is Withdrawal.VACANCY_CLOSED and place.withdrawn_at
    if closed and (place.left_at or place.failed_at):
        yield texts.say("shortlist.step.closed", day=texts.day(closed))


def _told_of_closing(place: Place, texts: Texts) -> list[Markup]:
    """Tells when they heard that it has closed; any other end says itself when they heard of it."""
    ending, told_at = place.interest_ending, place.told_end_at
    if place.withdrawn_because is not Withdrawal.VACANCY_CLOSED or told_at is None:
        return []
    if place.interest_closed_at or (ending and ending.ended_as in _SAID):
        return []
    return [texts.say("shortlist.step.told_closed", day=texts.day(told_at))]
