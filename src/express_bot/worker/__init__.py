"""Background work: upkeep of periods, pruning, delivery."""
