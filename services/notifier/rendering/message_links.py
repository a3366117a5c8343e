"""The links in a message, each for the one person it is written to, to a page in its language."""

from datetime import datetime, timedelta

from services.notifier.domain import Content, ShortlistFacts
from shared.contract.events.contacts import ContactFacts
from shared.contract.events.people import Channel
from shared.contract.events.responses import OpenShortlist
from shared.runtime.links import LinkPurpose, Links

CANDIDATE_LINK_LIFE = timedelta(days=366)
SHORTLIST_LINK_LIFE = timedelta(days=90)


def candidate_page(
    links: Links,
    content: Content,
    facts: ContactFacts,
    language: str,
    wording_version: str,
    now: datetime,
) -> str:
    """Links to the page on which a candidate answers, naming the wording they answer to."""
    claims = {
        "language": language,
        "candidate": content.recipient_id,
        "message": content.message_id,
        "wording": wording_version,
        "asks": "hat" if facts.asks_hat else "",
        "purpose": str(content.purpose),
        "contact": content.contact_id or "",
        "application": content.application_id or "",
        "vacancy": facts.vacancy_id or "",
    }
    if content.channel is Channel.EMAIL:
        claims["address"] = links.marks(content.address)[0]
    return links.url(LinkPurpose.CANDIDATE, claims, now + CANDIDATE_LINK_LIFE)


def unsubscribe_page(links: Links, content: Content, language: str, now: datetime) -> str:
    """Links to where one POST ends all e-mail to a candidate, as RFC 8058 asks."""
    claims = {
        "language": language,
        "candidate": content.recipient_id,
        "message": content.message_id,
        "channel": "email",
    }
    return links.url(LinkPurpose.UNSUBSCRIBE, claims, now + CANDIDATE_LINK_LIFE)


def shortlist_page(
    links: Links,
    content: Content,
    facts: ShortlistFacts | OpenShortlist,
    language: str,
    now: datetime,
) -> str:
    """Links to a shortlist, for one recruiter: who decides there is who was written to."""
    claims = {
        "language": language,
        "recruiter": content.recipient_id,
        "shortlist": facts.shortlist_id,
        "vacancy": facts.vacancy_id,
    }
    return links.url(LinkPurpose.SHORTLIST, claims, now + SHORTLIST_LINK_LIFE)
