"""How a language says dates, numbers, days off and how a date was counted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from charters.bank_holidays import REGIONS, bank_holidays
from domain.calendar.budget import Budget, Unit
from domain.calendar.counting import DayCount, due_day, explain
from domain.calendar.pinned import in_words
from domain.clocks.proof import count_facts, proof_of
from domain.vocabulary import Channel, ContactKind, Missing, Outcome, Topic
from letters.languages import language_for, languages
from letters.plain_text import clean
from letters.wording import environment, told, words_of
from tests.domain.playing.england import ENGLAND
from tests.domain.playing.stories import SHIPPED, Story, patient
from tests.letters.test_notices_of_stories import stories

DAYS = st.dates(date(1972, 1, 1), date(2199, 12, 31))
COUNTED = st.dates(date(2026, 1, 2), date(2027, 9, 1))
WEEK = [date(2026, 10, 5) + timedelta(days=n) for n in range(7)]


def said(template: str, language: str, **names: Any) -> str:
    return environment(language).from_string(template).render(names)


@given(DAYS)
def test_english_letters_and_staff_pages_say_a_day_alike(day: date) -> None:
    assert said("{{ day | day }}", "en", day=day.isoformat()) == in_words(day)


@given(DAYS)
def test_a_welsh_day_is_babels_with_a_small_letter_within_the_sentence(day: date) -> None:
    babels = format_date(day, "EEEE d MMMM y", locale="cy")
    found = said("{{ day | day }}", "cy", day=day)
    assert found == "d" + babels[1:]
    assert said("{{ day | day | soft }}", "cy", day=day) == "d" + found


def test_each_weekday_and_month_has_its_welsh_name() -> None:
    names = [said("{{ day | day }}", "cy", day=day).split()[1] for day in WEEK]
    assert names == ["Llun", "Mawrth", "Mercher", "Iau", "Gwener", "Sadwrn", "Sul"]
    months = [said("{{ d | short_day }}", "cy", d=date(2026, n, 1))[2:] for n in range(1, 13)]
    assert (
        months
        == (
            "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr"
        ).split()
    )


@pytest.mark.parametrize(
    ("number", "what", "english", "welsh"),
    [
        (1, "working-days", "1 working day", "1 diwrnod gwaith"),
        (2, "working-days", "2 working days", "2 ddiwrnod gwaith"),
        (10, "working-days", "10 working days", "10 diwrnod gwaith"),
        (2, "months", "2 months", "2 fis"),
        (3, "months", "3 months", "3 mis"),
        (1, "weekend", "1 weekend", "1 penwythnos"),
        (2, "weekend", "2 weekends", "2 benwythnos"),
        (3, "weekend", "3 weekends", "3 phenwythnos"),
        (6, "weekend", "6 weekends", "6 phenwythnos"),
        (1000, "days", "1,000 days", "1,000 diwrnod"),
    ],
)
def test_a_number_takes_its_noun_in_the_right_form(
    number: int, what: str, english: str, welsh: str
) -> None:
    assert said("{{ n | counted(what) }}", "en", n=number, what=what) == english
    assert said("{{ n | counted(what) }}", "cy", n=number, what=what) == welsh


def test_a_number_has_its_separators() -> None:
    assert said("{{ 12345 | number }}", "cy") == said("{{ 12345 | number }}", "en") == "12,345"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("table", "words"),
    [
        *(("topics", Topic), ("channels", Channel), ("outcomes", Outcome)),
        *(("missing", Missing), ("contact_kinds", ContactKind)),
    ],
)
def test_every_word_of_the_contract_has_its_words(
    table: str, words: type[StrEnum], language: str
) -> None:
    assert {str(word) for word in words} == words_of(language)[table].keys()


@pytest.mark.parametrize("region", REGIONS)
def test_every_bank_holiday_has_a_welsh_name(region: str) -> None:
    for name in set(bank_holidays(region, date(1972, 1, 1), date(2030, 12, 31)).values()):
        welsh = said("{{ name | closure }}", "cy", name=name)
        assert welsh != name
        assert "substitute" not in welsh
        assert said("{{ name | closure }}", "en", name=name) == name


@given(st.text(max_size=80))
def test_a_closure_that_nobody_knows_keeps_its_name(name: str) -> None:
    known = words_of("cy")["closures"]["names"]
    if not any(holiday in name for holiday in known):
        assert said("{{ name | closure }}", "cy", name=name) == clean(name)


@pytest.mark.parametrize(
    ("code", "english", "welsh"),
    [("cy", "Welsh", "Cymraeg"), ("en", "English", "Saesneg"), ("pl", "Polish", "Pwyleg"),
     ("xx", "xx", "xx"), ("zz", "zz", "zz"), ("", "", ""), ("../en", "../en", "../en")],
)  # fmt: skip
def test_a_language_has_its_name_in_each(code: str, english: str, welsh: str) -> None:
    assert said("{{ code | language_name }}", "en", code=code) == english
    assert said("{{ code | language_name }}", "cy", code=code) == welsh


def test_a_language_without_letters_falls_back_to_english() -> None:
    assert [language_for(wanted) for wanted in ("cy", "en", "pl", "..", "")] == [
        "cy", "en", "en", "en", "en",
    ]  # fmt: skip


# --- how a date was counted -----------------------------------------------------------------------


@st.composite
def counts(draw: st.DrawFn) -> DayCount:
    """A count of any kind, over bank holidays and an organisation's own closure."""
    start, unit = draw(COUNTED), draw(st.sampled_from(Unit))
    amount = 1 if unit is Unit.END_OF_NEXT_WORKING_DAY else draw(st.integers(0, 60))
    if unit is Unit.MONTHS:
        amount %= 3
    calendar = replace(ENGLAND, closed_day=draw(st.sampled_from(["earlier", "later"])))
    budget = Budget(unit, amount)
    return explain(calendar, start, due_day(calendar, start, budget), budget)


@given(counts())
def test_the_letter_tells_a_count_as_the_staff_page_does(count: DayCount) -> None:
    assert told(count_facts(count), "proof", "en") == f"{count.sentence()}."


@given(counts())
def test_the_facts_of_a_count_are_json_and_hardly_longer_than_its_sentence(
    count: DayCount,
) -> None:
    facts = json.dumps(count_facts(count), separators=(",", ":"))
    assert json.loads(facts) == count_facts(count)
    assert len(facts) < len(count.sentence()) + 120


@given(counts())
def test_a_count_is_told_in_welsh_to_the_last_word(count: DayCount) -> None:
    welsh = told(count_facts(count), "proof", "cy")
    assert in_welsh(count.due_day) in welsh
    assert not set(welsh.replace(",", " ").split()) & {
        "working", "day", "days", "from", "to", "not", "counted", "and", "on", "weekend", "the",
    }  # fmt: skip


def in_welsh(day: date) -> str:
    return said("{{ day | day }}", "cy", day=day)


@pytest.mark.parametrize("charter", SHIPPED)
def test_every_proof_of_a_story_reads_as_on_the_staff_page(charter: str) -> None:
    for story in stories(charter):
        for _, _, complaint, _ in story.steps:
            for clock in complaint.clocks:
                proof = proof_of(clock, complaint.rules)
                facts = proof.facts
                if facts is not None:
                    assert told(facts, "proof", "en") == proof.sentence


def test_a_count_with_everything_is_told_in_welsh() -> None:
    story = Story(received="2026-12-14 10:00", stage="manager", rules=patient()).do("acknowledge")
    story.at("2026-12-16 10:00").do("pause", review_on="2027-01-11").at("2026-12-18 10:00").do(
        "resume"
    )
    story.do("extend", new_due="2027-01-06")
    clock = story.clock("FO-8/reply")
    assert told(proof_of(clock, story.rules).facts, "proof", "cy") == (
        "11 diwrnod gwaith o ddydd Iau 17 Rhagfyr 2026 hyd at ddydd Mercher 6 Ionawr 2027; heb eu"
        " cyfrif: 3 phenwythnos, Dydd Nadolig: 25 Rhagfyr, Gŵyl San Steffan (diwrnod amgen): 28"
        " Rhagfyr, Dydd Calan: 1 Ionawr. O'r 13 diwrnod gwaith, defnyddiwyd 2 ddiwrnod cyn"
        " hynny. Roedd ein gwaith wedi'i oedi, ac nid yw'r dyddiau hyn yn cael eu cyfrif: dydd Iau"
        " 17 Rhagfyr 2026. Cyn bod angen mwy o"
        " amser, y dyddiad oedd dydd Iau 31 Rhagfyr 2026."
    )


def test_the_end_of_the_next_working_day_and_a_moved_day_are_told_in_welsh() -> None:
    next_day = explain(
        ENGLAND, date(2026, 10, 5), date(2026, 10, 6), Budget(Unit.END_OF_NEXT_WORKING_DAY, 1)
    )
    assert told(count_facts(next_day), "proof", "cy") == (
        "diwedd y diwrnod gwaith nesaf ar ôl dydd Llun 5 Hydref 2026, sef dydd Mawrth 6 Hydref 2026."
    )
    month = Budget(Unit.MONTHS, 1)
    moved = explain(ENGLAND, date(2026, 11, 25), due_day(ENGLAND, date(2026, 11, 25), month), month)
    assert told(count_facts(moved), "proof", "cy") == (
        "1 mis o ddydd Mercher 25 Tachwedd 2026 hyd at ddydd Iau 24 Rhagfyr 2026; symudwyd yn"
        " gynharach o ddydd Gwener 25 Rhagfyr 2026, pan fyddwn ar gau: Dydd Nadolig."
    )


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("fact", [None, "", {}])
def test_what_was_not_counted_is_not_told(fact: Any, language: str) -> None:
    assert told(fact, "proof", language) == ""
