"""The rules of privacy: pure functions of text."""
