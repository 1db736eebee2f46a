"""The matters of a complaint, one module each: its verbs, events, rules and words in one room.

Owns the list. A matter imports no other matter, and the complaint for its type only.
"""

from __future__ import annotations

from domain.complaint.feature import Matter
from domain.complaint.features.contact import timescale
from domain.complaint.features.contact.appointments import rules as appointments
from domain.complaint.features.contact.information import rules as information
from domain.complaint.features.dates import closures, corrections
from domain.complaint.features.dates import migrating as charter_change
from domain.complaint.features.ending import merging, survey
from domain.complaint.features.people import conflict, preferences, representation, restriction

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
