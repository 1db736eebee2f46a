"""The activity that erases what has been kept for as long as charters say.

Owns the order, and that doing it again is safe: what goes on of a complaint on the server is ended first, then its key
is destroyed. What is held or still under way is told, and left for another night.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import structlog
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from activities.contracts import ERASE_SOME, Erased
from activities.keeping.files import files_of
from activities.keeping.retention import Retention
from charters.files import CharterBook
from domain.complaint.views.keeping import Due, Keeping
from domain.errors import UpholdError
from domain.vocabulary import WORKFLOW_ID_PREFIX, Role, State
from ledger.keys.holds import Act
from ledger.keys.keeping import erasing
from ledger.keys.keeping.erasing import CannotErase
from ledger.port import Ledger
from ledger.sql.ledger import SqlLedger

_log = structlog.stdlib.get_logger("keeping")
AT_ONCE: Final = 50
"""How many complaints one activity erases."""
_ANSWERS_WITHIN: Final = timedelta(seconds=2)
"""How long a complaint is waited for that does not say how it stands: all of one activity may be such."""
SCHEDULE: Final = "schedule"
"""The id of whoever erases where nobody does."""
Ends = Callable[[str], Awaitable[None]]
"""Ends what goes on of a complaint on the server. Raises `StillUnderWay`."""


class StillUnderWay(UpholdError):
    """The complaint goes on, a letter or a record of it is under way, or it does not say so: it is not ended now."""


class ErasingByRetention:
    """The activity that erases."""

    def __init__(
        self,
        ledger: Ledger,
        book: CharterBook,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ends: Ends | None = None,
    ) -> None:
        """`book` has the charters that hold now; `ends` is by default the server's of the activity."""
        self._ledger, self._book, self._now, self._ends = ledger, book, now, ends

    @activity.defn(name=ERASE_SOME)
    async def erase_some(self, after: str) -> Erased:
        """Erase so many complaints that are due, after that reference; says where to go on.

        Raises what the ledger does while it is away: nothing is half done, and it may be done again.
        """
        if not isinstance(self._ledger, SqlLedger):
            return Erased()  # it ends with its process, and keeps nothing
        now = self._now()
        retention = Retention(self._ledger, self._book, now)
        found = await retention.due(after, AT_ONCE)
        erased, kept = 0, []
        for each in found.due:
            if why := await self._erase(self._ledger, each, now):
                kept.append(f"{each.reference}: {why}")
            else:
                erased += 1
        if not after:
            kept += [f"{one.reference}: on hold for {by}" for one, by in await retention.held()]
        if erased or kept:
            _log.info("erased by retention", erased=erased, kept=kept)
        return Erased(erased, kept, found.after)

    async def _erase(self, ledger: SqlLedger, due: Due, now: datetime) -> str | None:
        """Why it was not erased, if it was not."""
        act = Act(
            reference=due.reference, what=Keeping.ERASE, at=now, actor_id=SCHEDULE,
            actor_name="The charter's retention", actor_role=Role.ADMINISTRATOR, reason=due.reason,
        )  # fmt: skip
        ends = self._ends or partial(end_on_server, activity.client())
        try:
            await ledger.reading(lambda c: erasing.require_erasable(c, due.reference))
            await ends(due.reference)
            files = await files_of(ledger, due.reference)
            await ledger.writing(lambda c: erasing.erase(c, act))
        except (CannotErase, StillUnderWay) as error:
            return str(error)
        if files:
            _log.warning("files that came by mail stay", reference=due.reference, files=files)
        return None


async def end_on_server(client: Client, reference: str) -> None:
    """End what goes on of a closed complaint. Raises `StillUnderWay`."""
    handle = client.get_workflow_handle(WORKFLOW_ID_PREFIX + reference)
    try:
        if (await handle.describe()).status != WorkflowExecutionStatus.RUNNING:
            return
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return
        raise
    try:
        status = await handle.query("status", rpc_timeout=_ANSWERS_WITHIN)
    except (WorkflowQueryFailedError, RPCError) as error:
        if isinstance(error, RPCError) and error.status == RPCStatusCode.UNAVAILABLE:
            raise  # it is the server that does not answer
        raise StillUnderWay(f"it does not say how it stands ({error})") from error
    if not isinstance(status, dict) or status.get("effects_owed", True):
        raise StillUnderWay("a letter or a record of it is under way")
    if status.get("state") != State.CLOSED:  # since the ledger was asked
        raise StillUnderWay(f"it goes on again, and is {status.get('state')}")
    await handle.terminate("erased")
