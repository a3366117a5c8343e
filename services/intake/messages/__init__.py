"""How our messages to people ended."""
