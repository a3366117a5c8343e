"""Which applicant each event is about, which of them a source has merged, and who was erased.

Within a source its own ids decide. A merge only ever grows, and an erasure reaches all that was
said until then, so the order of events makes no difference.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.applicants.domain.normalisation import NormalisedEvent


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a hash stands for."""

    applicant_key: str
    erased_at: datetime | None = None
    """Until when nothing that was said or decided is recorded."""


@dataclass(frozen=True, slots=True)
class Resolution:
    applicant_keys: Sequence[str | None]
    """For each event the applicant it is about; None where nothing may be kept of it."""
    merged: Mapping[str, str]
    """Applicants whose source found them to be another one, with the one who remains."""
    erased: Mapping[str, datetime]
    """Applicants whom their source erases, and all that it said until when."""
    returned: Collection[bytes] = ()
    """By what applicants are recognised who were erased, and of whom something is kept again."""


def resolve(
    normalised: Sequence[NormalisedEvent],
    known: Mapping[bytes, Identity],
    gone: Mapping[bytes, datetime],
    present: Collection[str],
) -> Resolution:
    """Decides for a batch of events in order.

    `present` are applicants of whom the record holds anything; `gone` tells of people who erased
    themselves, by address and name, when they did. Of two applicants who are merged one who is
    present, then the one merged into, remains.
    """
    applicants = _Applicants(known, gone, set(present))
    keys = [applicants.meant_by(one) for one in normalised]
    roots = {member: applicants.root(member) for member in applicants.members}
    return Resolution(
        applicant_keys=[key and applicants.root(key) for key in keys],
        merged={member: root for member, root in roots.items() if root != member},
        erased={
            root: at
            for root in set(roots.values()) & applicants.concerned
            if (at := applicants.erased_at.get(root))
        },
        returned={
            each
            for one, key in zip(normalised, keys, strict=True)
            if key and key not in applicants.concerned and applicants.erased_at.get(key)
            for each in one.own
        },
    )


class _Applicants:
    """Disjoint sets of applicants, each with the one of them that remains."""

    def __init__(
        self,
        known: Mapping[bytes, Identity],
        gone: Mapping[bytes, datetime],
        present: set[str],
    ) -> None:
        self._known = known
        self._gone = gone
        self._present = present
        self._parent: dict[str, str] = {}
        self.members = {found.applicant_key for found in known.values()}
        self.erased_at: dict[str, datetime] = {}
        self.concerned: set[str] = set()
        """Whom an erasure has reached by this."""
        for found in known.values():
            self._erase(found.applicant_key, found.erased_at)

    def meant_by(self, one: NormalisedEvent) -> str | None:
        """Returns the applicant that the event is about, unless nothing may be kept of it."""
        into = self._keys(one.into)
        key = self._unite(self._keys(one.own), into)
        if one.erases:
            self._erase(key, one.event.time)
        if one.erases or into:
            self.concerned.add(key)
            return key
        if not self._may_be_recorded(one, key):
            return None
        self._present.add(key)
        return key

    def root(self, member: str) -> str:
        while (parent := self._parent.get(member, member)) != member:
            member = parent
        return member

    def _may_be_recorded(self, one: NormalisedEvent, key: str) -> bool:
        present = key in self._present
        gone = () if present else (self._gone.get(each) for each in one.named)
        erased_at = max(filter(None, (self.erased_at.get(key), *gone)), default=None)
        if erased_at is None:
            return True
        return one.said_at > erased_at and (present or one.begins)

    def _keys(self, hashes: Iterable[bytes]) -> list[str]:
        return list(dict.fromkeys(self.root(self._known[each].applicant_key) for each in hashes))

    def _unite(self, keys: Sequence[str], into: Sequence[str]) -> str:
        roots = {*keys, *into}
        first = min(roots, key=lambda key: (key not in self._present, key not in into, key))
        for other in roots - {first}:
            self._parent[other] = first
            self._erase(first, self.erased_at.get(other))
            if other in self._present:
                self._present.add(first)
        return first

    def _erase(self, key: str, at: datetime | None) -> None:
        if at:
            known = self.erased_at.get(key)
            self.erased_at[key] = max(known, at) if known else at
