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
    told = (shared | _shared(other, one)) - _stems(_TELL_NOTHING)
    if not (told or all_of_one or left == right):
        return 0.0
    return 2 * len(shared) / (len(left) + len(right) or 1)


def _same_work(held: str, asked: str) -> float:
    same = _leads(held) == _leads(asked) and _has_together(held, asked)
    shared = shared_work(held, asked) if same and _does_it_themselves(held, asked) else 0.0
    is_enough = shared == ENOUGH or len(_words(asked)) == 1
    ends_alike = shared > 0 and is_enough and _ends_alike(held, asked)
    return shared if shared > ENOUGH or ends_alike else 0.0


def _has_together(held: str, asked: str) -> bool:
    """Tells whether nothing that changes the work stands between the words that a title shares."""
    shared = _shared(held, asked)
    passed_over = _stems(f"{_LEVELS} {_UNITS} {_ROLES}") - shared
    orders = (_in_order(held), _in_order(_AND_ANOTHER.sub("", held)))
    return any(_follow_one_another(words, shared, passed_over) for words in orders)


def _follow_one_another(
    words: Sequence[str], wanted: frozenset[str], passed_over: frozenset[str]
) -> bool:
    telling = [word for word in words if word not in passed_over]
    places = [at for at, word in enumerate(telling) if word in wanted]
    return wanted <= set(telling) and (not places or places[-1] - places[0] < len(places))


def _does_it_themselves(held: str, asked: str) -> bool:
    """Tells whether a title that names who does what is asked ends in it, unlike a teacher aide."""
    doing = _activities(asked)
    doers = {word for word in _words(held) if any(_does(word, activity) for activity in doing)}
    telling = [word for word in _in_order(held) if word not in _stems(_LEVELS)]
    return not doers or not doers.isdisjoint(telling[-1:])


@lru_cache(maxsize=20_000)
def _in_order(title: str) -> Sequence[str]:
    """Returns the stems of a title, what stands behind an "of" before it: manager of sales."""
    text = " ".join(reversed(_OF.split(shortened(title))))
    return [stem(word, "english") for word in split(text) if word not in ANY_STOP_WORD]


@lru_cache(maxsize=20_000)
def _shared(one: str, other: str) -> frozenset[str]:
    """Returns the words of one title that another has too."""
    doing, right = _activities(one) | _activities(other), _words(other)
    return frozenset(word for word in _words(one) if any(_same(word, at, doing) for at in right))


@lru_cache(maxsize=20_000)
def _words(title: str) -> frozenset[str]:
    words = stems(shortened(without_exclusions(title)), "english")
    return frozenset(words) - _stems(_LEVELS) or frozenset(words)


def _leads(title: str) -> bool:
    return not _words(title).isdisjoint(_stems(_LEADERS))


def _ends_alike(one: str, other: str) -> bool:
    doing, ends = _activities(one) | _activities(other), (_end(one), _end(other))
    return all(ends) and _same(ends[0][0], ends[1][0], doing)


def _end(title: str) -> Sequence[str]:
    return stems(head_of(without_exclusions(title)), "english")[-1:]


@lru_cache(maxsize=20_000)
def _activities(title: str) -> frozenset[str]:
    """Returns the stems of the words that are written as what somebody does, such as teaching."""
    return frozenset(stem(word, "english") for word in split(title) if word.endswith("ing"))


@lru_cache
def _people() -> frozenset[str]:
    return frozenset(_PEOPLE.split())


@lru_cache
def _above() -> frozenset[str]:
    return frozenset(_ABOVE.split())


@lru_cache
def _stems(words: str) -> frozenset[str]:
    return frozenset(stems(words, "english"))


def _same(one: str, other: str, doing: frozenset[str]) -> bool:
    long = min(len(one), len(other)) >= _LONG_WORD
    does = (one in doing and _does(other, one)) or (other in doing and _does(one, other))
    return one == other or does or (long and alike(one, other) >= _INFLECTED)


def _does(doer: str, activity: str) -> bool:
    """Tells by their stems whether one is who does the other: teach(er), driv(er), plan(ner)."""
    verb = activity.removesuffix("e")
    doubled = verb + verb[-1:]
    return doer in (f"{verb}er", f"{verb}or", doubled, f"{doubled}er")
