"""What time makes due: every word to a candidate goes through the plan that is kept here."""
