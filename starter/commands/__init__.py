"""The commands, a module for each or for a group of them.

None loads anything heavy before it is run, so that `uphold --help` and a verb wait for nothing but themselves.
"""
