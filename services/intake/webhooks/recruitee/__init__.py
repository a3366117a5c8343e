"""Recruitee, of Tellent: how its web hooks are signed, and what they say."""
