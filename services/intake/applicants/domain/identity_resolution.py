"""Which person each event is about, and which people turn out to be one.

Whatever recognises two people as one joins them for good, and a join with an erased person
erases. Both only ever grow, so the order of events makes no difference.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.applicants.domain.normalisation import NormalisedEvent


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a hash stands for."""

    candidate_id: str
    erased: bool = False
    forgotten_at: datetime | None = None
    """When the record was purged for its age: what was said later begins a new one."""


@dataclass(frozen=True, slots=True)
class Resolution:
    candidate_ids: Sequence[str | None]
    """For each event the person it is about; None where nothing may be kept of it."""
    absorbed: Mapping[str, str]
    """People who turned out to be another one, with the one who remains."""
    erased: Collection[str]
    """People who are erased by this."""
    returned: Mapping[bytes, str]
    """Hashes of people who were forgotten and have come back, with who they are now."""


def resolve(
    normalised: Sequence[NormalisedEvent],
    known: Mapping[bytes, Identity],
    new: Collection[str],
    new_id: Callable[[], str],
) -> Resolution:
    """Decides for a batch of events in order; `new` are ids that no table of people holds yet.

    Of two people joined by an address the one known before, then the lower id, remains; of two
    that their source merged, the one it merged into.
    """
    people = _People(known, set(new))
    about = [people.meant_by(one, new_id) for one in normalised]
    roots = {member: people.root(member) for member in people.members}
    return Resolution(
        candidate_ids=[people.live(candidate_id) for candidate_id in about],
        absorbed={
            member: root
            for member, root in roots.items()
            if root != member and root not in people.erased
        },
        erased={member for member, root in roots.items() if root in people.erased}
        - {identity.candidate_id for identity in known.values() if identity.erased},
        returned={each: roots[people.whose[each]] for each in people.returned},
    )


class _People:
    """Disjoint sets of candidate ids, each with the one of them that remains."""

    def __init__(self, known: Mapping[bytes, Identity], new: set[str]) -> None:
        self._known = known
        self._new = new
        self._parent: dict[str, str] = {}
        self.whose = {
            each: found.candidate_id for each, found in known.items() if not found.forgotten_at
        }
        self.erased = {found.candidate_id for found in known.values() if found.erased}
        self.returned: list[bytes] = []

    @property
    def members(self) -> set[str]:
        return {*self.whose.values(), *self._parent}

    def meant_by(self, one: NormalisedEvent, new_id: Callable[[], str]) -> str | None:
        """Returns the person that the event is about, after joining all who are one by it."""
        ids = [self.whose[each] for each in one.hashes if each in self.whose]
        if not ids:
            if self._is_from_before(one):
                return None
            ids = [new_id()]
            self._new.update(ids)
        remaining = self._unite(ids, [self.whose[each] for each in one.into if each in self.whose])
        for each in one.hashes:
            if each not in self.whose:
                self.whose[each] = remaining
                self.returned.append(each)
        if one.erases:
            self.erased.add(remaining)
        return remaining

    def root(self, member: str) -> str:
        while (parent := self._parent.get(member, member)) != member:
            member = parent
        return member

    def live(self, member: str | None) -> str | None:
        root = member and self.root(member)
        return None if root in self.erased else root

    def _unite(self, ids: Sequence[str], into: Sequence[str]) -> str:
        """Makes one person of several; one who is erased takes all with them."""
        roots = {self.root(candidate_id) for candidate_id in ids}
        first = self.root(self._oldest(into)) if into else self._oldest(roots)
        for other in roots - {first}:
            self._parent[other] = first
            if other in self.erased:
                self.erased.add(first)
        return first

    def _oldest(self, ids: Collection[str]) -> str:
        return min(ids, key=lambda it: (it in self._new, it))

    def _is_from_before(self, one: NormalisedEvent) -> bool:
        """Whether the event only repeats what was purged since."""
        forgotten = (self._known[each].forgotten_at for each in one.hashes)
        return any(at and one.event.time <= at for at in forgotten)
