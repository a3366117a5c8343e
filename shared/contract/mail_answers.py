"""What a mail server's answer says of a mailbox: that there is none, something else, or nothing.

An address is given up at once for a mailbox that does not exist, and for nothing else: a mail that
was too big, too late or unwanted says nothing of it, and neither does what is so for now.
"""

import re

NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""Enhanced status codes (RFC 3463, RFC 7505) after which writing there again is no use."""
NO_MAILBOX_CODES = frozenset({"550", "551", "553"})
"""Reply codes (RFC 5321) of servers that know no such mailbox."""
_UNDEFINED = "5.0.0"
"""What stands where a server gave no enhanced code."""

_ENHANCED = re.compile(r"(?<![\w.])[245]\.[0-7]\.\d{1,3}(?!\.?\w)", re.ASCII)
_REPLY = re.compile(r"(?<![\w.@+-])[45]\d\d(?!\w|[.@]\w)", re.ASCII)
_SAYS_NO_MAILBOX = re.compile(
    r"user unknown|unknown user|no such (?:user|mailbox|recipient|person|address)|no mailbox"
    r"|(?:user|account|mailbox|recipient|address) (?:\S+ )?(?:does not|doesn.t) exist"
    r"|(?:user|mailbox|recipient|account) (?:\S+ )?(?:not found|disabled|inactive)"
    r"|unknown recipient|invalid (?:recipient|mailbox)|recipient (?:\S+ )?(?:unknown|not exist)"
    r"|account that you tried to reach"
)
"""How servers say it that give no enhanced code."""
_NOT_THE_MAILBOX = re.compile(
    r"quota|exceed|(?:box|storage|disk) (?:is )?full|full (?:mail|in)?box"
    r"|temporar|gr[ae]ylist|try again|at a rate"
    r"|too (?:many|quickly)|sender(?:'s)? (?:address|domain|verif|rejected|denied|unknown|invalid)"
    r"|(?:bad|invalid|unknown|of) sender|verif\w+ (?:failed|error)|call(?:out|back)|return.path"
    r"|mail from"
)
"""That it is for now, or that it is us who are not known, whatever else is said with it."""
_ANOTHER_REASON = re.compile(
    r"block|black.?list|spam|listed|policy|reputation|denied|timed? ?out|expired|loop"
    r"|too (?:big|large|long)|size|content|virus|no answer|unreachable|connection|relay"
)
"""Why mails come back to whom there is a mailbox, unless it is said that there is none."""


def says_no_mailbox(*said: str | None) -> bool | None:
    """Tells whether there is no such mailbox, by codes and words; None where they do not say.

    An answer may come in pieces, such as the status that one server made of another's words.
    """
    answer = " ".join(" ".join(piece for piece in said if piece).lower().split())
    replies = set(_REPLY.findall(answer))
    codes = set(_ENHANCED.findall(answer)) - {_UNDEFINED}
    is_for_now = any(code.startswith("4") for code in replies | codes)
    if is_for_now or _NOT_THE_MAILBOX.search(answer):
        return False
    in_words = bool(_SAYS_NO_MAILBOX.search(answer))
    is_other = not in_words and bool(_ANOTHER_REASON.search(answer))
    if codes:
        return codes <= NO_SUCH_MAILBOX and not is_other
    if is_other or (replies and not replies & NO_MAILBOX_CODES):
        return False
    return True if replies and in_words else None
