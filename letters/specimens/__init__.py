"""Specimens: letters to read before anybody gets one, each from a complaint played to that point."""
