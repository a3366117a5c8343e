"""What becomes of our mails, as whoever carries them tells."""
