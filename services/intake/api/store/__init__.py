"""The API's tables: keys, and requests with their answers."""
