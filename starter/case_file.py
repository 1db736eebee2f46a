"""Owns the case file: what the complaint says of itself, and what the ledger holds of it.

The running complaint comes first; where it cannot be asked any more (the server keeps ended ones
only for a while), the ledger alone serves. Must not print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from activities.ledger import Ledger, LedgerError, NoticeOnRecord
from domain.complaint.features.remedies.remedy_standing import RemedyStanding
from domain.complaint.views.timeline import row
from engine.errors import ServerUnavailable
from starter.client import Complaints
from starter.errors import NotAnswered, UnknownComplaint
from starter.status import Status


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One complaint, complete."""

    status: Status
    notices: tuple[NoticeOnRecord, ...]
    running: bool
    """Whether the complaint itself answered; if not, this is from the ledger alone."""
    remarks: tuple[str, ...]
    """What could not be asked, for the reader."""
    remedies: tuple[RemedyStanding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same as JSON: the status, with `notices`, `remedies` and `source`."""
        return {
            **self.status.model_dump(mode="json"),
            "notices": [_notice(each) for each in self.notices],
            "remedies": [asdict(each) for each in self.remedies],
            "source": "complaint" if self.running else "ledger",
        }


async def read_case_file(
    complaints: Complaints | ServerUnavailable, ledger: Ledger, reference: str
) -> CaseFile:
    """The case file of a complaint. Raises `UnknownComplaint` if neither knows it.

    `complaints` is the reason if there is no server to ask; the ledger may serve all the same.
    """
    remarks: list[str] = []
    status = await _from_complaint(complaints, reference, remarks)
    notices: Sequence[NoticeOnRecord] = ()
    remedies: tuple[RemedyStanding, ...] = ()
    running = status is not None
    try:
        if status is None:
            status = await _from_ledger(ledger, reference)
        notices = await ledger.notices(reference)
        remedies = await ledger.remedies.of(reference)
    except LedgerError as error:
        remarks.append(f"The ledger could not be asked: {error}")
    if status is None:
        if isinstance(complaints, ServerUnavailable):
            raise complaints
        raise UnknownComplaint(
            " ".join([f"No complaint {reference} is known to the server or the ledger.", *remarks])
        )
    return CaseFile(status, tuple(notices), running, tuple(remarks), remedies)


async def _from_complaint(
    complaints: Complaints | ServerUnavailable, reference: str, remarks: list[str]
) -> Status | None:
    if isinstance(complaints, ServerUnavailable):
        remarks.append(f"This is from the ledger alone. {complaints}")
        return None
    try:
        return await complaints.status(reference)
    except UnknownComplaint:
        return None
    except (NotAnswered, ServerUnavailable) as error:
        remarks.append(f"This is from the ledger alone. {error}")
        return None


async def _from_ledger(ledger: Ledger, reference: str) -> Status | None:
    standing = await ledger.standing(reference)
    if standing is None:
        return None
    events, clocks = await ledger.events(reference), await ledger.clocks(reference)
    timeline = [row(event) for event in events]
    return Status.model_validate({**asdict(standing), "clocks": clocks, "timeline": timeline})


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
        "delivered_at": fate.delivered_at,
        "where": fate.where,
        "reason": fate.reason,
    }
