"""All that the matcher knows of one person when it holds them against a vacancy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.matcher.domain.exclusions import is_denied
from services.matcher.domain.mentions import Mentions
from services.matcher.domain.sections import sections_of, text_of
from services.matcher.domain.short_names import is_ambiguous, is_listed, spellings
from services.matcher.domain.tokenisation import language_of, passages, stems
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.profile import News, Profile


@dataclass(frozen=True)
class ProfileSnapshot:
    state: CandidateChanged
    profile: Profile
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
    def text(self) -> str:
        return text_of(self.profile)

    @cached_property
    def language(self) -> str:
        return language_of(self.text)

    @cached_property
    def mentions(self) -> Mentions:
        return Mentions(sections_of(self.profile), self.language)

    def says(self, name: str, *texts: str | None) -> bool:
        """Tells whether all the words of a name occur in these texts together."""
        told = "\n".join(text for text in texts if text)
        return any(self._says(spelling, told) for spelling in spellings(name))

    def _says(self, name: str, text: str) -> bool:
        if is_ambiguous(name):
            return is_listed(name, text)
        wanted = set(stems(name, self.language))
        return bool(wanted) and wanted <= set(stems(text, self.language))

    def lists(self, name: str, *texts: str) -> str | None:
        """Returns the one of the things listed in these texts that has a name, if there is one."""
        listed = (each for text in texts for each in passages(text))
        return next((each.strip() for each in listed if self._is_called(name, each)), None)

    def _is_called(self, name: str, listed: str) -> bool:
        return self.says(name, listed) and not is_denied(f"{listed} ", len(listed) + 1)
