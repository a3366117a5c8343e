"""What the notifier knows and decides, without any I/O."""

from services.notifier.domain import incoming, reports, shortlists
from services.notifier.domain.content import (
    SHORTLIST,
    Content,
    CountedReason,
    MessageKind,
    Rendered,
    ShortlistFacts,
)
from services.notifier.domain.messages import (
    Because,
    Correspondent,
    Message,
    Recipient,
    State,
)
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
    "SHORTLIST",
    "Backoff",
    "Because",
    "Conditions",
    "Content",
    "Correspondent",
    "CountedReason",
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
