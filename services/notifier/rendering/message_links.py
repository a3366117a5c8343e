"""The links in a message, each for the one person it is written to, to a page in its language.

Those in text messages are short, and intake is told what each stands for when the message leaves.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from services.notifier.domain import Content, ReplyFacts, ShortlistFacts
from shared.contract.events.contacts import ContactFacts, InterestFacts
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import OpenShortlist
from shared.runtime.links import LinkPurpose, Links, MailReturn, ShortLink

CANDIDATE_LINK_LIFE = timedelta(days=366)
RECRUITER_LINK_LIFE = timedelta(days=90)
RECORD_LINK_LIFE = timedelta(hours=1)
ADDRESS_LINK_LIFE = timedelta(days=1)


class PageLink(NamedTuple):
    """Where a message's reader is asked to go."""

    url: str
    short: ShortLink | None


def candidate_page(
    links: Links,
    content: Content,
    facts: ContactFacts,
    language: str,
    wording_version: str,
    now: datetime,
) -> PageLink:
    """Links to the page on which a candidate answers, naming the wording they answer to."""
    if content.purpose in _OF_THEIR_OWN:
        return _requested_page(links, content, language, wording_version, now)
    claims = _answering(links, content, facts, language, wording_version)
    return _page(links, LinkPurpose.CANDIDATE, content, claims, now + CANDIDATE_LINK_LIFE)


def mail_return(
    links: Links,
    content: Content,
    facts: ContactFacts,
    language: str,
    wording_version: str,
    now: datetime,
) -> MailReturn:
    """Returns by what it is known which message a mail answers, or brings back."""
    claims = _answering(links, content, facts, language, wording_version)
    return links.mail_return(content.message_id, claims, now, now + CANDIDATE_LINK_LIFE)


def _answering(
    links: Links, content: Content, facts: ContactFacts, language: str, wording_version: str
) -> dict[str, str]:
    """Says which message is answered, to which words, and whom it was sent to."""
    claims = {
        "language": language,
        "candidate": content.recipient_id,
        "message": content.message_id,
        "wording": wording_version,
        "asks": "hat" if facts.asks_hat else "",
        "purpose": str(content.purpose),
        "contact": content.contact_id or "",
        "application": content.application_id or "",
        "about": facts.application_id or "",
        "vacancy": facts.vacancy_id or "",
        "address": links.marks(content.address)[0],
    }
    if facts.outcome:
        claims |= {"outcome": str(facts.outcome), "answered": str(facts.answered or "")}
        claims |= {"wrote": "yes" if facts.wrote else ""}
    return claims


_OF_THEIR_OWN = {
    Purpose.RECORD: (LinkPurpose.RECORD, RECORD_LINK_LIFE),
    Purpose.ADDRESS: (LinkPurpose.ADDRESS, ADDRESS_LINK_LIFE),
}
"""Pages that show or change who somebody is, each behind a link of its own that soon ends."""


def _requested_page(
    links: Links, content: Content, language: str, wording_version: str, now: datetime
) -> PageLink:
    """Links to the page that somebody asked for, for whoever reads at this very address."""
    purpose, life = _OF_THEIR_OWN[Purpose(content.purpose)]
    claims = {
        "language": language,
        "candidate": content.recipient_id,
        "message": content.message_id,
        "wording": wording_version,
        "application": content.application_id or "",
        "address": links.marks(content.address)[0],
    }
    return _page(links, purpose, content, claims, now + life)


def unsubscribe_page(links: Links, content: Content, language: str, now: datetime) -> str:
    """Links to where one POST ends all e-mail to a candidate, as RFC 8058 asks."""
    claims = {
        "language": language,
        "candidate": content.recipient_id,
        "message": content.message_id,
        "application": content.application_id or "",
        "address": links.marks(content.address)[0],
        "channel": "email",
    }
    return links.url(LinkPurpose.UNSUBSCRIBE, claims, now + CANDIDATE_LINK_LIFE)


def interest_page(
    links: Links, content: Content, facts: InterestFacts, language: str, now: datetime
) -> PageLink:
    """Links to somebody who would like to talk, for one recruiter, who can answer there."""
    claims = {
        "language": language,
        "recruiter": content.recipient_id,
        "interest": facts.interest_id,
    }
    return _page(links, LinkPurpose.INTEREST, content, claims, now + RECRUITER_LINK_LIFE)


def reply_page(
    links: Links, content: Content, facts: ReplyFacts, language: str, now: datetime
) -> PageLink:
    """Links to what somebody wrote back, for one recruiter."""
    claims = {"language": language, "recruiter": content.recipient_id, "reply": facts.reply_id}
    return _page(links, LinkPurpose.REPLY, content, claims, now + RECRUITER_LINK_LIFE)


def shortlist_page(
    links: Links,
    content: Content,
    facts: ShortlistFacts | OpenShortlist,
    language: str,
    now: datetime,
) -> PageLink:
    """Links to a shortlist, for one recruiter: who decides there is who was written to."""
    claims = {
        "language": language,
        "recruiter": content.recipient_id,
        "shortlist": facts.shortlist_id,
        "vacancy": facts.vacancy_id,
    }
    return _page(links, LinkPurpose.SHORTLIST, content, claims, now + RECRUITER_LINK_LIFE)


def _page(
    links: Links,
    purpose: LinkPurpose,
    content: Content,
    claims: dict[str, str],
    expires_at: datetime,
) -> PageLink:
    if content.channel is not Channel.SMS:
        return PageLink(links.url(purpose, claims, expires_at), None)
    short = links.short(purpose, content.message_id, claims, expires_at)
    return PageLink(short.url, short)
