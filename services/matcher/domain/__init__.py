"""The matcher's rules: who may be listed, how they stand to what is asked, and in which order."""
