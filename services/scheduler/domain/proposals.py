"""What a contact rule asks for; nobody has looked for a slot yet."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contract.events.candidates import Rejection
from shared.contract.events.contacts import ContactFacts
from shared.contract.events.purposes import RULES, Purpose, Rule


@dataclass(frozen=True, slots=True)
class Proposal:
    """A contact that should exist."""

    purpose: Purpose
    subject: str
    not_before: datetime
    facts: ContactFacts
    not_after: datetime | None = None
    """From when on it makes no sense any more."""
    application: Rejection | None = None
    """Whose outcome it speaks of, if it speaks of one."""
    shortlist_id: str | None = None
    """The shortlist of the invitation that it is, or whose end it tells."""

    @property
    def rule(self) -> Rule:
        return RULES[self.purpose]

    def later(self, moment: datetime | None) -> "Proposal":
        """Returns the same proposal, not to be granted before that moment either."""
        return replace(self, not_before=max(self.not_before, moment)) if moment else self

    def asking(self) -> "Proposal":
        """Returns the same proposal, which asks to keep the name in the hat."""
        return replace(self, facts=self.facts.model_copy(update={"asks_hat": True}))
