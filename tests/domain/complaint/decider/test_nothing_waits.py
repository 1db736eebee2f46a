"""Nothing waits without a clock, under any charter that ships, whatever is done or left undone."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from domain.complaint.decider.timers import next_wake
from domain.vocabulary import Channel, Role
from tests.domain.playing.machine import Anything
from tests.domain.playing.stories import SHIPPED, Story, rules_of
from tests.domain.playing.waiting import check_that_something_is_due

OPEN_CASE = {"reference": "C-9", "open": True}
HELPERS = (None, "friend", "professional", "mp")


@pytest.mark.parametrize("charter", SHIPPED)
def test_nothing_waits_whatever_anybody_does(charter: str) -> None:
    machine = type("Machine", (Anything,), {"charter": charter})
    run_state_machine_as_test(machine, settings=settings(max_examples=12, stateful_step_count=30))


@pytest.mark.parametrize("charter", SHIPPED)
@pytest.mark.parametrize(("channel", "kind"), list(product(Channel, HELPERS)))
def test_nothing_waits_where_nobody_does_anything(
    charter: str, channel: Channel, kind: str | None
) -> None:
    """At every stage at which it can be opened, and at those to which it is taken; for a year."""
    helper = kind and {"kind": kind, "name": "R Help", "email": "r@x.org", "authorised": True}
    rules = rules_of(charter)
    for at, stage in enumerate(rules.ladder):
        if at and not stage.opens:
            continue
        story = Story(charter, channel=channel, representative=helper, stage=stage.id)
        for following in (None, *rules.ladder[at + 1 :]):
            if following:
                story.do("reply").do("escalate", Role.CUSTOMER, to=following.id)
            idle(story)


def idle(story: Story) -> None:
    """Nobody does anything for half a year, and each time that it wakes something is due again."""
    then = story.now + timedelta(days=180)
    while story.complaint.closed is None and story.now < then:
        check_that_something_is_due(story.complaint, story.now)
        story.until(min(next_wake(story.complaint) or then, then))


@pytest.mark.parametrize("agreed", [None, "none", {"weeks": 1}])
@pytest.mark.parametrize("kind", HELPERS)
def test_fo_2_an_answered_complaint_does_not_wait_for_an_open_case_in_silence(
    kind: str | None, agreed: object
) -> None:
    helper = kind and {"kind": kind, "name": "R Help", "email": "r@x.org", "authorised": True}
    story = Story(subject_case=OPEN_CASE, representative=helper).do("allocate")
    if agreed:
        story.do("prefer", update_interval=agreed)
    story.do("reply")
    check_that_something_is_due(story.complaint, story.now)
    story.at("2026-12-22 10:00")
    assert [n.recipient.name for n in story.sent("case-open")] == ["case-handler"] * 2
    check_that_something_is_due(story.complaint, story.now)
