"""Whether a message may leave at this instant.

These rules are asked twice: when a message is claimed, to spare a refused one the journey, and in
the transaction that commits the attempt, with everything it rests on locked. The second decides.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifier.domain.drafts import ShortlistFacts
from services.notifier.domain.messages import Because, Message, Recipient
from shared.contract.events.contacts import Window
from shared.contract.events.people import Channel
from shared.contract.events.purposes import BY_CONSENT, LETTERS, RULES, Purpose, allows
from shared.contract.events.recipients import RecipientChanged

CLOCKS_AGREE_WITHIN = timedelta(minutes=1)
"""A machine whose clock differs more from the database's could write to people at night."""

EVERYTHING = "everything"
"""The hold that stops all channels."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the whole service stands at one instant."""

    known_until: datetime | None
    """Every change of a recipient before this instant, by the database's clock, is known."""
    obstacle: Because | None = None
    """What keeps every message from leaving."""
    held: frozenset[Channel] = frozenset()
    ways: frozenset[Channel] = frozenset(Channel)
    """The channels that this service can send over at all."""


def standing(
    *,
    database_now: datetime,
    wall_now: datetime,
    known_until: datetime | None,
    complete: bool,
    fresh_for: timedelta,
    held: Collection[str],
    ways: Collection[Channel],
) -> Standing:
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
    return Standing(known_until, obstacle, stopped, frozenset(ways))


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


def judge(
    message: Message, recipient: Recipient | None, standing: Standing, now: datetime
) -> Route | Refusal:
    """Decides whether a message may leave at this instant, and if so where to.

    A missing consent is final only once everything is known that was recorded before the message
    came here: a yes, and the message that it led to, arrive on different streams.
    """
    if message.withdrawn_at:
        return Refusal(Because.WITHDRAWN, for_good=True)
    if standing.obstacle:
        return Refusal(standing.obstacle)
    if not _inside(message, now):
        return Refusal(Because.OUTSIDE_WINDOWS)
    route = _route(message, recipient, standing, now)
    if isinstance(route, Because):
        known_until = standing.known_until
        return Refusal(route, for_good=bool(known_until and known_until > message.received_at))
    return Refusal(Because.ON_HOLD) if route.channel in standing.held else route


def next_moment(windows: Iterable[Window], at: datetime) -> datetime | None:
    """Gives the first instant inside a window that is not before `at`, if there is one."""
    openings = (max(window.opens_at, at) for window in windows if window.closes_at > at)
    return min(openings, default=None)


def _inside(message: Message, now: datetime) -> bool:
    return now < message.expires_at and next_moment(message.windows, now) == now


def _route(
    message: Message, recipient: Recipient | None, standing: Standing, now: datetime
) -> Route | Because:
    """Takes the first channel that is possible, or else says what stood in the way of the first."""
    if recipient is None:
        return Because.RECIPIENT_UNKNOWN
    channels = [channel for channel in message.channels if channel in standing.ways]
    tried = [_by(channel, message, recipient, now) for channel in channels]
    routes = [found for found in tried if isinstance(found, Route)]
    return [*routes, *tried, Because.NO_WAY_OUT][0]


def _by(channel: Channel, message: Message, recipient: Recipient, now: datetime) -> Route | Because:
    if channel in recipient.state.stopped:
        return Because.STOPPED
    unwelcome = _unwelcome(message, recipient.state, channel, now)
    if unwelcome:
        return unwelcome
    addresses = recipient.addresses(channel)
    living = [address for address in addresses if address not in recipient.dead]
    if living:
        return Route(recipient.state, channel, living[0])
    return Because.ADDRESS_DEAD if addresses else Because.NO_ADDRESS


def _unwelcome(
    message: Message, recipient: RecipientChanged, channel: Channel, now: datetime
) -> Because | None:
    """Tells what the message lacks: consent, an answer owed, or an application to speak of."""
    if isinstance(message.facts, ShortlistFacts):
        theirs = message.facts.vacancy_id in recipient.vacancies
        return None if theirs else Because.NOT_THEIR_VACANCY
    purpose = Purpose(message.purpose)
    if purpose not in RULES:
        return Because.UNKNOWN_PURPOSE
    if purpose in BY_CONSENT:
        live = allows(recipient.consents, purpose, channel, now)
        return None if live else Because.NO_CONSENT
    spoken_of = [a for a in recipient.applications if a.application_id == message.application_id]
    if not spoken_of:
        return Because.NOT_SPEAKING_OF_IT
    if purpose in LETTERS and not any(application.answer_owed for application in spoken_of):
        return Because.NO_ANSWER_OWED
    return None
