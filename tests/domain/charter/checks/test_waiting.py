"""A charter under which a complaint can wait with nothing due is refused, wherever the gap is."""

from __future__ import annotations

import pytest

from domain.charter.checks.charter import faults
from domain.charter.checks.waiting import waiting_faults
from domain.charter.tables import Charter, Promise
from domain.vocabulary import Correspondent, Trigger
from tests.domain.playing.stories import SHIPPED, rules_of

ANSWERS = [
    (charter, promise.key)
    for charter in SHIPPED
    for promise in rules_of(charter).charter.promises
    if "replied" in promise.meets
    and "contact-received" not in promise.starts
    # What an acknowledgement meets as well, another clock follows; the first try has its second.
    and "acknowledged" not in promise.meets
    and promise.gives_way_to is None
    and not promise.repeats
]


def changed(charter: Charter, key: str, **changes: object) -> Charter:
    """The charter with one promise other than it is, or without it."""
    kept: list[Promise] = []
    for promise in charter.promises:
        if promise.key != key:
            kept.append(promise)
        elif changes:
            kept.append(promise.model_copy(update=changes))
    return charter.model_copy(update={"promises": tuple(kept)})


@pytest.mark.parametrize("charter", SHIPPED)
def test_no_charter_that_ships_leaves_a_gap(charter: str) -> None:
    assert list(waiting_faults(rules_of(charter).charter)) == []


@pytest.mark.parametrize(("charter", "key"), ANSWERS)
def test_without_one_of_its_answers_a_charter_leaves_a_gap(charter: str, key: str) -> None:
    left = changed(rules_of(charter).charter, key)
    covered = charter == "local-government-code"  # twelve weeks for the whole cover each stage
    assert bool(list(waiting_faults(left))) is not covered


@pytest.mark.parametrize(
    "change",
    [
        {"exempt": (Correspondent.PROFESSIONAL,)},
        {"starts": ("received",)},
        {"starts": ("allocated",)},
        {"until": (Trigger.PASSED_TO_DECISION,)},
        {"once": True},
        {"while_deciding": False},
        {"meets": (Trigger.REPLIED, Trigger.ACKNOWLEDGED)},
        {"stages": ("complaints-team",)},
    ],
)
def test_an_answer_that_somebody_may_wait_for_in_vain_is_a_gap(change: dict[str, object]) -> None:
    left = changed(rules_of("financial-ombudsman").charter, "FO-8/reply", **change)
    (fault,) = waiting_faults(left)
    assert str(fault) in map(str, faults(left))
    assert "stage[2] (manager)" in str(fault)
    assert "nothing due" in str(fault)
    assert "estimate = true" in str(fault)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"meets": (Trigger.REPLIED, Trigger.ACKNOWLEDGED)}, "meets"),
        ({"target": 85.0}, "target"),
        ({"repeats": True}, "repeats"),
        ({"extension": None}, "extension"),
    ],
)
def test_an_estimate_is_an_estimate_and_nothing_else(change: dict[str, object], key: str) -> None:
    charter = changed(rules_of("insolvency-service").charter, "IS-5/estimate", **change)
    assert f"promise[3] (IS-5/estimate): {key}: " in "\n".join(map(str, faults(charter)))
