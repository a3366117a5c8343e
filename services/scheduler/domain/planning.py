"""The plan of one person: everything that should be due, from what is known at this moment."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from dateutil.relativedelta import relativedelta

from services.scheduler.domain import wishes
from services.scheduler.domain.drafting import Draft
from services.scheduler.domain.facts import qualified
from services.scheduler.domain.occasions import (
    QUALIFIED,
    Occasion,
    Past,
    Person,
    Plan,
    State,
)
from services.scheduler.domain.policy import Policy
from shared.contract.events.payload import stable_id
from shared.contract.events.purposes import LETTERS, Purpose


def plan(person: Person, now: datetime, policy: Policy) -> Plan:
    """Gives the complete plan; what is planned or under way and not in it should not be.

    It gives the same ids whenever it is asked, and the same moments while nothing new is known.
    """
    draft = Draft(person, now, policy)
    if person.state.hired_at is None:
        continued = _grant_invitations(draft, person, policy)
        _grant_answers(draft, person, policy, continued)
        _grant_follow_ups(draft, person, policy)
        _grant_check_ins(draft, person, policy)
        draft.occasions.extend(_qualifications(draft, person))
    return draft.finished()


def _grant_invitations(draft: Draft, person: Person, policy: Policy) -> set[str]:
    """Gives the applications that go on: nobody is told no about a place they are offered."""
    granted = [wish for wish in wishes.invitations(person, policy) if draft.grant(wish)]
    return {wish.rejection.application_id for wish in granted if wish.rejection}


def _grant_answers(draft: Draft, person: Person, policy: Policy, continued: set[str]) -> None:
    """Letters come first, so that one of them asks rather than a question beside it."""
    asked = [past.counted_at for past in draft.emitted if past.asks_hat and past.counted_at]
    answers = [wish for wish in wishes.answers(person, policy) if wish.subject not in continued]
    for wish in sorted(answers, key=lambda wish: wish.purpose not in LETTERS):
        if draft.keep(wish):
            continue
        asks = wishes.may_ask(person, wish, max(asked, default=None), policy.ask_again_after)
        if wish.purpose in LETTERS or asks:
            granted = draft.grant(replace(wish, asks_hat=asks))
            asked += [wish.not_before] if asks and granted else []


def _grant_follow_ups(draft: Draft, person: Person, policy: Policy) -> None:
    renewal = wishes.renewal(person, policy)
    ready = wishes.ready(person, draft.hours, policy)
    follow_ups = [*ready, renewal] if renewal else ready
    for wish in sorted(follow_ups, key=lambda wish: wish.not_before):
        draft.grant(wish)


def _grant_check_ins(draft: Draft, person: Person, policy: Policy) -> None:
    """Plans as many check-ins as may still go unanswered, each after a time of quiet."""
    wish = wishes.check_in(person)
    if wish is None:
        return
    made = [
        p for p in draft.emitted if p.kind is Purpose.CHECK_IN and p.state is not State.WITHDRAWN
    ]
    for past in made:
        draft.keep(replace(wish, subject=past.subject))
    left = policy.sunset_after - _unanswered(made, person)
    last = max([wish.not_before, *(past.due_at for past in made)])
    for number in range(len(made) + 1, len(made) + 1 + left):
        heard = [departure.latest for departure in (*draft.ordinary, *draft.inviting)]
        due = _quiet_since(last, heard, policy) + _interval(policy)
        if not draft.grant(replace(wish, subject=str(number), not_before=due)):
            return
        last = draft.occasions[-1].due_at


def _unanswered(made: Iterable[Past], person: Person) -> int:
    answers = [at for at in (person.answered_at, person.state.hat_answered_at) if at]
    heard = [past.counted_at for past in made if past.counted_at]
    return sum(not answers or at > max(answers) for at in heard)


def _quiet_since(since: datetime, heard: Iterable[datetime], policy: Policy) -> datetime:
    """Gives the last contact after which it stays quiet for long enough to check in."""
    for moment in sorted(heard):
        if since < moment < since + _interval(policy) + policy.check_in_gives_way:
            since = moment
    return since


def _interval(policy: Policy) -> relativedelta:
    return relativedelta(months=policy.check_in_months)


def _qualifications(draft: Draft, person: Person) -> Iterator[Occasion]:
    """Gives the day on which each gap closes, of which the matcher hears once."""
    told = {past.subject for past in draft.emitted if past.kind == QUALIFIED}
    for rejection, projection in wishes.qualifying(person.state):
        day, subject = projection.closes_on, rejection.application_id
        if day and subject not in told:
            yield Occasion(
                id=stable_id(person.state.candidate_id, QUALIFIED, subject),
                kind=QUALIFIED,
                subject=subject,
                due_at=draft.hours.midnight(day),
                event=qualified(person.state, rejection, day, projection),
            )
