"""Who mail is told to, written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.notices import Notice, NoticeKind, Recipient, RecipientKind
from ledger.port import NoticeFate, NoticeOnRecord, NoticeState
from mail.desk import Desk
from mail.keeping import Attachments, Openings, Tray
from mail.undelivered import Unplaced
from tests.mail.samples import ANN, BOUNCES, LETTER, OURS, REFERENCE

OWED_AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
FRIEND = "friend@helper.example"


def letter(key: str, kind: RecipientKind, name: str, email: str | None) -> NoticeOnRecord:
    """A letter on record."""
    person = Recipient(kind, name, email)
    notice = Notice(key, NoticeKind.ACKNOWLEDGEMENT, REFERENCE, 2, person, {})
    fate = NoticeFate(key=key, state=NoticeState.DELIVERED)
    return NoticeOnRecord(notice=notice, owed_at=OWED_AT, fate=fate)


class Notebook:
    """Knows one complaint with two letters; each command id is done once, as complaints have it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.opened: dict[str, dict[str, Any]] = {}
        self.lost: dict[str, str] = {}
        self.refuses: str | None = None
        self.breaks: Exception | None = None
        self.known: dict[str, tuple[NoticeOnRecord, ...]] = {
            REFERENCE: (
                letter(LETTER, RecipientKind.CUSTOMER, "Ann Other", ANN),
                letter(
                    f"{REFERENCE}/2/acknowledgement/representative",
                    RecipientKind.REPRESENTATIVE,
                    "A Friend",
                    FRIEND,
                ),
            )
        }

    async def knows(self, reference: str) -> bool:
        return reference in self.known

    async def letters(self, reference: str) -> tuple[NoticeOnRecord, ...]:
        return self.known.get(reference, ())

    async def send(self, verb: str, reference: str, fields: Mapping[str, Any]) -> None:
        if self.breaks:
            raise self.breaks
        if self.refuses:
            raise Unplaced(self.refuses)
        if fields["command_id"] not in [said["command_id"] for _, _, said in self.sent]:
            self.sent.append((verb, reference, dict(fields)))

    async def open(self, opening: Mapping[str, Any]) -> None:
        if self.breaks:
            raise self.breaks
        if self.opened.setdefault(opening["reference"], dict(opening)) != opening:
            raise Unplaced(f"{opening['reference']} was opened before, with other words.")

    async def is_undelivered(self, key: str) -> bool:
        return key in self.lost

    async def undelivered(self, key: str, reason: str) -> None:
        self.lost[key] = reason


def desk(notebook: Notebook, folder: Path, secret: str | None = None) -> Desk:
    """A desk of the council's, which keeps what it keeps in that folder."""
    return Desk(
        notebook,
        Attachments(folder / "attachments"),
        Tray(folder / "tray"),
        Openings(folder / "openings", 5),
        own_address=OURS,
        replies=OURS,
        bounces=BOUNCES,
        secret=secret,
        charters={"housing@council.example": "housing", "tax@council.example": "council-tax"},
        staff=frozenset({"manager@council.example"}),
    )
