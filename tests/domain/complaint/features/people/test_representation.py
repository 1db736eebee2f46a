"""Somebody acts for the customer: with authority and not before (IS-3, IS-6, FO-5)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.charter.rules import Rules, pack, unpack
from domain.complaint.views.status import status_of
from domain.errors import InvalidCommand, NotAuthorised, WrongRole, WrongState
from domain.vocabulary import Role
from tests.domain.playing.stories import Story, person, rules_of

FRIEND = {"kind": "friend", "name": "R Help", "email": "r@x.org"}
SOLICITOR = {"kind": "professional", "name": "R Law", "email": "law@x.org"}
MEMBER = {"kind": "mp", "name": "A Member", "email": "mp@x.org"}
IS = "insolvency-service"


def to_representative(story: Story) -> list[str]:
    return [
        str(notice.kind) for notice in story.notices if notice.recipient.kind == "representative"
    ]


def without(charter: str, **changes: Any) -> Rules:
    """The charter with another `[representation]`."""
    rules = rules_of(charter)
    terms = rules.charter.representation.model_copy(update=changes)
    charter_ = rules.charter.model_copy(update={"representation": terms})
    return unpack(pack(charter_, rules.calendar))


# --- asked for ------------------------------------------------------------------------------------


def test_is_6_opened_by_somebody_without_authority_the_customer_is_asked_for_it() -> None:
    story = Story(IS, representative=FRIEND)
    assert story.kinds == ["opened", "authority-asked"]
    assert "authority-request to customer" in story.told()
    (letter,) = story.sent("authority-request")
    assert letter.recipient.name == "Ann Price"
    assert letter.facts["representative_name"] == "R Help"


def test_is_6_nobody_is_asked_where_authority_is_there_or_nobody_acts_or_it_ended_at_once() -> None:
    for fields in (
        {"representative": FRIEND | {"authorised": True}},
        {},
        {"representative": FRIEND, "about": ["outcome"]},
    ):
        assert "authority-asked" not in Story(IS, **fields).kinds


def test_is_6_nobody_is_asked_under_a_charter_that_does_not_say_so() -> None:
    story = Story(rules=without(IS, ask_authority=False, remind_after=None), representative=FRIEND)
    assert story.kinds == ["opened"]
    assert story.do("ask_authority").at("2027-01-15 10:00").sent("authority-reminder") == []


def test_is_6_without_authority_nothing_at_all_goes_to_the_representative() -> None:
    story = Story(IS, representative=FRIEND).do("allocate").do("acknowledge").do("update")
    story.do("record_contact", from_whom="representative").do("acknowledge", contact=1)
    story.do("answer_contact").at("2026-11-20 10:00").do("reply").at("2027-02-01 10:00")
    assert story.state == "closed"
    assert to_representative(story) == []


def test_is_6_the_clock_does_not_stop_for_authority_that_is_waited_for() -> None:
    waiting = Story(IS, channel="letter", representative=FRIEND)
    plain = Story(IS, channel="letter", representative=FRIEND | {"authorised": True})
    assert waiting.due("IS-2") == plain.due("IS-2")
    waiting.at("2026-10-27 10:00")
    assert waiting.states("IS-2")[0] == "missed"


def test_is_6_the_customer_is_reminded_once_and_staff_are_told() -> None:
    story = Story(IS, representative=FRIEND).at("2026-10-16 23:00")
    assert story.sent("authority-reminder") == []
    story.at("2026-10-19 09:00")  # ten working days after Monday 5 October, at opening time
    assert [n.recipient.name for n in story.sent("authority-reminder")] == ["Ann Price"]
    assert len(story.sent("authority-missing", "case-handler")) == 1
    story.at("2027-06-01 10:00")
    assert len(story.sent("authority-reminder")) == 1


def test_is_6_nobody_is_reminded_of_what_was_given() -> None:
    story = Story(IS, representative=FRIEND).do("give_authority", Role.CUSTOMER)
    assert story.at("2026-12-01 10:00").sent("authority-reminder") == []


def test_is_6_asked_again_the_reminder_begins_anew() -> None:
    story = Story(IS, representative=FRIEND).at("2026-10-14 10:00").do("ask_authority")
    assert len(story.sent("authority-request")) == 2
    assert story.at("2026-10-27 10:00").sent("authority-reminder") == []
    assert len(story.at("2026-10-28 09:00").sent("authority-reminder")) == 1


def test_is_6_a_calendar_that_ends_before_the_reminder_stops_no_complaint() -> None:
    story = Story(IS, received="2028-12-22 10:00", representative=FRIEND)
    assert story.last("authority-asked").remind_on is None
    assert story.sent("authority-request")


# --- given ----------------------------------------------------------------------------------------


def test_is_6_from_authority_on_the_representative_hears_and_acts() -> None:
    story = Story(IS, representative=FRIEND)
    assert isinstance(story.refused("withdraw", Role.REPRESENTATIVE), NotAuthorised)
    story.do("give_authority", Role.CUSTOMER, how="On the phone.", scope="All but payments")
    assert to_representative(story) == ["authority-given"]
    story.do("acknowledge")
    assert to_representative(story) == ["authority-given", "acknowledgement"]
    assert story.do("withdraw", Role.REPRESENTATIVE).state == "closed"


@pytest.mark.parametrize(
    ("notices_to", "who"),
    [
        ("customer", ["customer"]),
        ("representative", ["representative"]),
        ("both", ["customer", "representative"]),
    ],
)
def test_is_6_letters_go_where_the_customer_wants_them(notices_to: str, who: list[str]) -> None:
    story = Story(IS, representative=FRIEND).do("give_authority", notices_to=notices_to)
    told = {n.recipient.kind for n in story.sent("authority-given")}
    assert told == {"customer", "representative"}, "both are told what holds"
    story.do("acknowledge")
    assert [str(n.recipient.kind) for n in story.sent("acknowledgement")] == who
    assert status_of(story.complaint, ())["representation"] == {
        "kind": "friend",
        "authorised": True,
        "notices_to": notices_to,
        "keeps_informed": False,
    }


def test_is_6_letters_never_go_to_a_representative_alone_who_cannot_be_reached() -> None:
    story = Story(IS, representative={"kind": "friend", "name": "R Help"})
    refusal = story.refused("give_authority", notices_to="representative")
    assert isinstance(refusal, InvalidCommand)
    story.do("give_authority", notices_to="both")


def test_is_6_nobody_gives_themselves_authority() -> None:
    story = Story(IS, representative=FRIEND)
    for verb in ("give_authority", "name_representative", "ask_authority"):
        assert isinstance(story.refused(verb, Role.REPRESENTATIVE), WrongRole)
    named = {"representative": SOLICITOR | {"authorised": True}}
    refusal = story.refused("name_representative", Role.CUSTOMER, **named)
    assert isinstance(refusal, InvalidCommand)
    assert "give_authority" in refusal.allowed


def test_is_6_how_authority_was_given_must_be_said() -> None:
    story = Story(IS, representative=FRIEND)
    with pytest.raises(InvalidCommand, match="how"):
        story.command("give_authority", how="")
    assert isinstance(story.refused("withdraw_authority"), WrongState)


def test_is_6_there_is_nothing_to_ask_or_give_where_nobody_acts() -> None:
    story = Story(IS)
    for verb in ("ask_authority", "give_authority", "withdraw_authority"):
        refusal = story.refused(verb)
        assert isinstance(refusal, WrongState)
        assert "name_representative" in refusal.allowed


# --- taken back, and somebody else ----------------------------------------------------------------


def test_is_6_authority_that_is_withdrawn_ends_letters_and_acts_at_once() -> None:
    story = Story(IS, representative=FRIEND | {"authorised": True}).do("acknowledge")
    story.do("withdraw_authority", Role.CUSTOMER)
    assert isinstance(story.refused("withdraw_authority", reason=""), WrongState)
    sent = to_representative(story)
    story.do("update")
    assert to_representative(story) == sent == ["acknowledgement"]
    assert story.sent("authority-withdrawn", "customer")
    assert isinstance(story.refused("withdraw", Role.REPRESENTATIVE), NotAuthorised)


def test_is_6_a_representative_can_lay_it_down_themselves_and_says_why() -> None:
    story = Story(IS, representative=FRIEND | {"authorised": True})
    refusal = story.refused("withdraw_authority", Role.REPRESENTATIVE, reason="")
    assert isinstance(refusal, InvalidCommand)
    story.do("withdraw_authority", Role.REPRESENTATIVE)
    assert (
        "They are no longer needed."
        in status_of(story.complaint, tuple(story.events))["timeline"][-1]["text"]
    )


def test_is_6_somebody_else_who_is_named_needs_authority_of_their_own() -> None:
    story = Story(IS, representative=FRIEND | {"authorised": True})
    story.do("name_representative", Role.CUSTOMER, representative=SOLICITOR)
    assert story.sent("authority-request", "customer")
    law = person("r.law", Role.REPRESENTATIVE)
    assert isinstance(story.refused("withdraw", law), NotAuthorised)
    heard = story.do("update").sent("progress", "representative")
    assert [notice.recipient.name for notice in heard] == ["R Help"]
    again = story.refused("name_representative", representative=SOLICITOR)
    assert isinstance(again, WrongState)
    assert story.at("2026-10-19 09:00").sent("authority-reminder")
    story.do("give_authority")
    heard = story.do("update").sent("progress")
    assert [notice.recipient.name for notice in heard][-2:] == ["R Help", "R Law"]


def test_a_contact_of_a_representative_without_authority_says_nothing_for_the_customer() -> None:
    story = Story(IS, representative=FRIEND).do("reply")
    story.do("record_contact", from_whom="representative")
    assert isinstance(story.refused("accept"), WrongState)
    story.do("give_authority").do("record_contact", from_whom="representative").do(
        "accept", contact=2
    )


# --- exemptions -----------------------------------------------------------------------------------


def test_fo_5_authority_for_a_professional_stops_the_updates_and_stands_on_record() -> None:
    story = Story().do("allocate").do("name_representative", representative=SOLICITOR)
    assert story.states("FO-2") == ["running"], "who has no authority exempts nobody"
    story.do("give_authority")
    assert story.last("authority-given").exempted == ("FO-2", "FO-4")
    assert story.states("FO-2") == ["stopped"]
    assert story.states("FO-1") == ["running"]
    timeline = status_of(story.complaint, tuple(story.events))["timeline"]
    assert "FO-2, FO-4" in timeline[-2]["text"]
    story.at("2027-02-01 10:00")
    assert "FO-2" not in {e.promise for e in story.events if e.kind == "promise-missed"}


@pytest.mark.parametrize("ended", ["withdraw_authority", "name_representative"])
def test_fo_5_without_the_professional_the_updates_begin_again(ended: str) -> None:
    story = Story().do("allocate").do("name_representative", representative=SOLICITOR)
    anew: dict[str, Any] = {"representative": SOLICITOR | {"email": "another@law.org"}}
    story.do("give_authority").at("2026-12-10 10:00").do(ended, **(anew if "name" in ended else {}))
    assert story.states("FO-2") == ["stopped", "running"]
    assert str(story.due("FO-2")) == "2027-01-08", "a month from the day, moved from a Sunday"
    assert story.states("FO-4") == []
    assert "FO-2, FO-4." in status_of(story.complaint, tuple(story.events))["timeline"][-1]["text"]


def test_fo_5_a_professional_from_the_start_who_leaves_gives_the_updates_back() -> None:
    acting = SOLICITOR | {"authorised": True}
    early = Story(representative=acting).do("withdraw_authority")
    assert early.states("FO-2") == [], "nobody has the case yet"
    late = Story(representative=acting).do("allocate").do("withdraw_authority")
    assert late.states("FO-2") == ["running"]
    deciding = Story(representative=acting).do("allocate").do("pass_to_decision")
    assert deciding.do("withdraw_authority").states("FO-4") == ["running"]
    replied = Story(representative=acting).do("allocate").do("reply").do("withdraw_authority")
    assert replied.states("FO-2") == [], "the reply says where things stand"


def test_fo_5_a_friend_exempts_nobody() -> None:
    story = Story().do("allocate").do("name_representative", representative=FRIEND)
    story.do("give_authority").do("withdraw_authority")
    assert story.states("FO-2") == ["running"]


def test_fo_5_authority_that_is_renewed_changes_no_clock() -> None:
    story = Story().do("allocate").do("name_representative", representative=SOLICITOR)
    story.do("give_authority").do("give_authority", notices_to="customer")
    assert story.last("authority-given").exempted == ()
    assert story.states("FO-2") == ["stopped"]


# --- members of a parliament ----------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["letter", "email", "phone"])
def test_is_3_a_members_letter_has_its_own_time_whatever_the_channel(channel: str) -> None:
    story = Story(IS, channel=channel, representative=MEMBER)
    assert str(story.due("IS-3")) == "2026-11-02", "twenty working days from 5 October"
    assert story.clocks("IS-2") == []
    story.do("record_contact", channel=channel, from_whom="mp")
    assert story.states("IS-3/contact") == ["running"]


def test_is_3_is_met_warned_of_and_missed() -> None:
    assert Story(IS, representative=MEMBER).do("reply").states("IS-3") == ["met"]
    story = Story(IS, representative=MEMBER).at("2026-11-05 10:00")
    assert "IS-3" in [e.promise for e in story.events if e.kind == "promise-warned"]
    assert story.states("IS-3") == ["missed", "running"]


def test_is_3_a_member_named_later_counts_once_authorised() -> None:
    story = Story(IS, channel="letter").do("name_representative", representative=MEMBER)
    assert status_of(story.complaint, ())["correspondent"] == "customer"
    story.do("give_authority")
    assert status_of(story.complaint, ())["correspondent"] == "mp"
    assert story.states("IS-2") == ["running"], "what was promised stays promised"
