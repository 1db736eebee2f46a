"""What came by mail for a complaint that is erased: its files are named before, and what comes after holds up no mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from structlog.testing import capture_logs
from temporalio.client import Client

from activities.keeping.erasing import ErasingByRetention
from activities.keeping.files import files_of
from charters.files import CharterBook
from ledger.keys.keeping.erasing import erase
from mail.keeping import Attachments
from mail.message import Incoming
from mail.undelivered import Unplaced
from sealing.beside import RING
from sealing.data_keys import DataKeys
from sealing.ring import read_ring
from starter.client import Complaints
from starter.wire.mail_office import MailOffice
from tests.ledger.samples import entry, notice, opened, standing
from tests.sealing.test_keeping import LONG_AGO, NOW, a_hold, a_ledger, destroyed


async def test_files_that_came_by_mail_are_named_before_nobody_can_tell_whose_they_were(
    tmp_path: Path,
) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ann <ann@example.org>", "My bill"
    message.set_content(f"See the scan, and not\n- that of others: {'0f' * 32}")
    message.add_attachment(b"a scan", "application", "pdf", filename="bill: old.pdf")
    words = Attachments(tmp_path / "kept").on_record(Incoming(bytes(message), NOW))
    (kept,) = (file.name for file in (tmp_path / "kept").rglob("*") if file.is_file())

    async def end(_: str) -> None:
        return

    async with a_ledger(tmp_path) as ledger:
        stands = standing(1, "M", state="closed", closed_at=LONG_AGO, closed_how="accepted")
        first = opened("M", details=words)
        await ledger.record(entry(first, reference="M", standing=stands, clocks=()))
        assert await files_of(ledger, "M") == (kept,)
        erasing = ErasingByRetention(ledger, CharterBook(), now=lambda: NOW, ends=end)
        with capture_logs() as lines:
            assert (await erasing.erase_some("")).erased == 1
        said = [line for line in lines if line["event"] == "files that came by mail stay"]
        assert [(line["reference"], line["files"]) for line in said] == [("M", (kept,))]
        assert await destroyed(ledger, "M")
        ledger._keys.forget()  # type: ignore[union-attr]
        assert await files_of(ledger, "M") == ()


async def test_an_answer_to_a_letter_of_what_was_erased_holds_up_no_mail(tmp_path: Path) -> None:
    async with a_ledger(tmp_path) as ledger:
        stands = standing(1, "M", state="closed", closed_at=LONG_AGO, closed_how="accepted")
        letter = replace(notice(1), key="M/1/acknowledgement/customer", reference="M")
        first = entry(opened("M"), reference="M", standing=stands, clocks=(), notices=(letter,))
        await ledger.record(first)
        office = MailOffice(Complaints(cast("Client", None)), ledger, {})
        assert [each.notice.key for each in await office.letters("M")] == [letter.key]
        await ledger.writing(lambda c: erase(c, replace(a_hold("M")[1], what="erase")))
        ledger._keys.forget()  # type: ignore[union-attr]
        assert await office.letters("M") == ()
        sealing = DataKeys(read_ring(tmp_path / RING), ledger)
        office = MailOffice(cast("Complaints", SealsFor(sealing)), ledger, {})
        for sent in (office.send("record_contact", "M", {}), office.open({"reference": "M"})):
            with pytest.raises(Unplaced, match="Complaint M was erased on"):
                await sent


class SealsFor:
    """Sends nothing, and fails as a client does that seals what it sends."""

    def __init__(self, keys: DataKeys) -> None:
        self._keys = keys

    async def execute(self, verb: str, reference: str, fields: Mapping[str, Any]) -> None:
        del verb, fields
        await self._keys.of(reference)

    async def open(self, opening: Mapping[str, Any]) -> None:
        await self._keys.of(opening["reference"])
