"""Text messages are sent by a provider of which all is said, or not at all."""

from itertools import combinations
from typing import Any

import pytest
from pydantic import ValidationError

from services.notifier.settings import Settings

NEEDED = {
    "database_url": "postgresql://notifier@database/notyet",
    "kafka_bootstrap_servers": "kafka:9092",
    "quarantine_key": "k",
    "link_key": "k",
    "suppression_key": "k",
    "probe_port": 0,
    "mail_from": "jobs@hartmann.example",
    "smtp_host": "mail.hartmann.example",
}
TEXTING = {
    "sms_provider": "twilio",
    "sms_account": "AC1",
    "sms_token": "secret",
    "sms_sender": "+15005550006",
}


@pytest.mark.parametrize("texting", [{}, TEXTING], ids=["none", "all"])
def test_none_or_all_of_a_provider_is_said(texting: dict[str, Any]) -> None:
    assert Settings.model_validate(NEEDED | texting).sms_provider == texting.get("sms_provider")


@pytest.mark.parametrize("said", [one for n in (1, 2, 3) for one in combinations(TEXTING, n)])
def test_a_provider_of_which_a_part_is_left_out_is_refused(said: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError, match="text messages need all of NOTYET_SMS_PROVIDER"):
        Settings.model_validate(NEEDED | {name: TEXTING[name] for name in said})


@pytest.mark.parametrize("url", ["api.twilio.com", "ftp://api.twilio.com", "https://", ""])
def test_an_address_to_which_nothing_could_be_sent_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="sms_base_url"):
        Settings.model_validate(NEEDED | TEXTING | {"sms_base_url": url})


def test_a_provider_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="sms_provider"):
        Settings.model_validate(NEEDED | TEXTING | {"sms_provider": "pigeons"})
