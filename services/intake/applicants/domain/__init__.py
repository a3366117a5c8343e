"""The rules of the record: pure, and indifferent to the order in which things are heard."""
