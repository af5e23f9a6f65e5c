"""What is said: posting, history, unread."""
