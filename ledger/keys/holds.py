"""Holds: complaints that may not be erased, since an ombudsman or a court may ask for them.

Owns the shape of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Who keeps a complaint from being erased, and why."""

    reference: str
    by: str
    reason: str
    since: datetime
