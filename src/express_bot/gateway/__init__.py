"""Express Bot API (port 5006): the async front door."""
