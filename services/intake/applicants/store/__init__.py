"""The record's tables: one function a query, work done in sets, no rules and no commits."""
