"""How commitments are kept that no clock can keep, and which of these ways are still to come.

Owns the word list of `kept-by`. Imports nothing of ours.
"""

from __future__ import annotations

from enum import StrEnum


class KeptBy(StrEnum):
    """How a commitment is kept that no clock can keep: each a behaviour of the engine, or to be one."""

    EXTENSION = "extension"
    EXEMPTION = "exemption"
    NOTICE = "notice"
    APOLOGY = "apology"
    SIGNPOST = "signpost"
    LADDER = "ladder"
    INDEPENDENCE = "independence"
    CONFLICT = "conflict"
    AUTHORITY = "authority"
    PAUSE = "pause"
    PREFERENCES = "preferences"
    REMEDIES = "remedies"
    INTAKE = "intake"
    APPOINTMENT = "appointment"
    MEASURE = "measure"
    SAMPLE = "sample"
    RESTRICTION = "restriction"
    SECURITY = "security"
    TIMESCALE = "timescale"


NOT_YET = frozenset(
    {
        KeptBy.SECURITY,
    }
)
"""Ways that a charter may name already and that the engine does not have yet."""
