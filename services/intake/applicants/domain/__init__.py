"""The rules of the record: pure, and indifferent to the order of events."""
