"""Takes in every e-mail and SMS the local stack sends, and shows each as its reader sees it."""
