"""Whether a message may leave at this instant.

These rules are asked twice: when a message is claimed, to spare a refused one the journey, and in
the transaction that commits the attempt, with everything it rests on locked. The second decides.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notifier.domain.content import (
    TO_RECRUITERS,
    LinksFacts,
    MessageKind,
    ReplyFacts,
    ShortlistFacts,
)
from services.notifier.domain.messages import Because, Message, Recipient
from shared.contract.events.contacts import InterestFacts, Window
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Basis, Purpose, allows, rule_of
from shared.contract.events.recipients import RecipientChanged

CLOCKS_AGREE_WITHIN = timedelta(minutes=1)
"""A machine whose clock differs more from the database's could write to people at night."""

EVERYTHING = "everything"
"""The hold that stops all channels."""


_PASSING = frozenset({Because.RECIPIENT_UNREAD, Because.UNKNOWN_KIND, Because.REPLY_UNREAD})
"""These end once a newer state can be read, this service has been upgraded, or a human looked."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What holds for the whole service at one instant."""

    known_until: datetime | None
    """Every change of a recipient before this instant, by the database's clock, is known."""
    obstacle: Because | None = None
    """What keeps every message from leaving."""
    held: frozenset[Channel] = frozenset()
    ways: frozenset[Channel] = frozenset(Channel)
    """The channels that this service can send over at all."""


def conditions(
    *,
    database_now: datetime,
    wall_now: datetime,
    known_until: datetime | None,
    complete: bool,
    fresh_for: timedelta,
    held: Collection[str],
    ways: Collection[Channel],
) -> Conditions:
    """Tells how things stand: is consent known well enough, is our clock right, what is on hold.

    `complete` says that every partition of `recipients` was heard of.
    """
    obstacle = None
    if not complete or known_until is None or database_now - known_until > fresh_for:
        obstacle = Because.RECIPIENTS_STALE
    elif abs(database_now - wall_now) > CLOCKS_AGREE_WITHIN:
        obstacle = Because.CLOCK_DOUBTFUL
    elif EVERYTHING in held:
        obstacle = Because.ON_HOLD
    stopped = frozenset(channel for channel in Channel if channel in held)
    return Conditions(known_until, obstacle, stopped, frozenset(ways))


@dataclass(frozen=True, slots=True)
class Route:
    """To whom, as they are known now, and where a message may go."""

    recipient: RecipientChanged
    channel: Channel
    address: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message may not go now, and whether it never may."""

    because: Because
    for_good: bool = False


def evaluate(
    message: Message, recipient: Recipient | Because, conditions: Conditions, now: datetime
) -> Route | Refusal:
    """Decides whether a message may leave at this instant, and if so where to.

    A missing consent is final only once everything is known that was recorded before the message
    came here: a yes, and the message that it led to, arrive on different streams. What only this
    version does not understand about a person is never final.
    """
    if message.withdrawn_at:
        return Refusal(Because.WITHDRAWN, for_good=True)
    if not is_known(message.purpose):
        return Refusal(Because.UNKNOWN_PURPOSE, for_good=True)
    if conditions.obstacle:
        return Refusal(conditions.obstacle)
    if not _inside(message, now):
        return Refusal(Because.OUTSIDE_WINDOWS)
    route = _route(message, recipient, conditions, now)
    if isinstance(route, Because):
        known_until = conditions.known_until
        up_to_date = bool(known_until and known_until > message.received_at)
        return Refusal(route, for_good=up_to_date and not _passes(route))
    return Refusal(Because.ON_HOLD) if route.channel in conditions.held else route


def has_another_way(
    message: Message, recipient: Recipient, failed_at: str, conditions: Conditions, now: datetime
) -> bool:
    """Tells whether a message that failed at an address can still go to another."""
    rest = replace(recipient, suppressed=recipient.suppressed | {failed_at})
    found = _route(message, rest, conditions, now)
    return isinstance(found, Route) or _passes(found)


def is_known(purpose: MessageKind) -> bool:
    """Tells whether this version has words and rules for a purpose."""
    return purpose in TO_RECRUITERS or rule_of(Purpose(purpose)) is not None


def next_slot(windows: Iterable[Window], at: datetime) -> datetime | None:
    """Returns the first instant inside a window that is not before `at`, if there is one."""
    openings = (max(window.opens_at, at) for window in windows if window.closes_at > at)
    return min(openings, default=None)


def _inside(message: Message, now: datetime) -> bool:
    return now < message.expires_at and next_slot(message.windows, now) == now


def _route(
    message: Message, recipient: Recipient | Because, conditions: Conditions, now: datetime
) -> Route | Because:
    """Takes the first channel that is possible, or else says what stood in the way.

    That is what passes by itself, or else what stood in the way of the first.
    """
    if isinstance(recipient, Because):
        return recipient
    if not recipient.state.kind.is_known:
        return Because.UNKNOWN_KIND
    if not _needs_consent(message):
        recipient = recipient.speaking_of(message.application_id)
    channels = [channel for channel in message.channels if channel in conditions.ways]
    tried = [_by(channel, message, recipient, now) for channel in channels]
    routes = [found for found in tried if isinstance(found, Route)]
    later = [found for found in tried if _passes(found)]
    return [*routes, *later, *tried, Because.NO_WAY_OUT][0]


def _needs_consent(message: Message) -> bool:
    """Tells whether it goes where somebody agreed, whatever application it speaks of."""
    if isinstance(message.facts, ShortlistFacts):
        return False
    rule = rule_of(Purpose(message.purpose))
    return rule is not None and rule.basis is Basis.CONSENT


def _passes(found: Route | Because) -> bool:
    return isinstance(found, Because) and found in _PASSING


def _by(channel: Channel, message: Message, recipient: Recipient, now: datetime) -> Route | Because:
    rule = rule_of(message.purpose) if isinstance(message.purpose, Purpose) else None
    if recipient.has_stopped(channel) and not (rule and rule.is_requested):
        return Because.STOPPED
    unwelcome = _unwelcome(message, recipient.state, channel, now)
    if unwelcome:
        return unwelcome
    addresses = (
        recipient.addresses_to_verify(channel, message.contact_id)
        if message.purpose is Purpose.ADDRESS
        else recipient.addresses(channel)
    )
    usable = [address for address in addresses if address not in recipient.suppressed]
    if usable and recipient.is_held(channel) and not (rule and rule.is_requested):
        return Because.REPLY_UNREAD
    if usable:
        return Route(recipient.state, channel, usable[0])
    return Because.ADDRESS_DEAD if addresses else Because.NO_ADDRESS


def _unwelcome(
    message: Message, recipient: RecipientChanged, channel: Channel, now: datetime
) -> Because | None:
    """Tells what the message lacks: consent, an answer owed, or an application to speak of."""
    if isinstance(message.facts, ShortlistFacts):
        theirs = message.facts.vacancy_id in recipient.vacancies
        return None if theirs else Because.NOT_THEIR_VACANCY
    if isinstance(message.facts, LinksFacts):
        return None
    if isinstance(message.facts, InterestFacts | ReplyFacts):
        return None if message.about else Because.RECIPIENT_UNKNOWN
    rule = rule_of(Purpose(message.purpose))
    if rule is None:
        return Because.UNKNOWN_PURPOSE
    if rule.is_requested:
        return None
    if rule.basis is Basis.CONSENT:
        live = allows(recipient.consents, Purpose(message.purpose), channel, now)
        return None if live else Because.NO_CONSENT
    spoken_of = [a for a in recipient.applications if a.application_id == message.application_id]
    if not spoken_of and rule.basis is not Basis.ANSWER:
        return Because.NOT_SPEAKING_OF_IT
    if rule.is_letter and not any(application.answer_owed for application in spoken_of):
        return Because.NO_ANSWER_OWED
    if message.tells_closing and message.shortlist_id not in recipient.closed_shortlists:
        return Because.VACANCY_OPEN
    return None
