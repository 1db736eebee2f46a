"""The pure core: charters, clocks, the ladder and the decisions.

Nothing here does I/O, reads a clock, draws a random number or imports `temporalio`; everything is
a plain function over frozen values, so that a complaint can be replayed, simulated and tested
without a server. Owns how those values are made (`value`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

__all__ = ["value"]

if TYPE_CHECKING:
    from dataclasses import dataclass as value
else:

    def value(*, frozen: bool, **how: Any) -> Callable[[type], type]:
        """The decorator `dataclass`, whose `frozen` is kept by the check of types and not at run time.

        Python asks a frozen one for each field whether it may be set: then making values was an
        eighth of what the core does, and the largest part of it.
        """
        return dataclass(unsafe_hash=frozen, **how)
