"""The way into Uphold from outside: the client for apps and the admin script for staff."""
