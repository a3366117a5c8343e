"""Whether somebody who wants an end leaves something open: another way, another time, a part.

"Stop calling, text me", "not before June" and "only the newsletter" ask for less than an end of
everything. What ends and what goes on is for a human to read.
"""

from functools import partial

from services.intake.sms.words import Phrase, holds
from services.intake.understanding.phrases import Table, phrases
from shared.contract.events.people import Channel

_NUMBER = "0"
"""Stands for any number in a phrase."""


def leaves_open(words: Phrase, by: Channel) -> bool:
    """Tells whether words that came on a channel may ask for another way, another time or a part.

    The name of a day in what tells of a job found tells when that began or begins. Who has work, on
    a day or to do something, may be busy then and no longer.
    """
    said = tuple(_NUMBER if word[:1].isdigit() else word for word in words)
    return (
        holds(_LIMITS, said)
        or (holds(_DAYS, said) and not tells_of_job(said))
        or (holds(_HAS, said) and holds(_BUSY, said) and not tells_of_job(said))
        or (holds(_OTHER_WAYS[by], said) and not holds(_EVERY_WAY, said))
    )


def tells_of_job(words: Phrase) -> bool:
    """Tells whether words say that somebody found work, which is why many want an end."""
    return holds(_WHY, words)


_phrases = partial(phrases, Table.LIMITS)
_LIMITS, _DAYS, _WHY, _HAS, _BUSY, _EVERY_WAY = map(
    _phrases, ("limits", "days", "why", "has", "busy", "every_way")
)
_OTHER_WAYS = {
    by: _phrases("ways") | _phrases(other)
    for by, other in ((Channel.EMAIL, "texts"), (Channel.SMS, "mails"))
}
