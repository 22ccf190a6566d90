"""Background work on the message queue: upkeep of periods, pruning; delivery comes to live here too."""
