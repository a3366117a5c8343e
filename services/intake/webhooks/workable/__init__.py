"""Workable: how its web hooks are signed, and what they say."""
