"""From a content to the words that leave: subject, text, HTML or SMS, links and their headers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.notifier.domain import Content, LinksFacts, Rendered, ShortlistFacts
from services.notifier.rendering.greeting import greeted
from services.notifier.rendering.gsm7 import segments, spelled
from services.notifier.rendering.layout import Templates
from services.notifier.rendering.message_links import (
    candidate_page,
    shortlist_page,
    unsubscribe_page,
)
from services.notifier.rendering.template_context import (
    Context,
    of_contact,
    of_shortlist,
)
from services.notifier.rendering.wording import Wording, language_of, plain, territory_of
from shared.contract.events.people import Channel
from shared.runtime.links import Links

MOST_SEGMENTS = 2
"""What a text message should cost; where its link alone needs more, its words keep to one."""


@dataclass(frozen=True, slots=True)
class Employer:
    """The employer, as its letters name it."""

    name: str
    postal_address: str
    country: str
    time_zone: str
    reads_replies: bool = False
    """Whether somebody reads the replies to mail that no recruiter is known for."""

    @property
    def imprint(self) -> str:
        """Who writes, at the foot of a letter."""
        return plain(", ".join(part for part in (self.name, self.postal_address) if part))


class Renderer:
    """Words messages for one employer."""

    def __init__(
        self, links: Links, employer: Employer, templates: Templates | None = None
    ) -> None:
        self._links = links
        self._employer = employer
        self._templates = templates or Templates()
        self._wording = lru_cache(maxsize=1024)(self._wording_for)
        self._zone = lru_cache(maxsize=1024)(self._zone_for)

    @property
    def languages(self) -> frozenset[str]:
        """Returns the languages that there are words in."""
        return self._templates.languages

    def render(self, content: Content, now: datetime) -> Rendered:
        """Words a content for its channel.

        Raises jinja2.TemplateError when the facts do not bear what the template says.
        """
        wording = self._wording(content.locale)
        version = self._templates.version(wording.language, content.purpose)
        variables = self._variables(content, wording, version, now)
        if content.channel is Channel.SMS:
            return self._sms(content, version, variables)
        if content.is_to_candidate:
            variables["unsubscribe"] = unsubscribe_page(self._links, content, wording.tag, now)
        return self._email(content, version, variables)

    def _email(self, content: Content, version: str, variables: Context) -> Rendered:
        headers = {}
        if "unsubscribe" in variables:
            headers["List-Unsubscribe"] = f"<{variables['unsubscribe']}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        letter = self._templates.email(content.purpose, variables)
        return Rendered(letter.subject, letter.text, letter.html, version, headers=headers)

    def _sms(self, content: Content, version: str, variables: Context) -> Rendered:
        """Takes the fullest wording that is short enough, or else the shortest."""
        text = ""
        for attempt in _ever_shorter(variables):
            text = spelled(self._templates.sms(content.purpose, attempt))
            words = text.replace(str(variables["page"]), "")
            if segments(text) <= MOST_SEGMENTS or segments(words) == 1:
                break
        return Rendered("", text, None, version, sms_text=text)

    def _variables(
        self, content: Content, wording: Wording, version: str, now: datetime
    ) -> Context:
        variables: Context = {
            "language": wording.language,
            "name": greeted(content.name, content.locale),
            "employer": plain(self._employer.name),
            "sender": self._employer.imprint,
            "replies_read": bool(content.signed_by) or self._employer.reads_replies,
        }
        if content.signed_by:
            variables["human"] = plain(content.signed_by, 80)
        if isinstance(content.facts, ShortlistFacts):
            variables["page"] = shortlist_page(
                self._links, content, content.facts, wording.tag, now
            )
            return variables | of_shortlist(content.facts, wording)
        if isinstance(content.facts, LinksFacts):
            return variables | {"pages": self._pages(content, content.facts, wording, now)}
        if content.facts.employer:
            variables["employer"] = plain(content.facts.employer)
        variables["page"] = candidate_page(
            self._links, content, content.facts, wording.tag, version, now
        )
        zone = self._zone(content.time_zone)
        return variables | of_contact(content.facts, wording, zone, now)

    def _pages(
        self, content: Content, facts: LinksFacts, wording: Wording, now: datetime
    ) -> list[tuple[str, str]]:
        """Returns the title of each shortlist, and a new link to it."""
        return [
            (
                plain(each.vacancy_title),
                shortlist_page(self._links, content, each, wording.tag, now),
            )
            for each in facts.shortlists
        ]

    def _wording_for(self, locale: str) -> Wording:
        language = language_of(locale, self._templates.languages)
        territory = territory_of(locale) or self._employer.country
        return Wording(language, territory, self._templates.sentences[language])

    def _zone_for(self, name: str | None) -> ZoneInfo:
        try:
            return ZoneInfo(name or self._employer.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo(self._employer.time_zone)


def _ever_shorter(variables: Context) -> Iterator[Context]:
    """Returns up, one by one, what a text message can do without."""
    variables = variables | {"terse": False}
    yield variables
    variables = variables | {"name": ""}
    yield variables
    variables = variables | {"terse": True}
    if "title" in variables:
        variables["title"] = plain(str(variables["title"]), 40)
    yield variables
    if "briefest" in variables:
        yield variables | {"brief": variables["briefest"]}
