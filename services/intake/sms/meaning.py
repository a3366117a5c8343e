"""What somebody means by a text message: the words that end, reopen or ask about them.

Whoever says one of these words in any of the usual dresses is understood, and so is whoever says
it in the words of a mail that asks for no more.
"""

from enum import StrEnum
from functools import partial
from itertools import dropwhile

from services.intake.mailbox.domain.leaving import says_only_that, wants_no_more
from services.intake.sms.limits import leaves_open
from services.intake.sms.stops import (
    adds_nothing,
    begins_with_stop,
    clauses_of,
    complains,
    ends_with_stop,
    has_question,
    is_bare_stop,
    is_command,
    without_courtesy,
)
from services.intake.sms.words import begins, words_of
from services.intake.understanding.phrases import Table, phrases
from shared.contract.events.people import Channel


class Meaning(StrEnum):
    STOP = "stop"
    START = "start"
    YES = "yes"
    """Opens again what a STOP closed; where nothing is closed it answers something else."""
    HELP = "help"
    REPLY = "reply"


def meaning_of(text: str) -> Meaning:
    """Reads a text message.

    Where two readings are possible it is a reply: that pauses text messages until a human looked,
    so nobody is written to against their will, and nobody who asked something is stopped for good.
    """
    words = words_of(text)
    for meaning in (Meaning.START, Meaning.YES, Meaning.HELP):
        if words in _ALONE[meaning] or without_courtesy(words) in _ALONE[meaning]:
            return meaning
    if is_bare_stop(text):
        return Meaning.STOP
    welcomes = any(begins(_WELCOMES, clause) for clause in clauses_of(text))
    if welcomes or "@" in text or leaves_open(words, Channel.SMS):
        return Meaning.REPLY
    asks = has_question(text) or not _ASKS.isdisjoint(words[:1])
    stops = begins_with_stop(text) or (not asks and (is_command(text) or ends_with_stop(text)))
    wants = not complains(text) and wants_no_more(text, Channel.SMS)
    return Meaning.STOP if stops or wants else Meaning.REPLY


def says_more(text: str) -> bool:
    """Tells whether a stop says anything beside it that is no courtesy, and makes it no stronger.

    It stops all the same, as a carrier would have it; but whoever asks something, or takes it back,
    is read by a human.
    """
    words = words_of(text)
    if not words or is_bare_stop(text) or says_only_that(text):
        return False
    said = dropwhile(lambda clause: clause in _ALONE[Meaning.YES], clauses_of(text))
    return has_question(text) or not (is_command(text) and all(map(adds_nothing, said)))


_phrases = partial(phrases, Table.KEYWORDS)
_ALONE = {meaning: _phrases(meaning) for meaning in (Meaning.START, Meaning.YES, Meaning.HELP)}
_ASKS = frozenset(word for phrase in _phrases("asks") for word in phrase)
_WELCOMES = _phrases("welcomes")
