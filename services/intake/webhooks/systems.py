"""Every kind of system that can call us, by the name that operators give it."""

from collections.abc import Mapping
from typing import Any

from services.intake.webhooks.adapter import Adapter
from services.intake.webhooks.greenhouse.hooks import Greenhouse
from services.intake.webhooks.hints import Api
from services.intake.webhooks.standard_webhooks import StandardWebhooks

SYSTEMS: Mapping[str, Adapter[Any]] = {
    "generic": StandardWebhooks(),
    "greenhouse": Greenhouse(),
}

APIS: Mapping[str, Api] = {}
"""Of those whose calls are only hints."""
