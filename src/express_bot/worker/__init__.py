"""Background work: the message queue with its relay, notifications, the scheduler, upkeep."""
