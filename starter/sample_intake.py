"""Owns recording a filled-in form: each case once, each wrong row refused with its reason.

Must not import `temporalio`.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.complaint.commands import Actor
from domain.errors import InvalidCommand, Refused
from domain.quality.sampling import Sample, check_role
from starter.rows import Row
from starter.sample_desk import Recorded, SampleDesk
from starter.sample_forms import filled, read_form

PASSED_OVER: Final = "passed over"
REFUSED_ROWS: Final = "refused"


@dataclass(frozen=True, slots=True)
class FormIntake:
    """Records the rows of one form."""

    desk: SampleDesk
    sample: Sample
    refuse: Callable[[Row, str], None]
    reviewer: Actor

    async def take(self, name: str, stream: io.BufferedReader, now: datetime) -> dict[str, int]:
        """Record every row, and say how many became what.

        Raises `WrongRole` before the first one, and `IntakeError` for what is no form.
        """
        check_role(self.reviewer.role)
        tally = Counter(dict.fromkeys((*Recorded, PASSED_OVER, REFUSED_ROWS), 0))
        seen: set[str] = set()
        for row in read_form(name, stream, self.sample):
            try:
                tally[await self._take_one(row, seen, now)] += 1
            except Refused as error:
                tally[REFUSED_ROWS] += 1
                self.refuse(row, str(error))
        return {str(word): count for word, count in tally.items()}

    async def _take_one(self, row: Row, seen: set[str], now: datetime) -> str:
        found = filled(row)
        if found.reference in seen:
            raise InvalidCommand(
                f"reference: {found.reference} stands earlier in the file.",
                "Allowed: one row for each case.",
            )
        seen.add(found.reference)
        self.sample.item(found.reference)
        if found.blank:
            return PASSED_OVER
        return await self.desk.record(
            self.sample, found.reference, found.given, found.note, self.reviewer, now
        )
