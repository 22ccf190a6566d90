"""Which applications hold a place, as SQL: the condition of the limit's unique index and of every count by it."""

#: The same statuses as ``domain.workflow.ACTIVE``, said the other way round; a guard test holds the two together.
ACTIVE = "status not in ('withdrawn', 'rejected', 'revoked')"
