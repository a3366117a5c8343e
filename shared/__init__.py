"""What all services share: the contract between them, and the runtime under each."""
