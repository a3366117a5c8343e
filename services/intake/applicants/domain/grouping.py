"""Which applicants are one person, and by which candidate id each person goes on.

Applicants are one who have the same first address and a name that agrees; or of whom two sources
tell the same decision, or one source the same application, at the same first address, while their
names do not contradict each other, but for a slip of the pen within one source; or of whom it was
decided: by a human, or by a press, which counts while both have the address whose link was followed
and names that do not contradict each other. Whom a human took apart only a human joins again. Who
is one person follows from what is known alone, in whatever order it came.

There is one exception: very many of one name at one address are a form's placeholder, or somebody
who means harm. Then nobody new becomes one with them by that. Those who are one by then stay so: to
part them would tell them the same decision twice, and anybody who knows name and address could.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations

from services.intake.applicants.domain.people import Applicant, eldest

MOST_NEAR = 22
"""Where so many applicants have one first address nobody is found by a decision alone."""
MOST_ALIKE = 100
"""Where so many have the name too nobody new is found by that: each event about any of them reads
and describes them all. An import without ids makes an applicant of each application, and hardly
anybody has applied to one employer so often; nor does a published state tell of more."""
_SAME_TIME = timedelta(days=1)
"""Systems tell of one decision within this."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What was decided about pairs of applicants."""

    same: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    """Each with the address at which it was verified; None where a human said it."""
    different: Collection[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """That a vacancy was refused to somebody, as one application tells it."""

    application_id: str
    vacancy_id: str
    vacancy_title: str
    """As two systems may both write it."""
    decided_at: datetime


def group(
    applicants: Sequence[Applicant],
    verdicts: Verdicts,
    refusals: Mapping[str, Sequence[Refusal]],
) -> list[list[Applicant]]:
    """Returns the people that these applicants are; `refusals` are theirs, by applicant."""
    groups = _Groups(applicants, verdicts)
    for alike in _by_address(applicants, lambda one: one.name_key):
        groups.unite_alike(alike)
    for near in _by_address(applicants, lambda one: None if one.at_crowded_address else ""):
        for one, other in _told_of_the_same(near, refusals):
            groups.unite(one.key, other.key)
    return groups.members()


def place(groups: Iterable[Sequence[Applicant]], new_id: Callable[[], str]) -> dict[str, str]:
    """Returns the candidate id of each applicant.

    An id stays with the eldest of its applicants. Of several the one that others know remains, and
    of those the eldest.
    """
    groups = list(groups)
    theirs: dict[str, list[Applicant]] = defaultdict(list)
    for one in (one for members in groups for one in members):
        theirs[one.candidate_id].append(one)
    heads = {eldest(members).key for members in theirs.values()}
    placed: dict[str, str] = {}
    for members in groups:
        own = [one for one in members if one.key in heads]
        remains = min(own, key=lambda one: (not one.is_published, one.age), default=None)
        candidate_id = remains.candidate_id if remains else new_id()
        placed |= {one.key: candidate_id for one in members}
    return placed


class _Groups:
    """Disjoint sets of applicants, none of which holds two who were taken apart."""

    def __init__(self, applicants: Sequence[Applicant], verdicts: Verdicts) -> None:
        self._applicants = {one.key: one for one in applicants}
        self._members = {key: {key} for key in self._applicants}
        self._root = {key: key for key in self._applicants}
        self._apart = [pair for pair in verdicts.different if self._knows(pair)]
        for pair, address in sorted(verdicts.same.items()):
            if self._knows(pair) and self._still_are(pair, address):
                self.unite(*pair)

    def unite(self, one: str, other: str) -> bool:
        """Makes two sets one, unless two in them were taken apart."""
        root, gone = self._root[one], self._root[other]
        if root == gone:
            return True
        if self._divided({root, gone}):
            return False
        for key in self._members[gone]:
            self._root[key] = root
        self._members[root] |= self._members.pop(gone)
        return True

    def unite_alike(self, alike: Sequence[Applicant]) -> None:
        """Makes those one who have address and name in common.

        If a human has taken some of them apart nobody can tell whose the others are, and of very
        many they are not read: then those stay together who are so by now, and nobody new comes to
        them.
        """
        first, *others = alike
        roots = {self._root[one.key] for one in alike}
        if not first.has_many_namesakes and not self._divided(roots):
            for other in others:
                self.unite(first.key, other.key)
            return
        by_candidate: dict[str, list[str]] = defaultdict(list)
        for one in alike:
            heads = by_candidate[one.candidate_id]
            if not any(self.unite(head, one.key) for head in heads):
                heads.append(one.key)

    def members(self) -> list[list[Applicant]]:
        return [[self._applicants[key] for key in sorted(keys)] for keys in self._members.values()]

    def _divided(self, roots: Collection[str]) -> bool:
        pairs = ((self._root[one], self._root[other]) for one, other in self._apart)
        return any(one != other and one in roots and other in roots for one, other in pairs)

    def _still_are(self, pair: tuple[str, str], address: str | None) -> bool:
        one, other = (self._applicants[key] for key in pair)
        return address is None or (
            one.first_email == other.first_email == address and not one.contradicts(other)
        )

    def _knows(self, pair: tuple[str, str]) -> bool:
        return all(key in self._applicants for key in pair)


def _by_address(
    applicants: Iterable[Applicant], beside: Callable[[Applicant], str | None]
) -> list[list[Applicant]]:
    """Returns those who share the first address and what stands beside it; None shares nothing."""
    sharing: dict[tuple[str, str], list[Applicant]] = defaultdict(list)
    for one in applicants:
        address, more = one.first_email, beside(one)
        if address and more is not None:
            sharing[address, more].append(one)
    return [sorted(each, key=lambda one: one.key) for each in sharing.values() if len(each) > 1]


def _told_of_the_same(
    near: Sequence[Applicant], refusals: Mapping[str, Sequence[Refusal]]
) -> list[tuple[Applicant, Applicant]]:
    """Returns those pairs of whom the same was told twice, where it can be nobody else."""
    told = {one.key: _Told.of(refusals.get(one.key, ())) for one in near}
    found = [
        (one, other)
        for one, other in combinations(near, 2)
        if one.could_be(other) and _tell_the_same(one, other, told)
    ]
    also: dict[str, list[Applicant]] = defaultdict(list)
    for one, other in found:
        also[one.key].append(other)
        also[other.key].append(one)
    return [
        (one, other)
        for one, other in found
        if all(one.could_be(it) for it in also[other.key])
        and all(other.could_be(it) for it in also[one.key])
    ]


@dataclass(frozen=True, slots=True)
class _Told:
    """What was refused to an applicant, so that it can be compared with what was to another."""

    moments: Mapping[tuple[str, str], Sequence[datetime]]
    """When, in order, by what a vacancy is told by: its id, and its title."""
    applications: Set[tuple[str, str]]
    """Which applications, with their vacancies."""

    @classmethod
    def of(cls, refusals: Iterable[Refusal]) -> "_Told":
        moments: dict[tuple[str, str], list[datetime]] = defaultdict(list)
        applications = set()
        for said in sorted(refusals, key=lambda one: one.decided_at):
            moments["id", said.vacancy_id].append(said.decided_at)
            moments["title", said.vacancy_title].append(said.decided_at)
            applications.add((said.application_id, said.vacancy_id))
        return cls(moments, applications)


def _tell_the_same(one: Applicant, other: Applicant, told: Mapping[str, _Told]) -> bool:
    first, second = told[one.key], told[other.key]
    if one.source == other.source:
        return not first.applications.isdisjoint(second.applications)
    both = first.moments.keys() & second.moments.keys()
    return not one.contradicts(other) and any(
        _is_near(first.moments[vacancy], at) for vacancy in both for at in second.moments[vacancy]
    )


def _is_near(moments: Sequence[datetime], at: datetime) -> bool:
    """Tells whether one of these moments, in order, is within the time of this one."""
    place = bisect_left(moments, at)
    return any(abs(one - at) < _SAME_TIME for one in moments[max(place - 1, 0) : place + 1])
