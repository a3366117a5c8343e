"""What the recruiter's page says of a decision about somebody, and of what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from markupsafe import Markup

from services.intake.interests.domain import BY_THEMSELVES
from services.intake.pages.interest_wording import ending_said
from services.intake.pages.wording import Texts
from services.intake.shortlists.domain import Because, Choice, Obstacle
from services.intake.shortlists.store import ShortlistEntry
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
    entry: ShortlistEntry, obstacle: Obstacle | None, waits_for: WaitsFor | None, texts: Texts
) -> DecisionView:
    """Tells what was decided about somebody, and how far a message to them has come."""
    happened = [
        *_decision(entry, obstacle, waits_for, texts),
        *_message(entry, texts),
        *_outcome(entry, texts),
    ]
    in_the_way = [*_silence(entry, obstacle, texts)]
    told = _told_of_closing(entry, texts)
    news = [*happened, *([] if entry.answered_at else in_the_way), *told]
    return DecisionView(
        said=[*happened, *in_the_way, *_closing(entry, texts), *told],
        headline=news[-1] if news else None,
        can_be_made=not entry.is_decided,
        can_be_taken_back=entry.can_be_taken_back,
    )


def _decision(
    entry: ShortlistEntry, obstacle: Obstacle | None, waits_for: WaitsFor | None, texts: Texts
) -> Iterator[Markup]:
    if entry.decided_at is None:
        return
    if entry.choice is Choice.DECLINED:
        day = texts.day(entry.decided_at)
        yield texts.say("shortlist.declined", entry.because or Because.OTHER, day=day)
    elif entry.taken_back_at:
        how = "taken_back_late" if entry.left_at else "taken_back"
        yield texts.say("shortlist.decided", how, day=texts.day(entry.taken_back_at))
    else:
        how = _approval(entry, obstacle)
        said = texts.say("shortlist.decided", how, day=texts.day(entry.decided_at))
        why = texts.say("shortlist.waits_for", waits_for) if waits_for and how == "waits" else None
        yield said + " " + why if why else said


def _approval(entry: ShortlistEntry, obstacle: Obstacle | None) -> str:
    """Tells how it stands with an approval; what is still to come is not said once it has.

    Nor is it where something stands in the way.
    """
    if entry.left_at or entry.failed_at:
        return "told"
    if obstacle and not entry.withdrawn_at:
        return "told"
    if entry.withdrawn_at:
        return "withdrawn"
    return "waits" if entry.waits else "approved"


def _message(entry: ShortlistEntry, texts: Texts) -> Iterator[Markup]:
    steps = {
        "left": entry.left_at,
        "arrived": entry.arrived_at,
        "failed": entry.failed_at,
    }
    answers = {
        "wrote": entry.wrote_at,
        "read": entry.read_at,
        entry.answer or "": entry.answered_at,
    }
    in_order = sorted(((name, at) for name, at in answers.items() if at), key=itemgetter(1))
    for name, at in [*steps.items(), *in_order]:
        if at and (sentence := texts.find("shortlist.step", name, day=texts.day(at))):
            yield sentence


def _outcome(entry: ShortlistEntry, texts: Texts) -> Iterator[Markup]:
    """Tells what came of a yes."""
    ending = entry.interest_ending
    if ending and ending.ended_as in _SAID:
        yield ending_said(ending, texts)
    elif ending is None and entry.interest_closed_at:
        day = texts.day(entry.interest_closed_at)
        yield texts.say("shortlist.step.were_talking", day=day)


def _silence(entry: ShortlistEntry, obstacle: Obstacle | None, texts: Texts) -> Iterator[Markup]:
    """Tells what has come in the way of somebody about whom it was decided."""
    if obstacle is None or not entry.is_decided or entry.choice is Choice.DECLINED:
        return
    unsent = not (entry.left_at or entry.failed_at or entry.withdrawn_at)
    if sentence := texts.find("shortlist.hindered", obstacle):
        yield sentence
    elif unsent:
        yield texts.say("shortlist.obstacle", obstacle)


def _closing(entry: ShortlistEntry, texts: Texts) -> Iterator[Markup]:
    """Tells that the vacancy has closed since."""
    closed = entry.withdrawn_because is Withdrawal.VACANCY_CLOSED and entry.withdrawn_at
    if closed and (entry.left_at or entry.failed_at):
        yield texts.say("shortlist.step.closed", day=texts.day(closed))


def _told_of_closing(entry: ShortlistEntry, texts: Texts) -> list[Markup]:
    """Tells when they heard that it has closed; any other end says itself when they heard of it."""
    ending, told_at = entry.interest_ending, entry.told_end_at
    if entry.withdrawn_because is not Withdrawal.VACANCY_CLOSED or told_at is None:
        return []
    if entry.interest_closed_at or (ending and ending.ended_as in _SAID):
        return []
    return [texts.say("shortlist.step.told_closed", day=texts.day(told_at))]
