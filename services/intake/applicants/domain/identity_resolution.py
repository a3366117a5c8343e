"""Which applicant each event is about, which of them a source has merged, and who was erased.

Within a source its own ids decide, but for one case: where a rejection gives an id to somebody who
is a stranger to the one known by it, that id stands for two. To record it would swallow the first,
so nothing is kept of it and its sender is told. By an id that was merged before anybody was told of
by it, somebody of any name may come once: only the source knows that these are one.

A merge only ever grows, and an erasure reaches all that was said until it came, whatever it says of
the time, so the order of events makes no difference. Of what was said until then some may have been
decided ahead of it: whatever is decided no later than that is no new decision.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from services.intake.applicants.domain.normalisation import NormalisedEvent
from services.intake.applicants.domain.people import Applicant, are_strangers
from services.intake.applicants.domain.register import PersonalData

_NOBODY = PersonalData()


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a hash stands for."""

    applicant_key: str
    erased_at: datetime | None = None
    """Until when nothing that was said or decided is recorded."""
    is_awaited: bool = False
    """Whether it is an id that was merged before anybody was told of by it."""
    is_former: bool = False
    """Whether its source has merged it into another."""


class Decision(NamedTuple):
    """When something was said, and as decided when."""

    said_at: datetime
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Resolution:
    applicant_keys: Sequence[str | None]
    """For each event the applicant it is about; None where nothing may be kept of it."""
    merged: Mapping[str, str]
    """Applicants whose source found them to be another one, with the one who remains."""
    erased: Mapping[str, datetime]
    """Applicants whom their source erases, and all that it said until when."""
    sources: Mapping[str, str]
    """Whose applicants those are whom events name."""
    returned: Collection[bytes] = ()
    """By what applicants are recognised who were erased, and of whom something is kept again."""
    strangers: Collection[int] = ()
    """Which events, by place, are about somebody else than whom their source knows by that id."""
    awaited: Mapping[bytes, bool] = field(default_factory=dict)
    """By what ids somebody is yet to be told of, or is no longer, since these events."""
    former: AbstractSet[bytes] = frozenset()
    """By what ids, which these events name, their sources know nobody any more."""
    parting: AbstractSet[str] = frozenset()
    """Applicants who were known by one of those until these events."""


def resolve(
    normalised: Sequence[NormalisedEvent],
    known: Mapping[bytes, Identity],
    gone: Sequence[datetime | None],
    present: Mapping[str, Applicant],
    decisions: Mapping[str, Sequence[Decision]],
) -> Resolution:
    """Decides for a batch of events in order.

    `present` are applicants of whom the record holds anything; `gone` tells of each event when
    somebody who may be meant erased themself, known by address and name; `decisions` are those that
    the record holds of applicants, where any is erased. Of two applicants who are merged one who is
    present, then the one merged into, remains.
    """
    applicants = _Applicants(known, present, decisions)
    keys: list[str | None] = []
    strangers: set[int] = set()
    for place, each in enumerate(zip(normalised, gone, strict=True)):
        if applicants.know_another(each[0]):
            strangers.add(place)
            keys.append(None)
        else:
            keys.append(applicants.meant_by(*each))
    roots = {member: applicants.root(member) for member in applicants.members}
    former = {each for each, found in known.items() if found.is_former}
    parting = {each for one in normalised if one.into for each in one.own} - former
    return Resolution(
        applicant_keys=[key and applicants.root(key) for key in keys],
        merged={member: root for member, root in roots.items() if root != member},
        erased={
            root: at
            for root in set(roots.values()) & applicants.concerned
            if (at := applicants.erased_at.get(root))
        },
        sources={
            applicants.root(known[each].applicant_key): one.event.source
            for one in normalised
            for each in (*one.own, *one.into)
        },
        returned={
            each
            for one, key in zip(normalised, keys, strict=True)
            if key and key not in applicants.concerned and applicants.erased_at.get(key)
            for each in one.own
        },
        strangers=strangers,
        awaited={
            each: each in applicants.awaited
            for each, found in known.items()
            if found.is_awaited != (each in applicants.awaited)
        },
        former=former | parting,
        parting={known[each].applicant_key for each in parting},
    )


class _Applicants:
    """Disjoint sets of applicants, each with the one of them that remains."""

    def __init__(
        self,
        known: Mapping[bytes, Identity],
        present: Mapping[str, Applicant],
        decisions: Mapping[str, Sequence[Decision]],
    ) -> None:
        self._known = known
        self.awaited = {each for each, found in known.items() if found.is_awaited}
        self._crowded = {it.first_email or "" for it in present.values() if it.at_crowded_address}
        self._present = {key: one.put_right for key, one in present.items()}
        self._decisions = {key: list(theirs) for key, theirs in decisions.items()}
        self._parent: dict[str, str] = {}
        self.members = {found.applicant_key for found in known.values()}
        self.erased_at: dict[str, datetime] = {}
        self.concerned: set[str] = set()
        """Whom an erasure has reached by this."""
        for found in known.values():
            self._erase(found.applicant_key, found.erased_at)

    def meant_by(self, one: NormalisedEvent, gone: datetime | None) -> str | None:
        """Returns the applicant that the event is about, unless nothing may be kept of it."""
        into = self._keys(one.into)
        if into:
            self.awaited |= {it for it in (*one.own, *one.into) if not self._is_told_of(it)}
        key = self._unite(self._keys(one.own), into)
        if one.application:
            decided_at = one.application.decision.value.decided_at
            self._decisions.setdefault(key, []).append(Decision(one.said_at, decided_at))
        if one.erases:
            self._erase(key, self._last_decided(key, one.came_at))
        if one.erases or into:
            self.concerned.add(key)
            return key
        if not self._may_be_recorded(one, key, gone):
            return None
        self.awaited.difference_update(one.own if one.person.channels else ())
        self._present[key] = self._present.get(key, _NOBODY).joined(one.person)
        return key

    def know_another(self, one: NormalisedEvent) -> bool:
        """Tells whether a rejection is about nobody who can be the one known by its id."""
        return (
            one.begins
            and self.awaited.isdisjoint(one.own)
            and any(
                are_strangers(self._present[key], one.person, self._crowded)
                for key in self._keys(one.own)
                if key in self._present
            )
        )

    def root(self, member: str) -> str:
        while (parent := self._parent.get(member, member)) != member:
            member = parent
        return member

    def _may_be_recorded(self, one: NormalisedEvent, key: str, gone: datetime | None) -> bool:
        present = key in self._present
        erased = (self.erased_at.get(key), None if present else gone)
        erased_at = max(filter(None, erased), default=None)
        if erased_at is None:
            return True
        if one.said_at <= erased_at:
            self._reach(one, key, erased_at)
            return False
        return present or one.begins

    def _reach(self, one: NormalisedEvent, key: str, erased_at: datetime) -> None:
        """Lets an erasure reach a decision that lay ahead of it, though it is heard only now."""
        decided_at = one.application and one.application.decision.value.decided_at
        if decided_at and decided_at > erased_at:
            self._erase(key, decided_at)
            self.concerned.add(key)

    def _is_told_of(self, own: bytes) -> bool:
        """Tells whether more is known of somebody than their id."""
        return bool(self._present.get(self.root(self._known[own].applicant_key), _NOBODY).channels)

    def _keys(self, hashes: Iterable[bytes]) -> list[str]:
        return list(dict.fromkeys(self.root(self._known[each].applicant_key) for each in hashes))

    def _unite(self, keys: Sequence[str], into: Sequence[str]) -> str:
        roots = {*keys, *into}
        first = min(roots, key=lambda key: (key not in self._present, key not in into, key))
        for other in roots - {first}:
            self._parent[other] = first
            self._decisions.setdefault(first, []).extend(self._decisions.pop(other, ()))
            self._erase(first, self.erased_at.get(other))
            if other in self._present:
                merged = self._present[other]
                self._present[first] = self._present.get(first, _NOBODY).joined(merged)
        return first

    def _last_decided(self, key: str, at: datetime) -> datetime:
        """Returns the last moment as of which anything was decided that was said until then."""
        theirs = self._decisions.get(key, ())
        return max([at, *(it.decided_at for it in theirs if it.said_at <= at)])

    def _erase(self, key: str, at: datetime | None) -> None:
        if at:
            known = self.erased_at.get(key)
            self.erased_at[key] = max(known, at) if known else at
