"""What those who carry our mails call: what became of each of them."""
