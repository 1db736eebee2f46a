"""The matters of a complaint, one module each: its verbs, events, rules and words in one room.

Owns the list. A matter imports no other matter, and the complaint for its type only.
"""

from __future__ import annotations

from domain.matter import Matter
from domain.matters import (
    appointments,
    charter_change,
    closures,
    conflict,
    corrections,
    information,
    merging,
    preferences,
    representation,
    restriction,
    survey,
    timescale,
)

MATTERS: tuple[Matter, ...] = (
    corrections.MATTER,
    merging.MATTER,
    closures.MATTER,
    charter_change.MATTER,
    survey.MATTER,
    appointments.MATTER,
    information.MATTER,
    representation.MATTER,
    preferences.MATTER,
    restriction.MATTER,
    conflict.MATTER,
    timescale.MATTER,
)
"""Every matter, in the order in which their verbs are listed."""
