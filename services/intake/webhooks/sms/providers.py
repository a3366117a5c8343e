"""The providers of text messages, by the name in the addresses that they call."""

from collections.abc import Mapping

from services.intake.settings import Settings
from services.intake.webhooks.sms.provider import SmsProvider
from services.intake.webhooks.sms.twilio import Twilio


def providers(settings: Settings) -> Mapping[str, SmsProvider | None]:
    """Returns all of them; None for one that there is nothing to believe by.

    Each that is configured is heard, also one that nothing is sent by any more: people still write
    STOP to the number they know.
    """
    country = settings.employer_country
    twilio = settings.twilio_auth_token
    return {
        "twilio": Twilio(twilio.get_secret_value(), country) if twilio else None,
    }
