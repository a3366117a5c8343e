"""Those who can carry our text messages, by the name in `NOTYET_SMS_PROVIDER`."""

from collections.abc import Callable, Mapping
from typing import Literal

from services.notifier.channels import Carrier
from services.notifier.channels.http_sms import Account
from services.notifier.channels.twilio import Twilio

SmsProvider = Literal["twilio"]

CARRIERS: Mapping[SmsProvider, Callable[[Account], Carrier]] = {"twilio": Twilio}
