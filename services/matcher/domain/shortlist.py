"""The order of a shortlist, and the reasons a recruiter reads beside each name-less entry.

A score is a weighted sum of three shares: how well the text fits, how much of what is asked is
met, and how well the person did before in something similar. Whoever provably lacks something
that is required comes after all who do not, and is shown with the reason: a recruiter may know
better, or be glad to wait. Somebody wholly unqualified is not listed at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.matcher.domain.findings import Finding
from services.matcher.domain.known import Known
from services.matcher.domain.past import best_merit, past_reasons
from services.matcher.domain.people import best_tier
from services.matcher.domain.requirements import readiness, stand
from services.matcher.domain.wording import listed, short
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import Rejection
from shared.contract.events.evidence import Readiness
from shared.contract.events.matches import ShortlistedCandidate
from shared.contract.events.shortfalls import Importance, Requirement
from shared.contract.events.vacancies import Vacancy

RELEVANCE, ASKED, PAST = 0.55, 0.30, 0.15
"""What each share of the score is worth."""

STANDING = {
    Readiness.MET: 1.0,
    Readiness.MAY_NOW_BE_MET: 0.75,
    Readiness.UNKNOWN: 0.5,
    Readiness.NOT_MET: 0.0,
}
MOST_REASONS, MOST_NAMED = 6, 5


@dataclass(frozen=True)
class Entry:
    """One person held against one vacancy."""

    number: int
    known: Known
    vacancy: Vacancy
    findings: Sequence[Finding]
    relevance: float
    shared: Sequence[str]
    """The vacancy's words that weighed most among those the profile has too."""
    continues: Rejection | None = None
    """The application that goes on, for whoever finished next in this very vacancy."""

    @property
    def tier(self) -> Tier:
        return best_tier(self.known.state.rejections)

    @property
    def readiness(self) -> Readiness:
        return readiness(self.findings)

    @cached_property
    def score(self) -> float:
        merit = best_merit(self.known, self.vacancy)
        return RELEVANCE * self.relevance + ASKED * self._asked_share() + PAST * merit

    @property
    def order(self) -> tuple[bool, float, int, float, str]:
        """Sorts the better first; at equal merit whoever just missed out before."""
        lacks = self.readiness is Readiness.NOT_MET
        tier = list(Tier).index(self.tier)
        return lacks, -round(self.score, 2), tier, -self.score, self.candidate_id

    @property
    def candidate_id(self) -> str:
        return self.known.state.candidate_id

    def reasons_for(self) -> list[str]:
        reasons = past_reasons(self.known, self.vacancy, self.continues).speaking_for
        reasons += _sentences(self.findings, Readiness.MET, Readiness.MAY_NOW_BE_MET)
        return [*reasons, *self._in_common()][:MOST_REASONS]

    def reasons_against(self) -> list[str]:
        required = [at for at in self.findings if at.requirement.importance is Importance.REQUIRED]
        reasons = _sentences(required, Readiness.NOT_MET)
        reasons += _sentences(required, Readiness.UNKNOWN)
        preferred = [at for at in self.findings if at not in required]
        reasons += _sentences(preferred, Readiness.NOT_MET)
        reasons += past_reasons(self.known, self.vacancy, self.continues).speaking_against
        return reasons[:MOST_REASONS]

    def _in_common(self) -> list[str]:
        skills = [short(skill) for skill in self.vacancy.skills if self.known.mentions(skill)]
        if skills:
            asked = len(self.vacancy.skills)
            return [f"Shows {len(skills)} of {asked} skills asked: {listed(skills[:MOST_NAMED])}"]
        if self.shared:
            return [f"The profile speaks of {listed([short(word) for word in self.shared])}"]
        return []

    def _asked_share(self) -> float:
        """Gives how much of what is asked is met; what is preferred counts half."""
        if not self.findings:
            return STANDING[Readiness.UNKNOWN]
        weights = [
            1.0 if finding.requirement.importance is Importance.REQUIRED else 0.5
            for finding in self.findings
        ]
        shares = [STANDING[finding.state] for finding in self.findings]
        return sum(map(float.__mul__, weights, shares)) / sum(weights)


def hold_against(
    known: Known,
    vacancy: Vacancy,
    asked: Sequence[Requirement],
    *,
    number: int,
    relevance: float,
    shared: Sequence[str] = (),
    continues: Rejection | None = None,
) -> Entry:
    """Holds what is known of one person against what a vacancy asks."""
    findings = [stand(known, requirement, vacancy.vacancy_id) for requirement in asked]
    return Entry(number, known, vacancy, findings, relevance, shared, continues)


def arranged(entries: Iterable[Entry], size: int) -> list[Entry]:
    """Gives the shortlist: those who finished next as they finished, then the best of the rest."""
    entries = list(entries)
    next_in_line = [entry for entry in entries if entry.continues]
    rest = sorted((entry for entry in entries if not entry.continues), key=lambda at: at.order)
    return [*next_in_line, *rest][:size]


def shortlisted(entry: Entry, rank: int) -> ShortlistedCandidate:
    """Words an entry for those who read the shortlist."""
    return ShortlistedCandidate(
        candidate_id=entry.candidate_id,
        rank=rank,
        score=round(entry.score, 2),
        tier=entry.tier,
        readiness=entry.readiness,
        application_id=entry.continues.application_id if entry.continues else None,
        reasons_for=entry.reasons_for(),
        reasons_against=entry.reasons_against(),
    )


def _sentences(findings: Iterable[Finding], *states: Readiness) -> list[str]:
    return [finding.sentence for state in states for finding in findings if finding.state is state]
