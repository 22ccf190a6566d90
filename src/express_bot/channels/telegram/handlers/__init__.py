"""What an update of Telegram leads to."""
