"""Owns the charter files that ship with the product; holds no code."""
