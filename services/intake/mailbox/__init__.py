"""What comes back to our mails: answers, returns, complaints, and the wish to hear no more."""
