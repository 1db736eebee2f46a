"""A sector's code runs from its data file alone: clocks from other clocks, limits, a fresh reviewer."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

from domain.charter import Charter
from domain.errors import ExtensionRefused
from domain.rules import pack, unpack
from tests.domain.england import ENGLAND
from tests.domain.housing_code import GOOD
from tests.domain.stories import Story

RULES = unpack(pack(Charter.model_validate(tomllib.loads(GOOD)), ENGLAND))


def story(**fields: Any) -> Story:
    return Story(rules=RULES, **fields)


def test_the_answer_is_counted_from_the_acknowledgement() -> None:
    told = story()
    assert told.due("HO-1") == date(2026, 10, 12)
    assert told.clocks("HO-2") == []

    told.at("2026-10-08 15:00").do("acknowledge")

    assert told.states("HO-1") == ["met"]
    assert told.due("HO-2") == date(2026, 10, 22)


def test_a_late_acknowledgement_starts_the_answer_all_the_same() -> None:
    told = story().at("2026-10-14 11:00").do("acknowledge")

    assert told.clocks("HO-1")[0].state == "missed"
    assert told.due("HO-2") == date(2026, 10, 28)


def test_an_answer_without_acknowledgement_leaves_nothing_running() -> None:
    told = story().at("2026-10-06 10:00").do("reply")

    assert told.states("HO-1") == ["stopped"]
    assert told.clocks("HO-2") == []


def test_the_second_stage_counts_from_its_own_acknowledgement() -> None:
    told = story().at("2026-10-06 10:00").do("acknowledge").do("reply")
    told.at("2026-10-12 10:00").do("escalate", "customer", to="manager")
    assert told.due("HO-3/acknowledge") == date(2026, 10, 19)

    told.at("2026-10-14 10:00").do("acknowledge")

    assert told.due("HO-3/reply") == date(2026, 11, 11)


def test_an_extension_goes_no_further_than_the_code_allows() -> None:
    told = story().at("2026-10-05 11:00").do("acknowledge")
    assert told.due("HO-2") == date(2026, 10, 19)

    assert isinstance(told.refused("extend", new_due="2026-11-03"), ExtensionRefused)
    told.do("extend", new_due="2026-11-02")
    assert told.due("HO-2") == date(2026, 11, 2)
    assert isinstance(told.refused("extend", new_due="2026-11-04"), ExtensionRefused)


def test_no_pause_moves_the_overall_limit() -> None:
    told = story().at("2026-10-05 11:00").do("acknowledge")
    told.at("2026-10-06 10:00").do("pause", review_on="2026-12-14")

    told.at("2026-12-15 10:00").do("resume")

    # nine working days are left, to 30 December; twelve weeks from receipt end on a bank holiday
    assert told.due("HO-2") == date(2026, 12, 24)


def test_the_overall_limit_holds_while_the_clock_is_paused() -> None:
    told = story().at("2026-10-05 11:00").do("acknowledge")
    told.at("2026-10-06 10:00").do("pause", review_on="2026-12-14")

    told.at("2026-12-24 18:00")

    assert told.clocks("HO-2")[0].state == "missed"
    assert told.clocks("HO-2")[0].due_when_ended == date(2026, 12, 24)
