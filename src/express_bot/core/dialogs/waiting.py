"""Which cards still have to be sent, as SQL: the condition of their index and of every question about them."""

WAITING = "shown_rev < wanted_rev and failed_at is null"
