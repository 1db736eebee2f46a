"""What people read: notices in words, how they are addressed, and how they leave."""
