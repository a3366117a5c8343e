"""API keys: who may come in over `/v1`, and for which source."""
