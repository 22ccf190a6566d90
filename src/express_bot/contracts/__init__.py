"""What travels between rooms: shapes, error codes, event names."""
