"""A charter is pinned once with its calendar, or refused for good."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import CharterRequest
from activities.pinning import Charters
from charters.files import CharterBook
from domain.charter.rules import unpack
from ledger.memory import MemoryLedger
from tests.ledger.samples import REFERENCE, entry, opened

HOUSING = Path(__file__).parent.parent / "data" / "housing-code.toml"
GOOD = HOUSING.read_text(encoding="utf-8")
RECEIVED = datetime(2026, 11, 20, 16, 45, tzinfo=UTC)


class Kept(MemoryLedger):
    """A ledger that tells which charters it was given to keep."""

    def __init__(self) -> None:
        super().__init__()
        self.charters: list[tuple[str, bytes]] = []

    async def keep_charter(self, digest: str, packed: bytes) -> None:
        self.charters.append((digest, packed))


async def test_a_charter_is_pinned_with_its_calendar_and_kept_once() -> None:
    ledger = Kept()
    charters = Charters(CharterBook(), ledger)
    request = CharterRequest("financial-ombudsman", RECEIVED)

    packed = await ActivityEnvironment().run(charters.resolve_charter, request)
    again = await ActivityEnvironment().run(charters.resolve_charter, request)

    rules = unpack(packed)
    assert again == packed
    # What is asked of a sample, and what no clock keeps, is not the complaint's.
    whole = CharterBook().get("financial-ombudsman")
    assert whole.sample
    assert whole.commitments
    assert rules.charter == whole.model_copy(update={"sample": None, "commitments": ()})
    assert rules.calendar.time_zone == "Europe/London"
    assert ledger.charters == [(rules.digest, packed)]


async def test_another_worker_pins_the_same_bytes() -> None:
    request = CharterRequest("insolvency-service", RECEIVED)

    pinned = {
        await ActivityEnvironment().run(Charters(CharterBook(), Kept()).resolve_charter, request)
        for _ in range(2)
    }

    assert len(pinned) == 1


async def test_a_changed_charter_is_pinned_anew(tmp_path: Path) -> None:
    file = tmp_path / "housing-code.toml"
    file.write_text(GOOD)
    ledger = Kept()
    charters = Charters(CharterBook(tmp_path), ledger)
    request = CharterRequest("housing-code", RECEIVED)
    await charters.resolve_charter(request)

    file.write_text(GOOD.replace('version = "2024.1"', 'version = "2024.12"'))
    packed = await charters.resolve_charter(request)

    assert unpack(packed).charter.version == "2024.12"
    versions = [unpack(each).charter.version for _, each in ledger.charters]
    assert versions == ["2024.1", "2024.12"]


@pytest.mark.parametrize(
    ("charter_id", "received_at", "kind"),
    [
        ("nobody", RECEIVED, "UnknownCharter"),
        ("housing-code", RECEIVED, "CharterFaults"),
        ("customer-promise", datetime(2999, 1, 1, tzinfo=UTC), "BeyondCalendar"),
    ],
)
async def test_what_trying_again_cannot_mend_fails_for_good(
    charter_id: str, received_at: datetime, kind: str, tmp_path: Path
) -> None:
    (tmp_path / "housing-code.toml").write_text("")
    charters = Charters(CharterBook(tmp_path), Kept())

    with pytest.raises(ApplicationError) as raised:
        await charters.resolve_charter(CharterRequest(charter_id, received_at))

    assert (raised.value.type, raised.value.non_retryable) == (kind, True)


async def test_a_reference_that_is_on_record_is_not_opened_again() -> None:
    ledger = Kept()
    await ledger.record(entry(opened()))
    charters = Charters(CharterBook(), ledger)
    taken = CharterRequest("financial-ombudsman", RECEIVED, opens=REFERENCE)
    with pytest.raises(ApplicationError) as refused:
        await charters.resolve_charter(taken)
    assert (refused.value.type, refused.value.non_retryable) == ("ReferenceUsed", True)
    free = CharterRequest("financial-ombudsman", RECEIVED, opens="FO-2026-000124")
    assert await charters.resolve_charter(free)
