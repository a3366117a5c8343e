"""How events that were sent over HTTP are recorded before they are answered, whoever sent them."""
