"""What is derived from a complaint: once for each, since a complaint never changes.

Owns where that is kept: with the complaint, which is neither compared nor copied by it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from domain.complaint.state import Complaint

Derived = TypeVar("Derived")


def once(derive: Callable[[Complaint], Derived]) -> Callable[[Complaint], Derived]:
    """The same function, which looks only once at the same complaint. What it raises is not kept."""
    name = derive.__qualname__

    @wraps(derive)
    def derived(complaint: Complaint) -> Derived:
        known = complaint.known
        if name in known:
            found: Derived = known[name]
            return found
        known[name] = found = derive(complaint)
        return found

    return derived
