"""One folder per messenger, both directions."""
