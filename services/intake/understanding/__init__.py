"""What people and their programs write to us, in each language that we understand."""
