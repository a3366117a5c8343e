"""All that the matcher knows of one person when it holds them against a vacancy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.matcher.domain.short_names import is_ambiguous, is_listed, is_written
from services.matcher.domain.tokenisation import language_of, passages, stems
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.profile import News, Profile


@dataclass(frozen=True)
class ProfileSnapshot:
    state: CandidateChanged
    profile: Profile
    text: str
    """What the profile says, without the names of employers and schools."""
    today: date
    news: Sequence[News] = ()
    """What they told us since: their own word."""

    @property
    def latest(self) -> Rejection:
        """The newest decision: what the profile says is taken to be true on its day."""
        return max(self.state.rejections, key=lambda rejection: rejection.decided_at)

    @property
    def known_on(self) -> date:
        return self.latest.decided_at.date()

    @cached_property
    def language(self) -> str:
        return language_of(self.text)

    @cached_property
    def passages(self) -> list[frozenset[str]]:
        """The stems of each sentence, and of each thing among several."""
        return [frozenset(stems(each, self.language)) for each in passages(self.text)]

    def mentions(self, name: str) -> bool:
        """Tells whether the profile says all the words of a name together somewhere."""
        if is_ambiguous(name):
            return is_written(name, self.text)
        wanted = [set(stems(each, self.language)) for each in passages(name)]
        return any(wanted) and all(
            any(words <= passage for passage in self.passages) for words in wanted
        )

    def lists(self, name: str, *texts: str) -> bool:
        """Tells whether a name is one of the things that these texts list."""
        return any(self.says(name, each) for text in texts for each in passages(text))

    def says(self, name: str, *texts: str | None) -> bool:
        """Tells whether all the words of a name occur in these texts together."""
        if is_ambiguous(name):
            return any(is_listed(name, text) for text in texts if text)
        wanted = set(stems(name, self.language))
        return bool(wanted) and wanted <= set(
            stems(" ".join(text for text in texts if text), self.language)
        )
