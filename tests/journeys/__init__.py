"""Journeys through all four services, as real processes."""
