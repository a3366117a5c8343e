"""From a content to the words that leave: subject, text, HTML or SMS, links and their headers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.notifier.domain import (
    Content,
    LinksFacts,
    Rendered,
    ReplyFacts,
    ReturnPath,
    ShortlistFacts,
)
from services.notifier.rendering.greeting import greeted
from services.notifier.rendering.gsm7 import segments, spelled
from services.notifier.rendering.layout import Templates, shipped
from services.notifier.rendering.message_links import (
    PageLink,
    candidate_page,
    interest_page,
    mail_return,
    reply_page,
    shortlist_page,
    unsubscribe_page,
)
from services.notifier.rendering.template_context import (
    Context,
    of_contact,
    of_interest,
    of_reply,
    of_shortlist,
)
from services.notifier.rendering.wording import Wording, language_of, plain, territory_of
from shared.contract.events.contacts import ContactFacts, InterestFacts
from shared.contract.events.people import Channel
from shared.contract.mail_addresses import MailAddress, MailRole
from shared.runtime.links import Links, MailReturn, ShortLink

MOST_SEGMENTS = 2
"""What a text message may cost, and its link with it."""


@dataclass(frozen=True, slots=True)
class Employer:
    """The employer, as its letters name it."""

    name: str
    postal_address: str
    country: str
    time_zone: str
    reads_replies: bool = False
    """Whether somebody reads the replies to mail that no recruiter is known for."""
    mail_domain: str | None = None
    """The domain whose mail reaches us; then each mail to a candidate has addresses of its own."""

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
        self._templates = templates or shipped()
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
        version = self._templates.version(wording.language, content.purpose) + _nth(content)
        link = self._page(content, wording, version, now)
        variables = self._variables(content, wording, now) | {"page": link.url}
        if content.channel is Channel.SMS:
            return self._sms(content, version, variables, link.short)
        if not isinstance(content.facts, ContactFacts):
            return self._email(content, version, variables)
        variables["unsubscribe"] = unsubscribe_page(self._links, content, wording.tag, now)
        letter = self._email(content, version, variables)
        if self._employer.mail_domain is None:
            return letter
        known_by = mail_return(self._links, content, content.facts, wording.tag, version, now)
        return _returning(letter, known_by, self._employer.mail_domain)

    def _email(self, content: Content, version: str, variables: Context) -> Rendered:
        headers = {}
        if "unsubscribe" in variables:
            headers["List-Unsubscribe"] = f"<{variables['unsubscribe']}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        letter = self._templates.email(content.purpose, variables)
        follows = content.facts.follows if isinstance(content.facts, ReplyFacts) else ()
        return Rendered(
            letter.subject, letter.text, letter.html, version, headers=headers, follows=follows
        )

    def _sms(
        self, content: Content, version: str, variables: Context, link: ShortLink | None
    ) -> Rendered:
        """Takes the fullest wording that fits into one segment, or into two, or else the shortest.

        For a second segment's price the name can go, but not what the message is about.
        """
        texts = [
            spelled(self._templates.sms(content.purpose, each)) for each in _ever_shorter(variables)
        ]
        text = next(chain(_fitting(texts[:2], 1), _fitting(texts, MOST_SEGMENTS)), texts[-1])
        return Rendered(
            "",
            text,
            None,
            version,
            sms_text=text,
            told=link if link and link.url in text else None,
            tells_how_to_stop=content.tells_how_to_stop,
        )

    def _page(self, content: Content, wording: Wording, version: str, now: datetime) -> PageLink:
        facts, language = content.facts, wording.tag
        if isinstance(facts, LinksFacts):
            return shortlist_page(self._links, content, facts.shortlists[0], language, now)
        if isinstance(facts, ShortlistFacts):
            return shortlist_page(self._links, content, facts, language, now)
        if isinstance(facts, InterestFacts):
            return interest_page(self._links, content, facts, language, now)
        if isinstance(facts, ReplyFacts):
            return reply_page(self._links, content, facts, language, now)
        return candidate_page(self._links, content, facts, language, version, now)

    def _variables(self, content: Content, wording: Wording, now: datetime) -> Context:
        variables: Context = {
            "language": wording.language,
            "name": greeted(content.name, content.locale),
            "employer": plain(self._employer.name),
            "sender": self._employer.imprint,
            "replies_read": bool(content.signed_by) or self._employer.reads_replies,
            "in_hat": content.is_in_hat(now),
            "stop": wording.how_to_stop if content.tells_how_to_stop else "",
        }
        # Where replies are read at a desk, it bears the employer's name, and is nobody by name.
        if content.signed_by not in ("", self._employer.name):
            variables["human"] = plain(content.signed_by, 80)
        zone = self._zone(content.time_zone)
        if isinstance(content.facts, ShortlistFacts):
            return variables | of_shortlist(content.facts, wording, now.astimezone(zone).date())
        if isinstance(content.facts, LinksFacts):
            return variables | {"pages": self._pages(content, content.facts, wording, zone, now)}
        if isinstance(content.facts, InterestFacts):
            return variables | of_interest(content.facts, content.about, wording, zone)
        if isinstance(content.facts, ReplyFacts):
            return variables | of_reply(content.facts, wording, zone)
        if content.facts.employer:
            variables["employer"] = plain(content.facts.employer)
        return variables | of_contact(content.facts, wording, zone, now)

    def _pages(
        self,
        content: Content,
        facts: LinksFacts,
        wording: Wording,
        zone: ZoneInfo,
        now: datetime,
    ) -> list[tuple[str, str | None, str]]:
        """Returns the title of each shortlist, the day it was made, and a new link to it."""
        return [
            (
                plain(each.vacancy_title),
                wording.day(each.ranked_at.astimezone(zone).date()) if each.ranked_at else None,
                shortlist_page(self._links, content, each, wording.tag, now).url,
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


def _returning(letter: Rendered, known_by: MailReturn, domain: str) -> Rendered:
    """Returns an e-mail with addresses of its own at which it is answered."""
    bounces, replies, leaving = (
        MailAddress(role, known_by.token).at(domain)
        for role in (MailRole.BOUNCE, MailRole.REPLY, MailRole.UNSUBSCRIBE)
    )
    ways = f"{letter.headers['List-Unsubscribe']}, <mailto:{leaving}>"
    return replace(
        letter,
        headers={**letter.headers, "List-Unsubscribe": ways},
        told=known_by,
        return_path=ReturnPath(bounces, replies),
    )


def _nth(content: Content) -> str:
    """Names which one of its purpose it is for them, if not the first: the words follow from it."""
    nth = content.facts.nth if isinstance(content.facts, ContactFacts) else 1
    return f".{nth}" if nth > 1 else ""


def _fitting(texts: Iterable[str], most: int) -> Iterator[str]:
    return (text for text in texts if segments(text) <= most)


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
