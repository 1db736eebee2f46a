"""The matters of a complaint, one module each: its verbs, events, rules and words in one room.

Owns the list. A matter imports no other matter, and the complaint for its type only.
"""

from __future__ import annotations

from domain.matter import Matter

MATTERS: tuple[Matter, ...] = ()
"""Every matter, in the order in which their verbs are listed."""
