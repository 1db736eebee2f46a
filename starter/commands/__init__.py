"""Owns the commands of the admin script, one module for each group of them."""
