"""What people wrote to us that a human has still to read."""
