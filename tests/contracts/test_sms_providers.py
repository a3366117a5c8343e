"""Whoever carries our text messages is heard: nobody may say STOP in vain."""

from typing import Any, get_args

from pydantic import SecretStr

from services.intake.settings import Settings
from services.intake.webhooks.sms.providers import providers
from services.notifier.channels.sms_providers import CARRIERS, SmsProvider


def test_a_provider_that_can_be_sent_by_can_be_heard() -> None:
    fields = Settings.model_fields.items()
    secrets: dict[str, Any] = {
        name: SecretStr("x") for name, it in fields if it.annotation == SecretStr | None
    }
    heard = providers(Settings.model_construct(**secrets))
    assert {name for name in CARRIERS if heard.get(name) is None} == set()


def test_a_provider_that_can_be_named_can_be_sent_by() -> None:
    assert set(get_args(SmsProvider)) == set(CARRIERS)
