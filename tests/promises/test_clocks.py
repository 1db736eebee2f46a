"""Every clock of every charter that ships starts, is met in time, is warned of and is missed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.charter.tables import Promise
from domain.clocks.clock import Clock
from domain.clocks.due import due_of
from domain.notices import Notice
from tests.domain.playing.stories import SHIPPED, Story, rules_of
from tests.promises.lives import LIVES, Life

each_promise = pytest.mark.parametrize("life", LIVES, ids=[life.key for life in LIVES])


def promise_of(life: Life) -> Promise:
    """What the charter says of it."""
    return rules_of(life.charter).promises[life.key].promise


def of(life: Life, story: Story, kind: str) -> list[Any]:
    """The events of that kind that are about the promise."""
    return [each for each in story.events if each.kind == kind and each.promise == life.key]


def owed(story: Story, event: Any) -> Iterator[Notice]:
    """The notices that the event owes."""
    return (notice for notice in story.notices if notice.event == event.number)


def to_whom(story: Story, event: Any) -> list[str]:
    """`kind to recipient` of every notice that the event owes."""
    return [f"{n.kind} to {n.key.rsplit('/', 1)[-1]}" for n in owed(story, event)]


def test_every_promise_of_every_charter_has_one_life() -> None:
    promised = {
        p.key for charter in SHIPPED for p in rules_of(charter).charter.promises if p.binding
    }
    keys = [life.key for life in LIVES]

    assert set(keys) == promised
    assert len(keys) == len(promised)


@each_promise
def test_its_clock_starts_and_is_due_on_the_day_counted_by_hand(life: Life) -> None:
    story = life.begun()

    assert story.states(life.key) == ["running"]
    assert story.due(life.key) == life.due


@each_promise
def test_it_is_met_in_the_last_minute(life: Life) -> None:
    story = life.kept(life.begun().at(f"{life.due} 16:59"))

    assert str(story.clocks(life.key)[0].state) == "met"
    assert of(life, story, "promise-missed") == []


@each_promise
def test_staff_are_warned_on_the_morning_of_the_day_and_the_customer_where_promised(
    life: Life,
) -> None:
    story = life.begun().at(f"{life.warned} 08:59")
    assert of(life, story, "promise-warned") == []

    story.at(f"{life.warned} 09:00").at(f"{life.due} 16:59")

    (warned,) = of(life, story, "promise-warned")
    told = ["delay-warning to customer"] if promise_of(life).tell_customer else []
    assert to_whom(story, warned) == [f"promise-warning to {life.told[0]}", *told]
    assert next(owed(story, warned)).facts["due"] == life.due.isoformat()


@each_promise
def test_it_is_missed_at_the_close_of_business_and_apologised_for_with_a_new_date(
    life: Life,
) -> None:
    story = life.begun().at(f"{life.due} 17:00")

    assert str(story.clocks(life.key)[0].state) == "missed"
    (missed,) = of(life, story, "promise-missed")
    side = ["customer", "representative"] if "representative" in life.opening else ["customer"]
    told = [f"apology to {who}" for who in side] + [f"promise-missed to {r}" for r in life.told]
    assert to_whom(story, missed) == told
    facts = next(owed(story, missed)).facts
    assert facts["promise_text"] == promise_of(life).text
    assert facts["missed_due"] == life.due.isoformat()
    assert facts["new_due"] == (life.again.isoformat() if life.again else None)


@each_promise
def test_after_the_miss_the_clocks_go_on_and_what_comes_at_last_is_on_record_as_late(
    life: Life,
) -> None:
    story = life.begun().at(f"{life.due} 16:59")
    going_on = {clock.id: due_of(clock, story.complaint.rules).day for clock in others(life, story)}

    story.at(f"{life.due} 17:00")

    after = {c.id: due_of(c, story.complaint.rules).day for c in others(life, story)}
    assert going_on.items() <= after.items()
    # What begins with it is to say why, or the new date of what ran out with it.
    for key in after.keys() - going_on.keys():
        assert "/reason#" in key or story.complaint.clock(key).renewal
    followed = life.again is not None
    assert story.states(life.key) == ["missed", "running"][: 1 + followed]
    if followed:
        assert story.due(life.key) == life.again
    life.kept(story)
    assert story.clocks(life.key)[0].fulfilled_late_at == story.now
    assert story.complaint.missed >= 1


def others(life: Life, story: Story) -> Iterator[Clock]:
    """The running clocks of other promises whose time is not up on the same day."""
    for clock in story.complaint.clocks:
        late = clock.running and due_of(clock, story.complaint.rules).day > life.due
        if clock.promise != life.key and late and not clock.renewal:
            yield clock
