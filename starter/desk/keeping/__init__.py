"""What is kept under which key, for how long, and who may erase it."""
