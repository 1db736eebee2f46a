"""How, in which language and how often the customer hears (CS-4, CS-10, CP-11, FO-2, FO-17, IS-10)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.clocks.due import due_of
from domain.complaint.opening import Complainant
from domain.complaint.views.status import status_of
from domain.errors import InvalidCommand, WrongRole
from domain.vocabulary import Role
from letters.rendering import render
from letters.routing import route
from tests.domain.playing.laws import check_record
from tests.domain.playing.stories import Story, local

CS = "casework-standards"
WEEKLY = {"weeks": 1}


def body(story: Story, kind: str, to: str | None = None) -> str:
    return " ".join(render(story.sent(kind, to)[-1]).body.split())


# --- asked ----------------------------------------------------------------------------------------


def test_cs_4_the_acknowledgement_asks_how_and_how_often() -> None:
    assert "how often: by e-mail" in body(Story(CS).do("acknowledge"), "acknowledgement")
    welsh = Story(CS, complainant_language="cy").do("acknowledge")
    assert "a pha mor aml" in body(welsh, "acknowledgement")


def test_cs_4_whoever_has_said_so_is_not_asked_again_and_others_ask_nobody() -> None:
    at_once = Story(CS, complainant_update_interval=WEEKLY).do("acknowledge")
    later = Story(CS).do("prefer", language="en").do("acknowledge")
    how = Story(CS).do("prefer", language="en", update_interval=None, channel="email")
    how.do("acknowledge")
    elsewhere = Story().do("acknowledge")
    for story in (at_once, later, how, elsewhere):
        assert "how often" not in body(story, "acknowledgement")


def test_cs_4_whoever_only_gave_another_number_language_or_help_is_asked_all_the_same() -> None:
    for said in ({"phone": "01 234"}, {"language": "en"}, {"adjustments": ["large print"]}):
        plain = {"language": None, "update_interval": None}
        story = Story(CS).do("prefer", **plain | said).do("acknowledge")
        assert "how often" in body(story, "acknowledgement"), said


# --- how often ------------------------------------------------------------------------------------


def test_cs_4_without_an_agreement_updates_are_monthly_met_warned_of_and_missed() -> None:
    story = Story(CS)
    assert str(story.due("CS-4")) == "2026-11-05"
    story.at("2026-10-20 10:00").do("update")
    assert story.states("CS-4") == ["met", "running"]
    assert str(story.due("CS-4")) == "2026-11-20"
    story.at("2026-11-17 12:00")
    assert [e.promise for e in story.events if e.kind == "promise-warned"].count("CS-4") == 1
    story.at("2026-11-21 10:00")
    assert story.states("CS-4") == ["met", "missed", "running"]
    assert "CS-4" in {e.promise for e in story.events if e.kind == "promise-missed"}


@pytest.mark.parametrize(
    ("agreed", "due"),
    [
        ({"weeks": 2}, "2026-10-19"),
        ({"working-days": 5}, "2026-10-12"),
        ({"months": 2}, "2026-12-04"),  # the fifth is a Saturday
        ("3 weeks", "2026-10-26"),
    ],
)
def test_cs_4_an_interval_that_was_agreed_drives_the_clock(agreed: Any, due: str) -> None:
    for story in (
        Story(CS, complainant_update_interval=agreed),
        Story(CS).do("prefer", Role.CUSTOMER, update_interval=agreed),
    ):
        assert str(story.due("CS-4")) == due
        story.until(local(f"{due} 17:00"))
        assert story.states("CS-4")[-2:] == ["missed", "running"]
        check_record(story)


def test_fo_2_an_agreed_interval_goes_before_the_monthly_one_and_goes_on() -> None:
    story = Story().do("allocate").do("prefer", Role.CUSTOMER, update_interval=WEEKLY)
    assert story.states("FO-2") == ["stopped", "running"]
    story.at("2026-10-08 10:00").do("update")
    assert str(story.due("FO-2")) == "2026-10-15"
    story.at("2026-10-16 10:00")
    assert story.states("FO-2") == ["stopped", "met", "missed", "running"]
    assert str(story.due("FO-2")) == "2026-10-22", "the next period has no gap"
    story.do("prefer", Role.CUSTOMER, update_interval={"months": 1})
    assert str(story.due("FO-2")) == "2026-11-13", "a month from the last due date, a Sunday"


def test_fo_2_saying_the_same_again_moves_no_date() -> None:
    story = Story().do("allocate").do("prefer", update_interval=WEEKLY).at("2026-10-08 10:00")
    story.do("prefer", update_interval=WEEKLY, language="cy")
    assert story.last("preferences-stated").anew == ()
    assert str(story.due("FO-2")) == "2026-10-12"


def test_fo_2_no_updates_stop_the_clock_on_record_and_can_be_wanted_again() -> None:
    story = Story().do("allocate").do("prefer", update_interval="none")
    assert story.states("FO-2") == ["stopped"]
    text = status_of(story.complaint, tuple(story.events))["timeline"][-1]["text"]
    assert text == (
        "The customer wants to hear in the language 'cy', without regular updates. FO-2: stopped."
    )
    story.at("2027-01-10 10:00").do("update").do("reassign")
    assert story.states("FO-2") == ["stopped"], "neither an update nor a handler starts it"
    story.do("prefer", update_interval=WEEKLY)
    assert story.states("FO-2") == ["stopped", "running"]


def test_fo_2_no_updates_from_the_start_stand_in_the_first_line() -> None:
    story = Story(complainant_update_interval="none").do("allocate")
    assert story.clocks("FO-2") == []
    first = status_of(story.complaint, tuple(story.events))["timeline"][0]["text"]
    assert first.endswith("They want no regular updates.")


def test_fo_4_other_rhythms_are_not_agreed() -> None:
    story = Story().do("allocate").do("pass_to_decision").do("prefer", update_interval="none")
    assert story.states("FO-4") == ["running"]
    assert str(story.due("FO-4")) == "2026-12-04"


def test_fo_2_an_interval_is_no_longer_owed_once_the_reply_is_there() -> None:
    story = Story().do("allocate").do("reply").do("prefer", update_interval=WEEKLY)
    assert story.states("FO-2") == ["met"]


def test_fo_5_whoever_is_exempt_stays_exempt_whatever_was_agreed() -> None:
    solicitor = {"kind": "professional", "name": "R Law", "email": "l@x.org", "authorised": True}
    story = Story(representative=solicitor).do("allocate").do("prefer", update_interval=WEEKLY)
    assert story.clocks("FO-2") == []


def test_fo_2_a_warning_longer_than_the_interval_comes_on_its_last_morning() -> None:
    story = Story().do("allocate").do("prefer", update_interval={"working-days": 3})
    assert due_of(story.clock("FO-2"), story.rules).warn_at == local("2026-10-08 09:00")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"weeks": 0},
        {"weeks": 1, "months": 1},
        {"months": 13},
        {"days": 3},
        "often",
        "0 weeks",
        7,
    ],
)
def test_an_interval_that_is_none_is_refused_and_the_field_named(wrong: Any) -> None:
    with pytest.raises(InvalidCommand, match="update_interval"):
        Story().command("prefer", update_interval=wrong)
    with pytest.raises(ValueError, match="update_interval"):
        Complainant.model_validate({"name": "Ann", "update_interval": wrong})


# --- by which channel, in which language, with which help -----------------------------------------


def test_is_10_every_letter_follows_what_was_asked_for_and_so_does_the_post_room() -> None:
    story = Story("insolvency-service").do(
        "prefer", Role.CUSTOMER, channel="letter", address="1 High Street",
        adjustments=["large print"], language="en",
    )  # fmt: skip
    story.do("acknowledge")
    (notice,) = story.sent("acknowledgement")
    way = route(notice)
    assert way.by == "post-room"
    assert "Please print this letter and post it to:\nAnn Price\n1 High Street" in way.instructions
    assert "They asked for: large print" in way.instructions
    assert "You asked us for: large print." in render(notice).body


def test_cs_10_the_language_that_is_preferred_is_that_of_the_next_letter() -> None:
    story = Story(CS).do("prefer", language="cy")
    assert render(story.sent("preferences-noted")[0]).language == "cy"
    assert "ym mha iaith: Cymraeg;" in body(story, "preferences-noted")
    assert render(story.do("update").sent("progress")[0]).language == "cy"


def test_fo_17_the_customer_is_told_what_was_noted() -> None:
    story = Story().do(
        "prefer", language="en", phone="01 234", channel="phone", update_interval=WEEKLY
    )
    said = body(story, "preferences-noted")
    assert "how: telephone call;" in said
    assert "at least once in 1 week." in said
    assert "new contact details" in said
    none = Story().do("prefer", language="en", update_interval="none")
    assert "You will still hear from us" in body(none, "preferences-noted")


def test_cp_11_handlers_see_it_in_every_note_and_in_status() -> None:
    story = Story("customer-promise").do(
        "prefer", language="cy", adjustments=["BSL interpreter"], update_interval="none"
    )
    for kind in ("preferences-changed", "allocated"):
        if kind == "allocated":
            story.do("allocate")
        note = body(story, kind)
        assert "Mind: Prefers email, in the language 'cy'." in note
        assert "Mind: Asked for: BSL interpreter." in note
        assert "Mind: Wants no regular updates." in note
    assert status_of(story.complaint, ())["preferences"] == {
        "channel": "email", "language": "cy", "adjustments": ["BSL interpreter"],
        "update_interval": "none", "interval_kept": True,
    }  # fmt: skip


def test_fo_17_help_that_is_no_longer_wanted_is_taken_away() -> None:
    story = Story(complainant_adjustments=["large print"]).do("prefer", adjustments=[])
    assert story.complaint.customer.adjustments == ()
    assert "WHAT HELPS YOU" not in render(story.do("acknowledge").sent("acknowledgement")[0]).body


@pytest.mark.parametrize(("channel", "detail"), [("phone", "phone"), ("letter", "address")])
def test_fo_17_a_channel_by_which_nobody_can_be_reached_is_not_promised(
    channel: str, detail: str
) -> None:
    story = Story()
    refusal = story.refused("prefer", channel=channel)
    assert isinstance(refusal, InvalidCommand)
    assert detail in refusal.message
    story.do("prefer", **{"channel": channel, detail: "1 High Street"})


def test_fo_17_a_representative_says_how_but_not_where_the_customer_is_reached() -> None:
    acting = {"kind": "friend", "name": "R Help", "authorised": True}
    story = Story(representative=acting).do("prefer", Role.REPRESENTATIVE, language="cy")
    for field in ("email", "phone", "address"):
        refusal = story.refused("prefer", Role.REPRESENTATIVE, **{field: "elsewhere"})
        assert isinstance(refusal, WrongRole)


def test_nothing_said_is_refused() -> None:
    story = Story()
    command = story.command("prefer")
    refusal = story.attempt(type(command)(command_id="c", actor=command.actor))
    assert isinstance(refusal, InvalidCommand)


def test_an_interval_survives_the_record_as_it_was_given() -> None:
    story = Story(complainant_update_interval={"weeks": 2}).do(
        "prefer", update_interval="5 working days"
    )
    recorded = json.loads(story.record())
    assert recorded[0]["opening"]["complainant"]["update_interval"] == {"weeks": 2}
    assert recorded[1]["update_interval"] == {"working-days": 5}
    check_record(story)
