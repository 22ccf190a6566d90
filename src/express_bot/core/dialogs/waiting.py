"""Which cards still have to be sent, as SQL: the conditions of their index and of every question about them."""

WAITING = "shown_rev < wanted_rev and failed_at is null"
#: Handed out as a new message to somebody who has not told what became of it.
UNTOLD = "(external_id is null and lease_until is not null)"
