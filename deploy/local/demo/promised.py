"""Which answers the words of a message promise, by the buttons with which its page takes them."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

Promises = Mapping[re.Pattern[str], Sequence[str]]

TO_CANDIDATES: Final[Promises] = {
    re.compile(
        r"May we keep your name in the hat|may we keep your name|us to stay in touch|"
        r"stay in touch after|(Shall|May) we go on"
    ): ("hat_yes", "hat_no"),
    re.compile(r"[Dd]o you have it|you have it now|(do you now|will you) have what was missing"): (
        "has_it_now",
    ),
    re.compile(
        r"would like to talk with you\.|still like it|pick up where we left|[Ii]nterested\?"
    ): ("interested", "not_now"),
    re.compile(r"[Ss]omething has changed for you|Has anything changed"): ("news", "still_looking"),
    re.compile(r"stopped looking"): ("not_looking",),
    re.compile(r"pause messages"): ("pause",),
    re.compile(r"delete your data"): ("erase",),
    re.compile(r"a link to what we hold about you\. It shows"): ("show",),
}
TO_RECRUITERS: Final[Promises] = {
    re.compile(r"you decide whom we invite|You choose whom we ask"): ("approve", "decline"),
    re.compile(r"talking, hired, or not this time"): ("talking", "hired", "not_this_time"),
}


def promised(words: str, promises: Promises = TO_CANDIDATES) -> set[str]:
    """Returns the buttons that the page behind a message's link must have."""
    return {
        answer for said, answers in promises.items() if said.search(words) for answer in answers
    }
