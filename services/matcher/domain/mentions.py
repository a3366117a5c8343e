"""Where a profile says the name of something."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from services.matcher.domain.exclusions import (
    is_another_persons,
    is_assistant,
    is_denied,
    without_exclusions,
)
from services.matcher.domain.nearness import Words, together
from services.matcher.domain.sections import Section, by_weight
from services.matcher.domain.short_names import is_ambiguous, spellings, written_in
from services.matcher.domain.titles import is_plural_of_role, is_role
from services.matcher.domain.tokenisation import folded, passages
from shared.contract.events.profile import Work


@dataclass(frozen=True)
class Mention:
    section: Section
    words: str
    """As they stand there."""


class Mentions:
    """Finds names in the sections of one profile, the weightiest sections first."""

    def __init__(self, sections: Iterable[Section], language: str) -> None:
        self._sections = by_weight(sections)
        self._language = language

    def find(self, name: str, under: Work | None = None) -> list[Mention]:
        """Returns where the profile, or one job, says a name: once for each thing that it lists.

        Empty where one of them is nowhere said, or only to say that it is not there.
        """
        sections = [at for at in self._sections if under is None or at.job is under]
        for spelling in spellings(without_exclusions(name)):
            found = [self._first(part, sections) for part in _parts(spelling)]
            if found and all(found):
                return [mention for mention in found if mention]
        return []

    def _first(self, name: str, sections: list[Section]) -> Mention | None:
        look = self._written if is_ambiguous(name) else self._together
        return next((mention for at in sections for mention in look(name, at)), None)

    def _written(self, name: str, section: Section) -> Iterator[Mention]:
        for found in written_in(name, section.text):
            if not is_denied(section.text, found.start()):
                yield Mention(section, found[0])

    def _together(self, name: str, section: Section) -> Iterator[Mention]:
        wanted = _words(name, self._language)
        for sentence in self._sentences_with(section, wanted.beginnings):
            for first, last in together(wanted, sentence):
                begins, ends = sentence.places(first, last)
                mention = Mention(section, sentence.text[begins:ends])
                if _is_theirs(name, mention, sentence.text, begins):
                    yield mention

    def _sentences_with(self, section: Section, beginnings: list[str]) -> Iterator[Words]:
        """Yields the sentences that have these letters: only those are worth taking apart."""
        if not all(beginning in self._plain[id(section)] for beginning in beginnings):
            return
        for plain, sentence in self._sentences[id(section)]:
            for beginning in beginnings:
                if beginning not in plain:
                    break
            else:
                yield sentence

    @cached_property
    def _plain(self) -> dict[int, str]:
        return {id(section): folded(section.text) for section in self._sections}

    @cached_property
    def _sentences(self) -> dict[int, list[tuple[str, Words]]]:
        return {
            id(section): [
                (folded(each), Words(each, self._language)) for each in passages(section.text)
            ]
            for section in self._sections
        }


def _is_theirs(name: str, mention: Mention, text: str, at: int) -> bool:
    """Tells whether words in a sentence are about themselves, and say that it is there.

    Where what is asked is a role, no activity says it, and no assistant's or other people's role.
    """
    words = mention.words
    if is_denied(text, at) or (is_plural_of_role(words) and not is_plural_of_role(name)):
        return False
    if is_role(words) and is_another_persons(text, at):
        return False
    return not is_role(name) or (is_role(words) and not is_assistant(text, at))


def _parts(name: str) -> list[str]:
    """Returns the things that a name lists; one that could be another word counts as a whole."""
    return [name] if is_ambiguous(name) else passages(name)


@lru_cache(maxsize=5000)
def _words(name: str, language: str) -> Words:
    return Words(name, language)
