"""The HTTP door for systems upstream: `/v1`, with API keys and problem documents."""
