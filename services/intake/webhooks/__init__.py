"""What other systems call: one module for each."""
