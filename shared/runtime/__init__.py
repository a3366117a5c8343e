"""The runtime: what every service is made of, whatever it does."""
