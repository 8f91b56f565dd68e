"""What people fill in, and the messages that they get."""
