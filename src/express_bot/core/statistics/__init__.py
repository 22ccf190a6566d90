"""Statistics Engine: deltas of every change, rollups they are folded into, and answers exact at any moment."""
