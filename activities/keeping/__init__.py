"""What was kept for as long as charters say: found, and erased."""
