"""From facts to the words of a message: every sentence stands in the files of its language."""
