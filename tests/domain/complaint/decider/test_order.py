"""Order is behaviour: what is taken first of what falls due at one instant, and what follows a verb.

The order of the registry decides both. Complaints that run depend on it, so it is written down here once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

import pytest

from domain.complaint.decider.registry import AT_OPENING, POLICIES, TIMERS, TIMERS_AFTER_END
from tests.domain.playing.stories import Story, patient

REACHED_AGAIN = [
    ["last-day-told", "reply-sent-again"],
    ["appointment-reminded"],
    ["information-postponed"],
]
FOLLOWS = {
    "allocate": [["successor-told"]],
    "record_contact": [
        ["heard-in-time"],
        ["appointment-offered"],
        ["information-received", "information-heard"],
    ],
    "escalate": [["appointment-put-off"], ["information-dropped"], ["conflict-found"]],
    "reassign": [["appointment-put-off"]],
    "reply": [["closed"], ["information-dropped"]],
    "answer_feedback": [["closed"]],
    "record_information": [["contact-received"], ["heard-in-time"], ["information-heard"]],
    "answer_contact": [["information-postponed"]],
    "return_call": [["information-postponed"]],
    "declare_conflict": [["appointment-put-off"]],
    "conclude_case": [["last-day-told"]],
    "prefer": [*REACHED_AGAIN, ["notice-sent-again"]],
    "name_representative": REACHED_AGAIN,
    "give_authority": [*REACHED_AGAIN, ["informer-noted"], ["reply-passed-on"]],
    "hear_directly": [*REACHED_AGAIN, ["reply-passed-on"]],
    "withdraw_authority": [*REACHED_AGAIN, ["reply-passed-on"]],
}
"""What features add to the verbs of others: each feature's events, in the order in which they are asked."""
OPENING = [
    "handling.receiving",
    "ending.closing",
    "ending.feedback",
    "contact.appointments",
    "contact.information",
    "people.representation",
    "people.informing",
    "people.conflict",
    "contact.timescale",
]
WAITING = [
    "dates.promises",
    "dates.pausing",
    "contact.waiting",
    "ending.closing",
    "ending.last_day",
    "dates.subject_case",
    "contact.appointments",
    "contact.information",
    "people.representation",
    "people.restriction",
    "remedies",
]
AFTER_THE_END = [
    "dates.promises",
    "contact.waiting",
    "ending.survey",
    "contact.appointments",
    "remedies",
]


def rooms(functions: Iterable[Callable[..., Any]]) -> list[str]:
    """The rooms of the features that these functions are of."""
    found = []
    for function in functions:
        room = function.__module__.removeprefix("domain.complaint.features.")
        found.append(room.removesuffix(".rules").removesuffix(".timers"))
    return found


def kind_of(event: type) -> str:
    """Its kind as it stands on the wire."""
    return next(str(each.default) for each in fields(event) if each.name == "kind")


def test_what_follows_each_verb_follows_in_this_order() -> None:
    found = {
        verb: [[kind_of(event) for event in policy.events] for policy in policies]
        for verb, policies in POLICIES.items()
        if policies
    }
    assert found == FOLLOWS


@pytest.mark.parametrize(
    ("functions", "order"),
    [(AT_OPENING, OPENING), (TIMERS, WAITING), (TIMERS_AFTER_END, AFTER_THE_END)],
    ids=["at-opening", "while-open", "after-the-end"],
)
def test_features_are_asked_in_this_order(
    functions: tuple[Callable[..., Any], ...], order: list[str]
) -> None:
    assert rooms(functions) == order


def test_of_what_falls_due_at_one_opening_the_clocks_come_first_then_the_review() -> None:
    story = Story(rules=patient("customer-promise")).at("2026-10-05 12:00").do("record_contact")
    story.do("restrict_contact", "manager", review_on="2026-10-15")
    story.do("pause", review_on="2026-10-15")
    story.do("request_appointment").do("arrange_appointment", at="2026-10-16T14:30:00+01:00")
    story.at("2026-10-06 12:00").do("ask_information")  # all of it made in another order
    before = len(story.events)
    due = story.at("2026-10-15 09:30").events[before:]
    assert len({event.at for event in due}) == 1
    assert [event.kind for event in due] == [
        "promise-warned",
        "review-fell-due",
        "appointment-reminded",
        "information-reminded",
        "restriction-review-due",
    ]
