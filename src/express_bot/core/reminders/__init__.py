"""What a period has people told on its own account: its marks, and what people said about being reminded."""
