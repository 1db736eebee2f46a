"""What is kept for too long, and the record of what was done about it."""
