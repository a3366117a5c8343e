"""The whole system on one machine, from wheels alone: no Docker, no Java, nothing installed."""
