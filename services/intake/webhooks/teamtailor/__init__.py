"""Teamtailor: how its web hooks are signed, what its API tells, and what both mean."""
