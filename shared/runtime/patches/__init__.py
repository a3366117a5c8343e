"""Changes to the libraries below us, each with the reason why it is needed."""
