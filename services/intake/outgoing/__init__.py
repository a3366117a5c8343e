"""What leaves for the systems that told us of somebody: what became of their applicants."""
