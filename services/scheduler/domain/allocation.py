"""A plan in the making: each proposal is held against what has happened, then given a slot.

A slot follows from the facts and the budget, not from when it was worked out, so planning again
changes nothing. The one exception is kept on record: what is found past its expiry, after an
outage or a jump of the clock, is revived and gets a slot from then on, within the budget, so
that a backlog is spread or merged and never poured out.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.scheduler.domain.occasions import (
    INTEREST,
    REACHED,
    CandidateRecord,
    Departure,
    Occasion,
    PastOccasion,
    Plan,
    State,
)
from services.scheduler.domain.policy import Policy
from services.scheduler.domain.proposals import Proposal
from services.scheduler.domain.slots import Room, Slot, first_slot
from shared.contract.business_hours import hours_of
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.contacts import ContactDue, ContactWithdrawn
from shared.contract.events.payload import stable_id
from shared.contract.events.people import Channel
from shared.contract.events.purposes import LETTERS, Purpose, Rule, Share, allows, rule_of


class Allocation:
    """Grants proposals one after the other; those granted first take their room in the budget."""

    def __init__(self, record: CandidateRecord, now: datetime, policy: Policy) -> None:
        state, employer = record.state, policy.employer
        self.hours = hours_of(state.time_zone, state.country, employer.hours)
        self.occasions: list[Occasion] = []
        self._record = record
        self._now = now
        self._policy = policy
        self._planned = {past.id: past for past in record.past if past.state is State.PLANNED}
        self.emitted = [self._seen(past) for past in record.past if past.state is not State.PLANNED]
        self._standing: set[str] = set()
        """Ids of what is with the notifier and should be."""
        counted = [(past.is_inviting, past.departure) for past in self.emitted]
        self.ordinary = [left for inviting, left in counted if left and not inviting]
        self.inviting = [left for inviting, left in counted if left and inviting]

    def keep(self, proposal: Proposal) -> bool:
        """Tells whether the proposal has its contact already, and lets that stand."""
        reached = {past.id for past in self._alike(proposal) if past.state in REACHED}
        self._standing |= reached
        return bool(reached)

    def grant(self, proposal: Proposal) -> bool:
        """Plans the contact unless there is one already; False if it can have no slot.

        What did not get out is tried again, as a new contact, once it certainly never will: an
        owed answer whatever kept it, anything else only if it was withdrawn.
        """
        if self.keep(proposal):
            return True
        alike = self._alike(proposal)
        failed = sum(past.state is not State.WITHDRAWN for past in alike)
        if failed >= (self._policy.letter_tries if proposal.rule.share is Share.OWED else 1):
            return False
        proposal = proposal.later(self._record.state.paused_until)
        before = self._about(proposal)
        for past in before:
            proposal = proposal.later(
                past.settled_at and past.settled_at + self._policy.retry_after
            )
        return self._plan(proposal, number=len(before) + 1)

    @property
    def telling(self) -> set[str]:
        """The applications whose letters are planned, or with the notifier and should be."""
        planned = {it.subject for it in self.occasions if it.kind in LETTERS}
        pending = (past for past in self.emitted if past.pending and past.id in self._standing)
        return planned | {past.subject for past in pending if past.kind in LETTERS}

    def announce(self, notice: Occasion) -> None:
        """Plans what is to be said to a recruiter, unless it is, or the time for it is over.

        It takes no room in the person's budget.
        """
        if notice.id in {past.id for past in self.emitted}:
            self._standing.add(notice.id)
        elif notice.expires_at and notice.expires_at > self._now:
            self.occasions.append(notice)

    def finished(self) -> Plan:
        """Returns the plan, and what of the former one it leaves out."""
        planned = {occasion.id for occasion in self.occasions}
        return Plan(
            self.occasions,
            obsolete=[id for id in self._planned if id not in planned],
            withdrawn=[
                ContactWithdrawn(
                    contact_id=past.id,
                    candidate_id=self._record.state.candidate_id,
                    because=self._because(past),
                )
                for past in self._record.past
                if past.pending and past.id not in self._standing
            ],
        )

    def _plan(self, proposal: Proposal, number: int) -> bool:
        candidate_id = self._record.state.candidate_id
        id = stable_id(candidate_id, proposal.purpose, proposal.subject, str(number))
        room = self._room(proposal)
        known = self._planned.get(id)
        revived_at = known.revived_at if known else None
        slot = first_slot(proposal.later(revived_at), id, room)
        if slot and slot.expires_at <= self._now:
            revived_at = self._now
            slot = first_slot(proposal.later(revived_at), id, room)
        channels = self._channels(proposal.purpose, slot.due_at) if slot else []
        if slot is None or not channels:
            return False
        self._taken(proposal.rule).append(Departure(slot.due_at, slot.due_at))
        due = self._due(proposal, id, slot, channels)
        self.occasions.append(_occasion(proposal, due, slot, revived_at))
        return True

    def _due(
        self, proposal: Proposal, id: str, slot: Slot, channels: Sequence[Channel]
    ) -> ContactDue:
        about = proposal.application
        return ContactDue(
            contact_id=id,
            candidate_id=self._record.state.candidate_id,
            purpose=proposal.purpose,
            application_id=about.application_id if about else None,
            shortlist_id=proposal.shortlist_id,
            channels=list(channels),
            facts=proposal.facts.model_copy(update={"nth": self._nth(proposal)}),
            windows=list(slot.windows),
            expires_at=slot.expires_at,
        )

    def _seen(self, past: PastOccasion) -> PastOccasion:
        """Sees what is under way to the person but unwelcome by now as withdrawn."""
        if not past.pending or past.kind == INTEREST:
            return past
        out_of_place = past.asks_hat and self._record.state.hired_at
        welcome = not (self._paused or out_of_place) and self._channels(past.purpose, self._now)
        return past if welcome else replace(past, state=State.WITHDRAWN)

    def _alike(self, proposal: Proposal) -> list[PastOccasion]:
        """Returns what was emitted for the same; a decision gets one letter of any kind.

        It is another one than that of a letter only if that was taken back in between.
        """
        back = proposal.application.taken_back_at if proposal.application else None
        return [past for past in self._about(proposal) if not past.is_of_before(back)]

    def _about(self, proposal: Proposal) -> list[PastOccasion]:
        """Returns what was emitted about the same application, whatever was decided then."""
        purposes = LETTERS if proposal.rule.is_letter else {proposal.purpose}
        return [p for p in self.emitted if p.subject == proposal.subject and p.kind in purposes]

    @property
    def _paused(self) -> bool:
        paused_until = self._record.state.paused_until
        return paused_until is not None and paused_until > self._now

    def _channels(self, purpose: Purpose | None, at: datetime) -> list[Channel]:
        """Returns the channels over which this purpose is welcome then, the chosen ones first."""
        state, rule = self._record.state, rule_of(purpose)
        welcome = [
            channel
            for channel in reachable(state)
            if purpose
            and rule
            and (not rule.needs_consent or allows(state.consents, purpose, channel, at))
        ]
        if rule and rule.is_letter:
            return welcome
        chosen = {
            consent.channel for consent in state.consents if consent.since <= at < consent.until
        }
        return sorted(welcome, key=lambda channel: channel not in chosen)

    def _nth(self, proposal: Proposal) -> int:
        """Counts a contact among those of its purpose that have reached them, or will before it.

        Check-ins have numbers, which go on where earlier ones are forgotten.
        """
        purpose = proposal.purpose
        if purpose is Purpose.CHECK_IN:
            return int(proposal.subject)
        reached = [past for past in self.emitted if past.kind is purpose and past.counted_at]
        ahead = [occasion for occasion in self.occasions if occasion.kind is purpose]
        return len(reached) + len(ahead) + 1

    def _room(self, proposal: Proposal) -> Room:
        """Returns what is open: the hours of the place that the application's own source told."""
        rule, about = proposal.rule, proposal.application
        hours = self.hours
        if about and (about.time_zone or about.country):
            hours = hours_of(about.time_zone, about.country, self._policy.employer.hours)
        return Room(hours, self._policy.allowances[rule.share], self._taken(rule))

    def _taken(self, rule: Rule) -> list[Departure]:
        return self.inviting if rule.is_inviting else self.ordinary

    def _because(self, past: PastOccasion) -> str:
        state = self._record.state
        if past.kind == INTEREST:
            return "no_longer_standing"
        if state.hired_at:
            return "hired"
        if self._paused:
            return "paused"
        if not reachable(state):
            return "unreachable"
        rule = rule_of(past.purpose)
        return rule.ended_because if rule else "unknown_purpose"


def reachable(candidate: CandidateChanged) -> list[Channel]:
    """Returns the channels that are left to reach somebody, e-mail first.

    Whoever stopped a channel that is not known here may mean any of them: nothing is left then.
    """
    if not all(channel.is_known for channel in candidate.stopped):
        return []
    return [c for c in Channel if c in candidate.channels and c not in candidate.stopped]


def _occasion(
    proposal: Proposal, due: ContactDue, slot: Slot, revived_at: datetime | None
) -> Occasion:
    owed = proposal.application if proposal.rule.is_letter else None
    return Occasion(
        id=due.contact_id,
        kind=proposal.purpose,
        subject=proposal.subject,
        due_at=slot.due_at,
        event=due,
        expires_at=slot.expires_at,
        revived_at=revived_at,
        decided_at=owed.decided_at if owed else None,
    )
