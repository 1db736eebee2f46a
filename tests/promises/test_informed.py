"""Where a professional acts it is on record who keeps the customer informed, and the customer can hear directly."""

from __future__ import annotations

from typing import Any

import pytest

from domain.complaint.features.people.informing import HeardDirectly
from domain.complaint.views.status import status_of
from domain.errors import WrongRole, WrongState
from tests.domain.playing.stories import SHIPPED, Story
from tests.promises.telling import letter, read

SOLICITOR: dict[str, Any] = {"kind": "professional", "name": "R Law", "email": "law@x.org"}
ACTS: dict[str, Any] = {"representative": SOLICITOR | {"authorised": True}}
WAITS: dict[str, Any] = {"representative": SOLICITOR}


def test_fo_20_it_is_on_record_and_told_to_both_that_the_professional_informs() -> None:
    story = Story(**ACTS)
    assert "informer-noted" in story.kinds
    told = {n.recipient.kind: read(n) for n in story.sent("informer-noted")}
    assert set(told) == {"customer", "representative"}
    for reader, said in told.items():
        who = "you" if reader == "customer" else "Ann Price"
        assert f"R Law keeps {who} up to date on how the case is going" in said
        assert f"As long as the complaint is open, {who} can ask to hear from us directly" in said
    assert status_of(story.complaint, ())["representation"]["keeps_informed"] is True
    (note,) = Story(**ACTS).do("allocate").sent("allocated")
    assert "R Law keeps the customer up to date." in read(note)


def test_fo_20_also_where_authority_comes_later() -> None:
    story = Story(**WAITS)
    assert "informer-noted" not in story.kinds
    story.do("give_authority")
    assert story.kinds[-2:] == ["authority-given", "informer-noted"]


def test_fo_20_a_customer_who_asks_hears_directly_and_as_often_as_anybody() -> None:
    story = Story(**ACTS).do("allocate")
    assert story.clocks("FO-2") == []

    story.at("2026-10-07 10:00").do("hear_directly", "customer")

    assert story.states("FO-2") == ["running"]
    said = letter(story, "heard-directly")
    assert "You have asked to hear from us directly, and will." in said
    assert "Our letters go to R Law too." in said
    assert "You hear from us at least once a month" in said
    assert status_of(story.complaint, ())["representation"]["keeps_informed"] is False
    assert "FO-2" in str(story.last("heard-directly").promised)


def test_fo_20_whoever_heard_through_them_alone_hears_again() -> None:
    story = Story(**WAITS).do("give_authority", notices_to="representative").do("update")
    assert story.sent("progress", "customer") == []
    story.do("hear_directly").do("update")
    assert len(story.sent("progress", "customer")) == 1
    assert len(story.sent("progress", "representative")) == 2


def test_fo_20_to_hear_directly_is_the_customers_to_ask_and_lasts() -> None:
    story = Story(**ACTS)
    assert isinstance(story.refused("hear_directly", "representative"), WrongRole)
    story.do("hear_directly", "customer")
    assert isinstance(story.refused("hear_directly", "customer"), WrongState)
    story.do("give_authority").do("allocate")
    assert story.kinds.count("informer-noted") == 1, "not noted again after they asked"
    assert story.states("FO-2") == ["running"]


def test_fo_20_it_is_entered_as_of_when_it_was_asked() -> None:
    story = Story(**ACTS).do("allocate").at("2026-10-20 10:00")
    story.do("hear_directly", received_at="2026-10-12T09:00:00+00:00")
    asked = story.last("heard-directly")
    assert isinstance(asked, HeardDirectly)
    assert story.due("FO-2").isoformat() == "2026-11-12"


@pytest.mark.parametrize("charter", SHIPPED)
def test_where_nobody_acts_everybody_hears_directly_already(charter: str) -> None:
    assert isinstance(Story(charter).refused("hear_directly", "customer"), WrongState)


@pytest.mark.parametrize("kind", ["friend", "relative", "organisation", "mp"])
def test_fo_20_nobody_but_a_professional_is_said_to_inform(kind: str) -> None:
    story = Story(representative=SOLICITOR | {"kind": kind, "authorised": True})
    assert "informer-noted" not in story.kinds


def test_fo_20_it_comes_in_welsh_too() -> None:
    story = Story(complainant_language="cy", **ACTS).do("hear_directly")
    assert "R Law sy'n rhoi'r newyddion diweddaraf am yr achos i chi" in letter(
        story, "informer-noted"
    )
    assert "wedi gofyn am gael clywed gennym yn uniongyrchol" in letter(story, "heard-directly")
