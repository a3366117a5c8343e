"""The contract between the services, and the plumbing that every one of them uses."""
