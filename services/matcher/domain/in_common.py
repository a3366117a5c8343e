"""What of a vacancy's own words stands in a profile."""

from collections.abc import Sequence
from typing import Any

from services.matcher.domain.citing import cited
from services.matcher.domain.exclusions import without_exclusions
from services.matcher.domain.findings import one_line
from services.matcher.domain.snapshot import ProfileSnapshot
from services.matcher.domain.tokenisation import split
from shared.contract.events.citations import Citation
from shared.contract.events.evidence import Evidence
from shared.contract.events.evidence import EvidenceCode as Code
from shared.contract.events.vacancies import Vacancy

MOST_NAMED = 5


def in_common(person: ProfileSnapshot, vacancy: Vacancy, shared: Sequence[str]) -> list[Evidence]:
    """Returns the skills asked for that stand in a profile, or else the words it shares.

    A word that the vacancy has only where it leaves something out is none that it asks for.
    """
    if shown := _shown(person, vacancy.skills):
        return [_named(Code.SKILLS_SHOWN, shown, count=len(shown), total=len(vacancy.skills))]
    asked = _words_asked(vacancy)
    if shown := _shown(person, [word for word in shared if word in asked]):
        return [_named(Code.WORDS_IN_COMMON, shown)]
    return []


def _shown(person: ProfileSnapshot, names: Sequence[str]) -> dict[str, Citation]:
    """Returns the names that stand in a profile, each with the first place where it does."""
    found = {one_line(name): cited(person, name) for name in names}
    return {name: places[0] for name, places in found.items() if places}


def _named(code: Code, shown: dict[str, Citation], **counts: Any) -> Evidence:
    named = list(shown.items())[:MOST_NAMED]
    words, citations = [name for name, _ in named], [citation for _, citation in named]
    return Evidence(code=code, words=words, citations=citations, **counts)


def _words_asked(vacancy: Vacancy) -> set[str]:
    names = [*vacancy.skills, *(requirement.name for requirement in vacancy.requirements)]
    texts = (vacancy.title, vacancy.description, *names)
    return {word for text in texts for word in split(without_exclusions(text))}
