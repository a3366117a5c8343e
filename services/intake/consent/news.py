"""What somebody tells us has changed since they applied: their own word, in a few fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.intake.consent.forms import InvalidAnswer
from services.intake.privacy.domain.scrubbing import Scrubber
from services.intake.web.fields import Form, one
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.profile import NewsKind
from shared.contract.events.shortfalls import RequirementKind

LONGEST_NAME = 120
LONGEST_NOTE = 2000
"""In characters; the page lets nobody write more."""

CLOSES = {
    NewsKind.SKILL: RequirementKind.SKILL,
    NewsKind.LICENCE: RequirementKind.LICENCE,
    NewsKind.DEGREE: RequirementKind.DEGREE,
    NewsKind.PLACE: RequirementKind.LOCATION,
}
"""Which gaps a piece of news of a kind can close; a new job closes none by its name."""

Piece = tuple[NewsKind, str]
"""What it is, and its name."""


@dataclass(frozen=True, slots=True)
class TellsNews:
    """Something has changed: in our own words where they could be chosen, else in theirs."""

    pieces: tuple[Piece, ...]
    note: str = ""
    """What a human is to read."""

    def without(self, names: Iterable[str], ordinary: Iterable[str]) -> "TellsNews":
        """Returns the same with what they are called taken out of what the matcher will read."""
        scrubber = Scrubber(names, ordinary)
        return TellsNews(
            tuple((kind, scrubber.scrub(name)) for kind, name in self.pieces), self.note
        )


def read_news(form: Form) -> TellsNews:
    """Reads what has changed; raises InvalidAnswer where nothing was said, or too much."""
    told = [(kind, " ".join(one(form, kind).split())) for kind in NewsKind]
    pieces = tuple((kind, name) for kind, name in told if name)
    note = one(form, "note").strip()
    if not pieces and not note:
        raise InvalidAnswer("news")
    if len(note) > LONGEST_NOTE or any(len(name) > LONGEST_NAME for _, name in pieces):
        raise InvalidAnswer("too_long")
    return TellsNews(pieces, note)


def gaps_closed(person: CandidateChanged, pieces: Iterable[Piece]) -> Iterator[tuple[str, str]]:
    """Returns the application and requirement of each open gap that bears the name of the news."""
    said = {(CLOSES[kind], name.casefold()) for kind, name in pieces if kind in CLOSES}
    for rejection in person.rejections:
        for gap in rejection.shortfalls:
            if gap.closed_at is None and (gap.kind, gap.name.casefold()) in said:
                yield rejection.application_id, gap.requirement_id
