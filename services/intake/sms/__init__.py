"""Text messages that people send us, and reports about ours."""
