"""What other systems called us with: kept as it came, then made into events of ours."""
