"""Whom the matcher found for a vacancy, and what recruiters decide about them."""
