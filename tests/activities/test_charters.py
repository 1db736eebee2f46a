"""A charter is found, and pinned once with its calendar."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.charter_files import (
    CharterBook,
    all_charters,
    find_charter,
)
from activities.charters import Charters, resolve
from activities.contracts import CharterRequest
from domain.calendar.counting import BeyondCalendar
from domain.charter.rules import unpack
from domain.complaint.views.status import Standing
from domain.errors import UnknownCharter
from tests.activities.ledger_samples import standing

HOUSING = Path(__file__).parent.parent / "data" / "housing-code.toml"
GOOD = HOUSING.read_text(encoding="utf-8")
SHIPPED = (
    "casework-standards",
    "customer-promise",
    "financial-conduct",
    "financial-ombudsman",
    "housing-code",
    "insolvency-service",
    "local-government-code",
    "nhs-complaints",
    "scottish-model",
)
RECEIVED = datetime(2026, 11, 20, 16, 45, tzinfo=UTC)


class Kept:
    """A ledger that only keeps charters, and knows which references are on record."""

    def __init__(self, *on_record: str) -> None:
        self.on_record = on_record
        self.charters: list[tuple[str, bytes, str, str]] = []

    async def keep_charter(self, digest: str, packed: bytes, charter_id: str, version: str) -> None:
        self.charters.append((digest, packed, charter_id, version))

    async def standing(self, reference: str) -> Standing | None:
        """How a complaint on record stands."""
        return standing(1) if reference in self.on_record else None


def test_the_charters_that_ship_are_known_and_without_fault() -> None:
    book = CharterBook()

    assert book.ids() == SHIPPED
    assert [book.get(charter_id).id for charter_id in SHIPPED] == list(SHIPPED)


def test_an_unknown_charter_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownCharter, match=r"no charter 'nobody'.*casework-standards, customer"):
        CharterBook().get("nobody")


def test_an_organisations_own_charter_goes_before_the_one_that_ships(tmp_path: Path) -> None:
    own = tmp_path / "customer-promise.toml"
    own.write_text(GOOD.replace('"housing-code"', '"customer-promise"'))

    assert find_charter("customer-promise", tmp_path) == own
    assert tuple(all_charters(tmp_path)) == SHIPPED
    assert CharterBook(tmp_path).get("customer-promise").charter.organisation == "Anytown Homes"


def test_a_folder_of_charters_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnknownCharter, match="is not a folder"):
        CharterBook(tmp_path / "nowhere").ids()


def test_a_charter_file_that_changes_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "housing-code.toml"
    file.write_text(GOOD)
    book = CharterBook(tmp_path)
    first = book.get("housing-code")
    assert book.get("housing-code") is first

    file.write_text(GOOD.replace('version = "2024.1"', 'version = "2024.2"'))
    os.utime(file, ns=(1, 1))

    assert book.get("housing-code").version == "2024.2"


def test_a_calendar_reaches_from_the_year_before_receipt_to_the_second_after_it() -> None:
    charter, calendar = resolve(CharterBook(), "financial-ombudsman", RECEIVED)

    assert charter.id == "financial-ombudsman"
    assert calendar.region == "england-and-wales"
    assert calendar.first_day == date(2025, 1, 1)
    assert calendar.last_day <= date(2028, 12, 31)


@pytest.mark.parametrize("year", [1, 1971, 2999, 9999])
def test_a_receipt_beyond_the_bank_holidays_known_is_an_error(year: int) -> None:
    with pytest.raises(BeyondCalendar):
        resolve(CharterBook(), "financial-ombudsman", datetime(year, 12, 31, tzinfo=UTC))


async def test_a_charter_is_pinned_with_its_calendar_and_kept_once() -> None:
    ledger = Kept()
    charters = Charters(CharterBook(), ledger)
    request = CharterRequest("financial-ombudsman", RECEIVED)

    packed = await ActivityEnvironment().run(charters.resolve_charter, request)
    again = await ActivityEnvironment().run(charters.resolve_charter, request)

    rules = unpack(packed)
    assert again == packed
    # What is asked of a sample is not the complaint's.
    whole = CharterBook().get("financial-ombudsman")
    assert whole.sample
    assert rules.charter == whole.model_copy(update={"sample": None})
    assert rules.calendar.time_zone == "Europe/London"
    assert ledger.charters == [(rules.digest, packed, "financial-ombudsman", "2026.1")]


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
    assert [version for _, _, _, version in ledger.charters] == ["2024.1", "2024.12"]


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


def test_a_refreshed_calendar_keeps_the_past_and_reaches_beyond_the_present() -> None:
    present = datetime(2028, 2, 1, tzinfo=UTC)
    _, calendar = resolve(CharterBook(), "financial-ombudsman", RECEIVED, present)
    assert calendar.first_day == date(RECEIVED.year - 1, 1, 1)
    assert calendar.last_day == date(2030, 12, 31)


async def test_a_reference_that_is_on_record_is_not_opened_again() -> None:
    charters = Charters(CharterBook(), Kept("FO-2026-000123"))
    taken = CharterRequest("financial-ombudsman", RECEIVED, opens="FO-2026-000123")
    with pytest.raises(ApplicationError) as refused:
        await charters.resolve_charter(taken)
    assert (refused.value.type, refused.value.non_retryable) == ("ReferenceUsed", True)
    free = CharterRequest("financial-ombudsman", RECEIVED, opens="FO-2026-000124")
    assert await charters.resolve_charter(free)
