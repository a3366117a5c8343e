"""What candidates answer: their consents, stops, pauses and closed gaps."""
