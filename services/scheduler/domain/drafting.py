"""A plan in the making: each wish is held against what has happened, then given a moment.

A moment follows from the facts and the budget, not from when it was worked out, so planning again
changes nothing. The one exception is kept on record: what is found past its expiry, after an
outage or a jump of the clock, is revived and gets a moment from then on, within the budget, so
that a backlog is spread or merged and never poured out.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.scheduler.domain.facts import facts_for
from services.scheduler.domain.hours import hours_of
from services.scheduler.domain.moments import Moment, Room, first_moment
from services.scheduler.domain.occasions import (
    REACHED,
    Departure,
    Occasion,
    Past,
    Person,
    Plan,
    State,
)
from services.scheduler.domain.policy import Limit, Policy
from services.scheduler.domain.wishes import Wish, reachable
from shared.contract.events.contacts import ContactDue, ContactWithdrawn
from shared.contract.events.payload import stable_id
from shared.contract.events.people import Channel
from shared.contract.events.purposes import BY_CONSENT, INVITING, LETTERS, RULES, Purpose, allows


class Draft:
    """Grants wishes one after the other; those granted first take their room in the budget."""

    def __init__(self, person: Person, now: datetime, policy: Policy) -> None:
        self.hours = hours_of(person.state, policy)
        self.occasions: list[Occasion] = []
        self._person = person
        self._now = now
        self._policy = policy
        self._planned = {past.id: past for past in person.past if past.state is State.PLANNED}
        self.emitted = [self._seen(past) for past in person.past if past.state is not State.PLANNED]
        self._standing: set[str] = set()
        """Ids of what is with the notifier and should be."""
        counted = [(past.kind in INVITING, past.departure) for past in self.emitted]
        self.ordinary = [left for inviting, left in counted if left and not inviting]
        self.inviting = [left for inviting, left in counted if left and inviting]

    def keep(self, wish: Wish) -> bool:
        """Tells whether the wish has its contact already, and lets that stand."""
        reached = {past.id for past in self._alike(wish) if past.state in REACHED}
        self._standing |= reached
        return bool(reached)

    def grant(self, wish: Wish) -> bool:
        """Plans the contact unless there is one already; False if it can have no moment.

        What did not get out is tried again, as a new contact, once it certainly never will: an
        owed answer whatever kept it, anything else only if it was withdrawn.
        """
        if self.keep(wish):
            return True
        alike = self._alike(wish)
        failed = sum(past.state is not State.WITHDRAWN for past in alike)
        if failed >= (self._policy.letter_tries if wish.purpose in LETTERS else 1):
            return False
        wish = wish.later(self._person.state.paused_until)
        for past in alike:
            wish = wish.later(past.settled_at and past.settled_at + self._policy.retry_after)
        return self._plan(wish, number=len(alike) + 1)

    def finished(self) -> Plan:
        """Gives the plan, and what of the former one it leaves out."""
        planned = {occasion.id for occasion in self.occasions}
        return Plan(
            self.occasions,
            obsolete=[id for id in self._planned if id not in planned],
            withdrawn=[
                ContactWithdrawn(
                    contact_id=past.id,
                    candidate_id=self._person.state.candidate_id,
                    because=self._because(past),
                )
                for past in self._person.past
                if past.pending and past.id not in self._standing
            ],
        )

    def _plan(self, wish: Wish, number: int) -> bool:
        candidate_id = self._person.state.candidate_id
        id = stable_id(candidate_id, wish.purpose, wish.subject, str(number))
        room = self._room(wish.purpose)
        known = self._planned.get(id)
        revived_at = known.revived_at if known else None
        moment = first_moment(wish.later(revived_at), id, room)
        if moment and moment.expires_at <= self._now:
            revived_at = self._now
            moment = first_moment(wish.later(revived_at), id, room)
        channels = self._channels(wish.purpose, moment.due_at) if moment else []
        if moment is None or not channels:
            return False
        self._taken(wish.purpose).append(Departure(moment.due_at, moment.due_at))
        due = self._due(wish, id, moment, channels)
        self.occasions.append(_occasion(wish, due, moment, revived_at))
        return True

    def _due(self, wish: Wish, id: str, moment: Moment, channels: Sequence[Channel]) -> ContactDue:
        about = wish.rejection if wish.purpose not in BY_CONSENT else None
        return ContactDue(
            contact_id=id,
            candidate_id=self._person.state.candidate_id,
            purpose=wish.purpose,
            application_id=about.application_id if about else None,
            channels=list(channels),
            facts=facts_for(wish, self._policy.employer),
            windows=list(moment.windows),
            expires_at=moment.expires_at,
        )

    def _seen(self, past: Past) -> Past:
        """Sees what is under way but unwelcome by now as withdrawn."""
        if not past.pending:
            return past
        welcome = not self._paused and self._channels(Purpose(past.kind), self._now)
        return past if welcome else replace(past, state=State.WITHDRAWN)

    def _alike(self, wish: Wish) -> list[Past]:
        """Gives what was emitted for the same wish; an application gets one letter of any kind."""
        purposes = LETTERS if wish.purpose in LETTERS else {wish.purpose}
        return [p for p in self.emitted if p.subject == wish.subject and p.kind in purposes]

    @property
    def _paused(self) -> bool:
        paused_until = self._person.state.paused_until
        return paused_until is not None and paused_until > self._now

    def _channels(self, purpose: Purpose, at: datetime) -> list[Channel]:
        """Gives the channels over which this purpose is welcome at that instant."""
        state = self._person.state
        return [
            channel
            for channel in reachable(state)
            if purpose not in BY_CONSENT or allows(state.consents, purpose, channel, at)
        ]

    def _room(self, purpose: Purpose) -> Room:
        terms = self._policy.terms_of(purpose)
        return Room(self.hours, terms, self._limits(purpose), self._taken(purpose))

    def _taken(self, purpose: Purpose) -> list[Departure]:
        return self.inviting if purpose in INVITING else self.ordinary

    def _limits(self, purpose: Purpose) -> Sequence[Limit]:
        if purpose in LETTERS:
            return ()
        policy = self._policy
        return policy.invitation_limits if purpose in INVITING else policy.ordinary_limits

    def _because(self, past: Past) -> str:
        state = self._person.state
        if state.hired_at:
            return "hired"
        if self._paused:
            return "paused"
        if not reachable(state):
            return "unreachable"
        return RULES[Purpose(past.kind)].ended_because


def _occasion(wish: Wish, due: ContactDue, moment: Moment, revived_at: datetime | None) -> Occasion:
    owed = wish.rejection if wish.purpose in LETTERS else None
    return Occasion(
        id=due.contact_id,
        kind=wish.purpose,
        subject=wish.subject,
        due_at=moment.due_at,
        event=due,
        expires_at=moment.expires_at,
        revived_at=revived_at,
        decided_at=owed.decided_at if owed else None,
    )
