"""What the notifier knows and decides, without any I/O."""

from services.notifier.domain import incoming, reports
from services.notifier.domain.drafts import SHORTLIST, Draft, Purposes, Rendered, ShortlistFacts
from services.notifier.domain.judging import (
    EVERYTHING,
    Refusal,
    Route,
    Standing,
    judge,
    next_moment,
    standing,
)
from services.notifier.domain.messages import Because, Message, Recipient, State
from services.notifier.domain.settling import (
    Backoff,
    Outcome,
    Result,
    Settlement,
    after_refusal,
    after_try,
)

__all__ = [
    "EVERYTHING",
    "SHORTLIST",
    "Backoff",
    "Because",
    "Draft",
    "Message",
    "Outcome",
    "Purposes",
    "Recipient",
    "Refusal",
    "Rendered",
    "Result",
    "Route",
    "Settlement",
    "ShortlistFacts",
    "Standing",
    "State",
    "after_refusal",
    "after_try",
    "incoming",
    "judge",
    "next_moment",
    "reports",
    "standing",
]
