"""What the words of a message are made from, and what they are once made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from shared.contract.events.contacts import ContactFacts, InterestFacts
from shared.contract.events.evidence import Evidence, Readiness
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id, Line, Part
from shared.contract.events.people import Channel, Consent, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import OpenShortlist
from shared.runtime.links import Told

SHORTLIST: Literal["shortlist"] = "shortlist"
INTEREST: Literal["interest"] = "interest"
LINKS: Literal["links"] = "links"
"""New links to a recruiter's shortlists, for which they asked."""
REPLY: Literal["reply"] = "reply"
"""Somebody has answered a mail of ours in their own words."""
TO_RECRUITERS = frozenset({SHORTLIST, INTEREST, LINKS, REPLY})
"""The purposes of messages to recruiters; all others are purposes of the contract."""

MessageKind = Purpose | Literal["shortlist", "interest", "links", "reply"]


class CountedReason(Part):
    """What speaks for some of those listed."""

    evidence: Evidence
    """Only those of its facts that are the same for all of them."""
    count: int


class CountedStanding(Part):
    """How some of those listed stand to what the role needs."""

    readiness: Readiness
    count: int
    not_before: date | None = None
    """For those who lack something, and are known to have it one day: that day."""


class ShortlistFacts(Part):
    """What a recruiter's mail about a shortlist is made from; it names no candidate."""

    shortlist_id: Id
    vacancy_id: Id
    vacancy_title: Line
    continues: bool = False
    """True when the vacancy reopened and the finishing order came first."""
    considered: int
    listed: int
    ranked_lower: int = 0
    """How many more may fit, who come after those listed."""
    of_newcomers: bool = False
    """Whether it stands beside the lists before it."""
    standings: list[CountedStanding] = []
    """How those listed stand to what the role needs, the surest first."""
    reasons: list[CountedReason] = []
    """Reasons for those listed, the commonest first."""


class LinksFacts(Part):
    """The shortlists to which a recruiter asked for new links."""

    shortlists: list[OpenShortlist]


class ReplyFacts(Part):
    """What a recruiter's mail about a reply is made from: nobody's name, and no word of it."""

    reply_id: Id
    purpose: Purpose | None = None
    """What was answered."""
    vacancy_title: Line | None = None
    said_at: Moment
    follows: list[Id] = []
    """The messages whose thread it goes on, the one that was answered last."""


Facts = ContactFacts | ShortlistFacts | InterestFacts | LinksFacts | ReplyFacts


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """Where bounces of a mail and replies to it go: addresses of this mail's own."""

    bounces: str
    replies: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that the words of one message are made from."""

    message_id: str
    channel: Channel
    purpose: MessageKind
    recipient_id: str
    """The candidate's id, or the recruiter's."""
    name: PersonName
    locale: str
    time_zone: str | None
    facts: Facts
    contact_id: str | None = None
    application_id: str | None = None
    about: PersonName | None = None
    """Whom a recruiter is told about by name."""
    address: str = ""
    """Where it goes; its links tell by a mark that they were sent there."""
    signed_by: str = ""
    """The human who reads the reply, where one is known."""
    consents: Sequence[Consent] = ()
    """What they have agreed to, as far as it is known when the words are made."""
    knows_how_to_stop: bool = False
    """Whether a text message to that number has said so lately."""

    @property
    def is_to_candidate(self) -> bool:
        return isinstance(self.facts, ContactFacts)

    @property
    def tells_how_to_stop(self) -> bool:
        """Whether its words say so where they go by text message; recruiters' never do."""
        return self.is_to_candidate and not self.knows_how_to_stop

    def is_in_hat(self, at: datetime) -> bool:
        """Tells whether their name is in the hat then."""
        return any(consent.since <= at < consent.until for consent in self.consents)

    @property
    def asks_hat(self) -> bool:
        return isinstance(self.facts, ContactFacts) and self.facts.asks_hat


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of one message."""

    subject: str
    text: str
    html: str | None
    wording_version: str
    sms_text: str | None = None
    """Set when, and only when, the content goes by SMS."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """The e-mail headers that need a link: List-Unsubscribe and List-Unsubscribe-Post, for
    candidates. Those that need none (Message-ID, Date, From …) are added where the mail is made.
    """
    told: Told | None = None
    """What has to be told before the words leave, or what is in them leads nowhere."""
    return_path: ReturnPath | None = None
    follows: Sequence[str] = ()
    """The messages whose thread an e-mail goes on, the last one being what it answers."""
    tells_how_to_stop: bool = False
    """Whether a text message says how to end them, as not every one has to."""
