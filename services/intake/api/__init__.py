"""The HTTP door for systems upstream: `/v1`, with API keys and problem documents."""

from services.intake.api.routes import ApiContext, routes

__all__ = ["ApiContext", "routes"]
