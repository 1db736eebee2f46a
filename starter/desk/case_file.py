"""The case file: what the complaint says of itself, and what the ledger holds of it.

The running complaint comes first; where it cannot be asked any more (the server keeps ended ones
only for a while), the ledger alone serves. Must not print.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from domain.errors import Refused
from engine.errors import EngineError, ServerUnavailable
from ledger.errors import LedgerError
from ledger.port import Ledger, NoticeOnRecord, NoticeState, RemedyListing, every
from ledger.sql.opened import OpenedLedger
from starter.wire.errors import StarterError, UnknownComplaint
from starter.wire.sender import Sender
from starter.wire.status import Status


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One complaint, complete."""

    status: Status
    notices: tuple[NoticeOnRecord, ...]
    running: bool
    """Whether the complaint itself answered; if not, this is from the ledger alone."""
    remarks: tuple[str, ...]
    """What could not be asked, for the reader."""

    def as_json(self) -> dict[str, Any]:
        """The same as JSON: the status, with `notices` and `source`."""
        return {
            **self.status.model_dump(mode="json"),
            "notices": [_notice(each) for each in self.notices],
            "source": "complaint" if self.running else "ledger",
        }


async def read_case_file(
    connecting: Awaitable[Sender], ledger: Ledger | OpenedLedger, reference: str
) -> CaseFile:
    """The case file of a complaint; the ledger may serve where there is no server to ask.

    Raises `UnknownComplaint` if neither knows it, `ServerUnavailable` if the ledger does not.
    """
    remarks: list[str] = []
    unasked: Exception | None = None
    status: Status | None = None
    try:
        status = Status.model_validate(await (await connecting).standing(reference))
    except UnknownComplaint:
        pass
    except (StarterError, EngineError, Refused) as error:
        unasked = error
        remarks.append(f"This is from the ledger alone. {error}")
    notices: Sequence[NoticeOnRecord] = ()
    running = status is not None
    try:
        if status is None:
            status = await _from_ledger(ledger, reference)
        notices = await ledger.notices(reference)
    except LedgerError as error:
        remarks.append(f"The ledger could not be asked: {error}")
    if status is None:
        if isinstance(unasked, ServerUnavailable):
            raise unasked
        raise UnknownComplaint(
            " ".join([f"No complaint {reference} is known to the server or the ledger.", *remarks])
        )
    return CaseFile(status, tuple(notices), running, tuple(remarks))


async def _from_ledger(ledger: Ledger | OpenedLedger, reference: str) -> Status | None:
    standing = await ledger.standing(reference)
    if standing is None:
        return None
    # Loaded where they are needed: they name every event there is.
    from domain.complaint.features.ending.linking import links_of
    from domain.complaint.views.timeline import row

    events, clocks = await ledger.events(reference), await ledger.clocks(reference)
    timeline = [row(event) for event in events]
    undertaken = RemedyListing(reference=reference, settled=None)
    remedies = [each async for each in every(ledger.remedies, undertaken)]
    return Status.model_validate(
        {
            **asdict(standing),
            "clocks": clocks,
            "remedies": sorted(remedies, key=lambda each: each.number),
            "timeline": timeline,
            "linked": links_of(events),
        }
    )


def _notice(each: NoticeOnRecord) -> dict[str, Any]:
    notice, fate = each.notice, each.fate
    return {
        "key": notice.key,
        "kind": notice.kind,
        "event": notice.event,
        "to": {"kind": notice.recipient.kind, "name": notice.recipient.name},
        "channel": notice.recipient.channel,
        "state": fate.state,
        "owed_at": each.owed_at,
        "delivered_at": fate.at if fate.state is NoticeState.DELIVERED else None,
        "where": fate.detail if fate.state is NoticeState.DELIVERED else None,
        "reason": fate.detail
        if fate.state in {NoticeState.REFUSED, NoticeState.UNDELIVERED}
        else None,
    }
