"""The scheduler's tables: who is known, what is planned for them, and what operators look at."""
