"""FO-16: every month a sample of closed complaints is looked at, the same wherever it is drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.months import Month
from domain.charter.feature_tables import SampleCheck
from domain.complaint.commands import Actor
from domain.complaint.features.handling.acknowledging import Acknowledged
from domain.complaint.features.handling.allocation import Allocated, Reassigned
from domain.errors import InvalidCommand, NotIndependent, Refused, WrongRole
from domain.quality.sampling import (
    Answer,
    Candidate,
    Item,
    Recipe,
    Sample,
    answers,
    check_month_over,
    check_replaceable,
    check_reviewer,
    check_role,
    difference,
    draw,
    findings,
    involved,
)
from domain.vocabulary import ReassignReason, Role
from domain.wire import Handler

OCTOBER = Month(2026, 10)
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CHECKLIST = tuple(
    SampleCheck(id=name, text=f"It was {name}.", source="page.txt")
    for name in ("introduced", "acknowledged", "explained")
)

GOLDEN = ["FO-2026-000058", "FO-2026-000042", "FO-2026-000004", "FO-2026-000092", "FO-2026-000100"]
"""Drawn from FO-2026-000001 to FO-2026-000100: it may never come out otherwise."""


def recipe(**changed: Any) -> Recipe:
    given: dict[str, Any] = {
        "charter": "financial-ombudsman", "month": OCTOBER, "seed": "", "size": 5, "per_handler": 1
    }  # fmt: skip
    return Recipe(**{**given, **changed})


def closed(number: int, handler: str | None = "h.jones", how: str = "accepted") -> Candidate:
    return Candidate(reference=f"FO-2026-{number:06}", handler_id=handler, closed_how=how)


def sample(*items: Item, **changed: Any) -> Sample:
    return Sample(
        recipe=recipe(**changed), checklist=CHECKLIST, population=40, drawn_at=AT, items=items
    )


def references(drawn: Any) -> list[str]:
    return [each.reference for each in drawn]


POPULATIONS = st.lists(
    st.builds(
        closed,
        st.integers(0, 400),
        st.sampled_from([None, "h.jones", "H.Jones", "a.khan", "b.li", "c.owen", "d.silva"]),
        st.sampled_from(["accepted", "withdrawn", "window-closed", "out-of-scope"]),
    ),
    max_size=80,
    unique_by=lambda each: each.reference,
)
RECIPES = st.builds(
    recipe,
    size=st.integers(1, 30),
    per_handler=st.integers(0, 4),
    seed=st.text(max_size=4),
    month=st.builds(Month, st.integers(2000, 2100), st.integers(1, 12)),
)


def test_fo_16_the_same_complaints_give_this_sample_for_ever() -> None:
    drawn = draw(recipe(), [closed(number) for number in range(1, 101)])
    assert references(drawn) == GOLDEN


@given(RECIPES, POPULATIONS, st.randoms())
def test_fo_16_the_order_in_which_complaints_are_found_changes_nothing(
    by: Recipe, population: list[Candidate], chance: Any
) -> None:
    shuffled = list(population)
    chance.shuffle(shuffled)
    assert draw(by, shuffled) == draw(by, population)
    assert draw(by, [*population, *population]) == draw(by, population)


@given(RECIPES, POPULATIONS)
def test_fo_16_every_handlers_work_is_looked_at(by: Recipe, population: list[Candidate]) -> None:
    eligible = [each for each in population if each.eligible]
    drawn = draw(by, population)

    def whose(each: Candidate) -> str | None:
        return each.handler_id.casefold() if each.handler_id else None

    certain = 0
    for handler in {whose(each) for each in eligible}:
        theirs = sum(whose(each) == handler for each in eligible)
        wanted = min(theirs, by.per_handler)
        certain += wanted
        assert sum(whose(each) == handler for each in drawn) >= wanted
    assert len(drawn) == max(certain, min(by.size, len(eligible)))
    assert len(set(references(drawn))) == len(drawn)
    assert set(drawn) <= set(eligible)


@given(RECIPES, POPULATIONS, st.integers(401, 500), st.sampled_from(["h.jones", "new", None]))
def test_fo_16_a_late_addition_takes_the_place_of_one_other_at_most(
    by: Recipe, population: list[Candidate], number: int, handler: str | None
) -> None:
    late = closed(number, handler)
    before, after = set(draw(by, population)), set(draw(by, [*population, late]))
    assert after - before <= {late}
    assert len(before - after) <= 1


@given(RECIPES, POPULATIONS, st.integers(1, 10))
def test_fo_16_a_larger_sample_holds_the_smaller_one(
    by: Recipe, population: list[Candidate], more: int
) -> None:
    larger = recipe(size=by.size + more, per_handler=by.per_handler, seed=by.seed, month=by.month)
    assert set(draw(by, population)) <= set(draw(larger, population))


def test_fo_16_another_month_charter_or_seed_is_another_sample() -> None:
    population = [closed(number) for number in range(1, 101)]
    drawn = [
        references(draw(by, population))
        for by in (
            recipe(), recipe(seed="again"), recipe(charter="other"), recipe(month=Month(2026, 9))
        )
    ]  # fmt: skip
    assert len({tuple(each) for each in drawn}) == 4
    # The parts are told apart: a seed that looks like a month is no month.
    assert recipe(seed="a", month=OCTOBER).rank("b") != recipe(seed="").rank("ab")


def test_fo_16_what_ended_without_work_of_its_own_is_not_looked_at() -> None:
    ended = ("out-of-scope", "out-of-time", "merged")
    population = [*(closed(number, None, how) for number, how in enumerate(ended)), closed(3)]
    assert references(draw(recipe(), population)) == ["FO-2026-000003"]
    assert draw(recipe(), []) == ()


def test_fo_16_a_drawn_sample_says_what_another_drawing_would_change() -> None:
    population = [closed(number) for number in range(1, 101)]
    drawn = sample(
        *(Item(reference=each.reference, handler_id=None) for each in draw(recipe(), population))
    )
    assert not any(difference(drawn, population))
    gone = [each for each in population if each.reference != GOLDEN[0]]
    changed = difference(drawn, gone)
    assert changed.would_go == (GOLDEN[0],)
    assert len(changed.would_come) == 1
    assert references(drawn.items) == GOLDEN


@pytest.mark.parametrize(
    ("month", "today", "over"),
    [
        (OCTOBER, date(2026, 11, 1), True),
        (OCTOBER, date(2026, 10, 31), False),
        (Month(2026, 12), date(2026, 12, 31), False),
        (Month(2026, 12), date(2027, 1, 1), True),
        (Month(2027, 5), date(2026, 11, 1), False),
    ],
)
def test_fo_16_a_month_is_drawn_once_it_is_over(month: Month, today: date, over: bool) -> None:
    if over:
        check_month_over(month, today)
        return
    with pytest.raises(Refused, match=f"{month} is not over.*draw from {month.after}"):
        check_month_over(month, today)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "1999-12", "9999-01", "", "Oct"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a month"):
        Month.parse(text)


def test_a_month_has_a_first_day_and_one_after_its_last() -> None:
    december = Month.parse("2026-12")
    assert (december.first, december.after) == (date(2026, 12, 1), date(2027, 1, 1))
    assert str(Month.parse("2026-02")) == "2026-02"
    assert Month.parse("2026-02").after == date(2026, 3, 1)


def test_fo_16_every_check_is_answered_in_the_order_of_the_list() -> None:
    found = answers(
        CHECKLIST, {"explained": "No", "acknowledged": "not-applicable", "introduced": " yes "}
    )
    assert list(found.items()) == [
        ("introduced", Answer.YES),
        ("acknowledged", Answer.NOT_APPLICABLE),
        ("explained", Answer.NO),
    ]


@pytest.mark.parametrize(
    ("given_answers", "message"),
    [
        ({"introduced": "yes", "explained": ""}, "No answer to acknowledged, explained"),
        ({}, "No answer to introduced, acknowledged, explained"),
        ({"introduce": "yes"}, "no check 'introduce'.*did you mean 'introduced'"),
        (
            {"introduced": "maybe", "acknowledged": "no", "explained": "no"},
            "introduced: 'maybe' is no answer. Allowed: yes, no, not-applicable",
        ),
    ],
)
def test_fo_16_results_that_are_not_those_of_the_checklist_are_refused(
    given_answers: dict[str, str], message: str
) -> None:
    with pytest.raises(InvalidCommand, match=message):
        answers(CHECKLIST, given_answers)


@pytest.mark.parametrize("role", Role)
def test_fo_16_only_quality_or_an_administrator_records_results(role: Role) -> None:
    if role in {Role.QUALITY, Role.ADMINISTRATOR}:
        check_role(role)
        return
    with pytest.raises(WrongRole, match="Allowed: administrator, quality"):
        check_role(role)


def test_fo_16_nobody_looks_at_a_case_that_they_had_a_part_in() -> None:
    jones, khan, li = (
        Handler(id=each, name=each.title()) for each in ("h.jones", "a.khan", "b.li")
    )
    manager = Actor(id="m.rees", name="M Rees", role=Role.MANAGER)
    whose = involved(
        [
            Allocated(number=1, at=AT, actor=manager, handler=jones),
            Reassigned(
                number=2, at=AT, actor=manager, handler=khan, from_handler=jones,
                reason=ReassignReason.CONFLICT,
            ),
            Acknowledged(number=3, at=AT),
        ]
    )  # fmt: skip
    assert whose == {"h.jones", "a.khan", "m.rees"}
    check_reviewer("FO-1", li, whose)
    for own in (jones, khan, manager, Handler(id="H.JONES", name="Capitals")):
        with pytest.raises(NotIndependent, match="had a part in FO-1"):
            check_reviewer("FO-1", own, whose)


def test_fo_16_a_sample_is_complete_when_every_case_was_looked_at() -> None:
    every = {check.id: Answer.YES for check in CHECKLIST}
    other = every | {"introduced": Answer.NO, "explained": Answer.NOT_APPLICABLE}
    open_case = Item(reference="FO-3", handler_id=None)
    looked = [
        Item(reference="FO-1", handler_id=None, results=every),
        Item(reference="FO-2", handler_id=None, results=other),
    ]
    half = sample(*looked, open_case)
    assert (half.reviewed, half.complete) == (2, False)
    assert sample(*looked).complete
    assert sample().complete
    found = {each.check: each for each in findings(half)}
    assert found["introduced"].percentage == 50
    assert (found["explained"].yes, found["explained"].not_applicable) == (1, 1)
    assert found["explained"].percentage == 100
    assert findings(sample(open_case))[0].percentage is None
    with pytest.raises(Refused, match=r"FO-9 is not in the sample.*Allowed: FO-1, FO-2, FO-3"):
        half.item("FO-9")


def test_fo_16_nobody_draws_until_the_results_please() -> None:
    check_replaceable(sample(Item(reference="FO-1", handler_id=None)))
    with pytest.raises(Refused, match="stands: 1 of its cases were looked at"):
        check_replaceable(sample(Item(reference="FO-1", handler_id=None, results={})))
