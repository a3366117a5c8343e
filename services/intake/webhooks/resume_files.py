"""What is known of where one kind of system keeps the file of somebody's résumé.

Some tell with each call where it is, by an address that holds for some days; of others it is asked
for in their API. Like an adapter it does no input or output.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import ApiAddress
from services.intake.webhooks.notes import Post

Question = str | Post
"""A path of the API that is read, or what is posted to it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a system has of a résumé."""

    file: str | None
    """A path of its API, or a whole address, to which no token goes; None where there is none."""
    profile: Mapping[str, Any] | None = None
    """The working life that the system itself has read in it, as a JSON Resume."""


class ResumeFiles(Protocol):
    """Where one kind of system keeps them."""

    @property
    def api(self) -> ApiAddress | None:
        """What the questions are put to; None where there are none."""

    def find(self, delivery: Delivery, answers: Sequence[bytes | None]) -> Question | Found | None:
        """Returns what is to be asked next, or what was found, by what was answered so far.

        None where a delivery tells of no résumé. Raises Unreadable.
        """
