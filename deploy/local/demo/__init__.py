"""`notyet demo`: the story of two years, played by the real services on a clock that is moved."""
