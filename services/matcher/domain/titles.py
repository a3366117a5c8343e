"""Whether two titles name the same work, word by word: not whether they look alike.

"Water Resources Specialist" looks much like "Human Resources Specialist", and is other work.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from services.matcher.domain.exclusions import without_exclusions
from services.matcher.domain.short_names import shortened
from services.matcher.domain.tokenisation import ANY_STOP_WORD, alike, head_of, split, stem, stems

ENOUGH = 0.5
"""So much of two titles must be the same words; no more than that does if both end in the same."""

_LEVELS = """
    senior junior sr jr head chief lead executive principal staff trainee intern internship
    i ii iii iv deputy acting temporary temp part full time
"""
_ROLES = """
    manager director supervisor specialist representative coordinator administrator officer
    analyst consultant engineer technician designer developer agent clerk worker associate
    assistant leader operator advisor adviser professional team general owner president trainer
    instructor teacher helper leiter leiterin mitarbeiter mitarbeiterin fachkraft responsable
    chargé directeur assistante jefe jefa encargado encargada gerente
"""
_PROOFS = "licence license certificate certification degree diploma experience skill knowledge"
_LEADERS = "manager director supervisor leiter leiterin gerente jefe jefa directeur"
_PEOPLE = f"""
    {_ROLES} lead head chief executive accountant auditor cashier chef cook driver secretary nurse
    buyer seller planner programmer architect scientist recruiter tester writer editor
"""
_UNITS = """
    project program programme site store shop shift branch department unit area district region
    regional territory division
"""
"""Where or how much of a work somebody does or leads, not which."""
_TELL_NOTHING = f"{_ROLES} {_PROOFS}"
_ABOVE = "senior upper top middle executive"
"""Management of these levels is people."""
_PARTS = re.compile(r"[/,;:|()]|\s[-–—]\s")
_OF = re.compile(r"\s(?:of|for)\s", re.IGNORECASE)
_AND_ANOTHER = re.compile(r"(?:\band\b|&)\s?\w+", re.IGNORECASE)
_LONG_WORD, _INFLECTED = 8, 0.75


def is_role(name: str) -> bool:
    """Tells whether a name is what somebody is, such as a manager, rather than what they do."""
    words = name.casefold().split()
    above = words[-1:] == ["management"] and bool(_above().intersection(words))
    return above or (bool(words) and words[-1].removesuffix("s") in _people())


def is_plural_of_role(name: str) -> bool:
    """Tells whether a name is what several are, such as managers."""
    return is_role(name) and name.casefold().endswith("s")


def same_work(held: str, asked: str) -> float:
    """Returns, from 0 to 1, how much one title held is the work of another; 0 where it is not.

    Of a title of several parts, such as Accountant / Assistant, one must be it. To lead others at
    a work is another work, and so is whatever a word between the shared ones makes of it: who
    manages construction materials testing does not manage construction.
    """
    return max((_same_work(part, asked) for part in _PARTS.split(held) if part.strip()), default=0)


@lru_cache(maxsize=20_000)
def shared_work(one: str, other: str) -> float:
    """Returns, from 0 to 1, how much of two titles is the same words.

    A level of seniority counts for nothing; a manager or a licence for nothing by itself.
    """
    left, right = _words(one), _words(other)
    shared = _shared(one, other)
    all_of_one = len(shared) == min(len(left), len(right)) > 1
    if not (shared - _stems(_TELL_NOTHING) or all_of_one or left == right):
        return 0.0
    return 2 * len(shared) / (len(left) + len(right) or 1)


def _same_work(held: str, asked: str) -> float:
    same = _leads(held) == _leads(asked) and _has_together(held, asked)
    shared = shared_work(held, asked) if same else 0.0
    ends_alike = shared == ENOUGH and _end(held) == _end(asked)
    return shared if shared > ENOUGH or ends_alike else 0.0


def _has_together(held: str, asked: str) -> bool:
    """Tells whether nothing that changes the work stands between the words that a title shares."""
    shared = _shared(held, asked)
    qualified = " ".join(reversed(_OF.split(held)))
    return any(
        _follow_one_another(text, shared) for text in (qualified, _AND_ANOTHER.sub("", qualified))
    )


def _follow_one_another(title: str, wanted: frozenset[str]) -> bool:
    passed_over = _stems(f"{_LEVELS} {_UNITS}") - wanted
    said = [stem(word, "english") for word in split(shortened(title)) if word not in ANY_STOP_WORD]
    telling = [word for word in said if word not in passed_over]
    places = [at for at, word in enumerate(telling) if word in wanted]
    return wanted <= set(telling) and (not places or places[-1] - places[0] < len(places))


@lru_cache(maxsize=20_000)
def _shared(one: str, other: str) -> frozenset[str]:
    """Returns the words of one title that another has too."""
    right = _words(other)
    return frozenset(word for word in _words(one) if any(_same(word, at) for at in right))


@lru_cache(maxsize=20_000)
def _words(title: str) -> frozenset[str]:
    words = stems(shortened(without_exclusions(title)), "english")
    return frozenset(words) - _stems(_LEVELS) or frozenset(words)


def _leads(title: str) -> bool:
    return not _words(title).isdisjoint(_stems(_LEADERS))


def _end(title: str) -> Sequence[str]:
    return stems(head_of(without_exclusions(title)), "english")[-1:]


@lru_cache
def _people() -> frozenset[str]:
    return frozenset(_PEOPLE.split())


@lru_cache
def _above() -> frozenset[str]:
    return frozenset(_ABOVE.split())


@lru_cache
def _stems(words: str) -> frozenset[str]:
    return frozenset(stems(words, "english"))


def _same(one: str, other: str) -> bool:
    long = min(len(one), len(other)) >= _LONG_WORD
    return one == other or (long and alike(one, other) >= _INFLECTED)
