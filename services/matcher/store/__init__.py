"""What the matcher knows and what it has to do, as tables: one module for what belongs together."""
