"""What a Greenhouse account's own words mean."""

from collections.abc import Mapping
from typing import ClassVar

from services.intake.webhooks.words import ReasonType, TypedWords


class GreenhouseOptions(TypedWords):
    """The types of its rejection reasons that Greenhouse ships with are known."""

    shipped: ClassVar[Mapping[str, ReasonType]] = {
        "we rejected them": ReasonType.REJECTED,
        "they rejected us": ReasonType.WITHDRAWN,
    }
