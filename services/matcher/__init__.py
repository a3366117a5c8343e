"""The matcher: everything that a vacancy makes relevant."""
