"""What we hold about somebody, for themselves: to read, to take along, to put right."""
