"""What a mail that came back says, read without any I/O and in linear time."""
