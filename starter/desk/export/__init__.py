"""The case file that leaves the house: what is in it, how it is gathered, and the page of it."""
