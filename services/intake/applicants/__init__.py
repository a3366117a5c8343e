"""People who were turned down: who they are, what was decided, and what others learn of them."""
