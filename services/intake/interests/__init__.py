"""Who would like to talk, which recruiters hear of it, and how it ended."""
