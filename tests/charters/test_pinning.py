"""A charter is found, and read again when its file changes; its calendar reaches far enough."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from charters.files import CharterBook, all_charters, find_charter
from charters.pinning import pinned_rules
from domain.calendar.pinned import BeyondCalendar
from domain.errors import UnknownCharter

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
    rules = pinned_rules(CharterBook(), "financial-ombudsman", RECEIVED)
    calendar = rules.calendar

    assert rules.charter.id == "financial-ombudsman"
    assert calendar.region == "england-and-wales"
    assert calendar.first_day == date(2025, 1, 1)
    assert calendar.last_day <= date(2028, 12, 31)


@pytest.mark.parametrize("year", [1, 1971, 2999, 9999])
def test_a_receipt_beyond_the_bank_holidays_known_is_an_error(year: int) -> None:
    with pytest.raises(BeyondCalendar):
        pinned_rules(CharterBook(), "financial-ombudsman", datetime(year, 12, 31, tzinfo=UTC))


def test_a_refreshed_calendar_keeps_the_past_and_reaches_beyond_the_present() -> None:
    present = datetime(2028, 2, 1, tzinfo=UTC)
    calendar = pinned_rules(CharterBook(), "financial-ombudsman", RECEIVED, present).calendar
    assert calendar.first_day == date(RECEIVED.year - 1, 1, 1)
    assert calendar.last_day == date(2030, 12, 31)
