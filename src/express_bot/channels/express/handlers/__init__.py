"""What an event of eXpress leads to."""
