"""The rules of the plan: pure types and functions, to which time is an argument."""
