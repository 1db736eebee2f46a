"""The mark of texts that hold nothing personal and are to be read on Temporal's own pages.

Imports nothing, so that a workflow may.
"""

from __future__ import annotations

from typing import Final


class InTheClear(str):
    """A text that is never sealed: a summary for operators."""

    __slots__ = ()


MARK: Final = "uphold-clear"
"""The metadata that such a text carries as a payload."""
