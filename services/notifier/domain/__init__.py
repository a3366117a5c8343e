"""What the notifier knows and decides, without any I/O."""

from services.notifier.domain import incoming, reports, shortlists
from services.notifier.domain.content import (
    INTEREST,
    SHORTLIST,
    Content,
    CountedReason,
    CountedStanding,
    Facts,
    MessageKind,
    Rendered,
    ShortlistFacts,
)
from services.notifier.domain.messages import Because, Message, Recipient, State
from services.notifier.domain.send_policy import (
    EVERYTHING,
    Conditions,
    Refusal,
    Route,
    conditions,
    evaluate,
    has_another_way,
    next_slot,
)
from services.notifier.domain.settling import (
    Backoff,
    SendResult,
    SendStatus,
    Settlement,
    after_refusal,
    after_try,
    unreadable,
)

__all__ = [
    "EVERYTHING",
    "INTEREST",
    "SHORTLIST",
    "Backoff",
    "Because",
    "Conditions",
    "Content",
    "CountedReason",
    "CountedStanding",
    "Facts",
    "Message",
    "MessageKind",
    "Recipient",
    "Refusal",
    "Rendered",
    "Route",
    "SendResult",
    "SendStatus",
    "Settlement",
    "ShortlistFacts",
    "State",
    "after_refusal",
    "after_try",
    "conditions",
    "evaluate",
    "has_another_way",
    "incoming",
    "next_slot",
    "reports",
    "shortlists",
    "unreadable",
]
