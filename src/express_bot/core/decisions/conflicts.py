"""What deserves a look before a decision (ux D6), as SQL: for the queue, and for the dispatchers' digest.

The conditions speak of an application ``a``, its owner ``u`` and its period ``p``.
"""

#: An own direction that nobody has mapped to a code of the list.
UNMAPPED = "(a.direction is null and a.answers -> 'direction' ? 'other')"
#: What the application says of its owner is not what their profile says by now.
STALE_PROFILE = "({})".format(
    " or ".join(
        f"a.{name} is not null and a.{name} is distinct from u.profile ->> '{name}'"
        for name in ("location", "unit", "position")
    )
)
#: Filed after its period had closed.
LATE = "coalesce(a.filed_at >= p.closes_at, false)"
#: Their codes, those that hold.
FOUND = f"""
    array_remove(array[case when {UNMAPPED} then 'unmapped' end, case when {STALE_PROFILE} then 'stale_profile' end,
        case when {LATE} then 'late' end], null)
"""
ANY = f"({UNMAPPED} or {STALE_PROFILE} or {LATE})"
