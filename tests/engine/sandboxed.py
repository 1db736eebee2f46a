"""A workflow that uses what complaints' workflows use, to be run inside the sandbox."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from temporalio import workflow

import domain.errors
import engine.search_attributes
from domain.errors import UnknownCharter
from engine.search_attributes import CHARTER


@workflow.defn(name="Sandboxed")
class Sandboxed:
    """Tells whether the modules that it sees are those of the process."""

    @workflow.run
    async def run(self, day: date, length: timedelta) -> dict[str, object]:
        workflow.upsert_search_attributes([CHARTER.value_set("customer-promise")])
        return {
            "due": datetime(day.year, day.month, day.day, tzinfo=UTC) + length,
            "errors": id(domain.errors.UnknownCharter) == id(UnknownCharter) and id(UnknownCharter),
            "attributes": id(engine.search_attributes.CHARTER),
        }
