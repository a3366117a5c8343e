"""What all HTTP routes share: forms, problem documents, request metrics."""
