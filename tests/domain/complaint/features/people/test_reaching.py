"""A letter that did not arrive goes the next way there is, or waits until the customer can be reached again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.complaint.features.people.reaching import ReportUndeliverable
from domain.errors import InvalidCommand, WrongState
from domain.notices import Notice
from domain.vocabulary import Role
from letters.rendering import render
from letters.routing import route
from tests.domain.playing.stories import Story

EMAIL, HOME = "ann@customer.example", "1 High Street\nOld Town"
BOTH: dict[str, Any] = {"complainant_email": EMAIL, "complainant_address": HOME}
ONLY_EMAIL: dict[str, Any] = {"complainant_email": EMAIL, "complainant_address": None}


def lose(story: Story, notice: Notice, **said: Any) -> Story:
    """That letter bounces, for good, unless something else is said."""
    fields = {"notice": notice.key, "reason": "There is no such mailbox.", "address": EMAIL}
    return story.do("report_undelivered", Role.UPSTREAM_APP, **fields | said)


def letters(story: Story, kind: str) -> list[Notice]:
    return story.sent(kind, "customer")


def test_a_letter_that_bounced_goes_by_post_where_the_customer_has_an_address() -> None:
    story = Story(**BOTH).do("acknowledge")
    (first,) = letters(story, "acknowledgement")
    lose(story, first)
    again = letters(story, "acknowledgement")[-1]
    assert (again.again, again.recipient.email, again.recipient.address) == (first.key, None, HOME)
    assert again.key != first.key
    assert story.told()[-1] == "acknowledgement to customer"
    assert not story.sent("undeliverable")


def test_its_words_are_those_of_the_first_and_say_that_it_comes_again() -> None:
    story = Story(**BOTH).do("acknowledge")
    (first,) = letters(story, "acknowledgement")
    lose(story, first)
    again = letters(story, "acknowledgement")[-1].repeating(first)
    said, before = render(again).body, render(first).body
    assert "We have sent you this letter before, and it may not have reached you." in said
    assert [line for line in before.split("\n") if line not in said.split("\n")] == []
    assert route(again).instructions.startswith("POST ROOM. Please print this letter")


def test_later_letters_do_not_go_to_an_address_that_leads_to_nobody() -> None:
    story = Story(**BOTH).do("acknowledge")
    lose(story, letters(story, "acknowledgement")[0]).do("update")
    assert letters(story, "progress")[-1].recipient.email is None
    story.do("prefer", Role.CUSTOMER, email="ann@elsewhere.example").do("update")
    assert letters(story, "progress")[-1].recipient.email == "ann@elsewhere.example"


def test_staff_are_told_when_nothing_is_left_and_it_goes_again_once_an_address_is_given() -> None:
    story = Story(**ONLY_EMAIL).do("acknowledge")
    (first,) = letters(story, "acknowledgement")
    lose(story, first)
    assert story.told()[-1] == "undeliverable to case-handler"
    assert letters(story, "acknowledgement") == [first]
    story.do("prefer", Role.CUSTOMER, email="ann@elsewhere.example")
    again = letters(story, "acknowledgement")[-1]
    assert (again.again, again.recipient.email) == (first.key, "ann@elsewhere.example")
    before = len(story.notices)
    story.do("prefer", Role.CUSTOMER, address=HOME)
    assert not [each for each in story.notices[before:] if each.again]


def test_fo_11_the_time_after_a_reply_that_bounced_runs_from_its_posted_letter() -> None:
    story = Story(stage="manager", **BOTH).at("2026-10-09 10:00").do("reply")
    (first,) = letters(story, "reply")
    lose(story.at("2026-10-12 10:00"), first)
    again = letters(story, "reply")[-1]
    assert again.recipient.email is None
    # posted on Monday 12 October, there on Wednesday the 14th
    assert again.facts["window"]["closes"] == "2026-11-16"
    assert again.facts["first_sent"] == "2026-10-09"
    reply = story.complaint.reply
    assert reply
    assert (reply.reached_on, reply.until) == (date(2026, 10, 14), date(2026, 11, 16))


def test_a_refusal_at_the_door_goes_the_same_way_as_a_bounce() -> None:
    story = Story(**BOTH).do("acknowledge")
    (first,) = letters(story, "acknowledgement")
    story.play(ReportUndeliverable(notice=first.key, reason="550 unknown", address=EMAIL))
    assert letters(story, "acknowledgement")[-1].recipient.address == HOME
    assert not story.sent("undeliverable")


def test_what_failed_for_no_fault_of_the_address_is_tried_once_more_and_no_oftener() -> None:
    story = Story(**ONLY_EMAIL).do("acknowledge")
    lose(story, letters(story, "acknowledgement")[0], address=None)
    second = letters(story, "acknowledgement")[-1]
    assert second.recipient.email == EMAIL
    assert not story.sent("undeliverable")
    lose(story, second, address=None, command_id="second")
    assert len(letters(story, "acknowledgement")) == 2
    assert story.told()[-1] == "undeliverable to case-handler"


def test_a_mailbox_that_is_full_for_now_is_not_given_up_where_it_is_all_there_is() -> None:
    story = Story(**ONLY_EMAIL).do("acknowledge")
    lose(story, letters(story, "acknowledgement")[0], lasting=False)
    assert story.told()[-1] == "undeliverable to case-handler"
    story.do("update")
    assert letters(story, "progress")[-1].recipient.email == EMAIL


def test_the_post_room_failing_makes_no_circle() -> None:
    story = Story(**BOTH).do("acknowledge")
    first = letters(story, "acknowledgement")[0]
    lose(story, first)
    for number in range(4):
        last = letters(story, "acknowledgement")[-1]
        lose(story, last, address="post@organisation.example", command_id=f"post-{number}")
    assert len(letters(story, "acknowledgement")) == 2


def test_a_report_that_comes_twice_is_one() -> None:
    story = Story(**BOTH).do("acknowledge")
    (first,) = letters(story, "acknowledgement")
    for _ in range(2):
        lose(story, first, command_id="undelivered-1")
    assert len(letters(story, "acknowledgement")) == 2


def test_an_address_that_was_corrected_meanwhile_is_not_given_up_for_the_old_one() -> None:
    story = Story(**ONLY_EMAIL).do("acknowledge")
    (first,) = letters(story, "acknowledgement")
    story.do("prefer", Role.CUSTOMER, email="ann@elsewhere.example")
    lose(story, first)
    assert letters(story, "acknowledgement")[-1].recipient.email == "ann@elsewhere.example"
    assert not story.sent("undeliverable")


def test_a_letter_can_be_sent_again_by_hand() -> None:
    story = Story(**BOTH).do("acknowledge")
    (first,) = letters(story, "acknowledgement")
    story.do("resend_notice", Role.CASE_HANDLER, notice=first.key)
    assert letters(story, "acknowledgement")[-1].again == first.key


def test_a_letter_about_the_end_offers_to_open_it_again_only_while_it_can_be() -> None:
    story = Story("casework-standards", **BOTH).do("close")
    (first,) = letters(story, "closed")
    offered = date.fromisoformat(first.facts["reopen_by"])
    for now, offers in ((offered, True), (offered + timedelta(days=1), False)):
        story.at(f"{now} 10:00").do("resend_notice", Role.MANAGER, notice=first.key)
        said = render(letters(story, "closed")[-1].repeating(first)).body
        assert ("Until then we can open it again" in said) is offers


@pytest.mark.parametrize(
    "key", ["FO-2026-000123/99/reply/customer", "X-1/1/reply/customer", "reply", "a/b/c/d"]
)
def test_a_key_that_is_no_letters_is_refused(key: str) -> None:
    story = Story(**BOTH).do("acknowledge")
    for verb, role in (("resend_notice", Role.CASE_HANDLER), ("report_undelivered", Role.MANAGER)):
        assert isinstance(story.refused(verb, role, notice=key), InvalidCommand)


def test_a_letter_to_staff_or_to_nobodys_address_is_not_sent_again() -> None:
    story = Story(**ONLY_EMAIL).do("acknowledge")
    note = story.sent("new-complaint")[0]
    refused = story.refused("resend_notice", Role.CASE_HANDLER, notice=note.key)
    assert isinstance(refused, InvalidCommand)
    (first,) = letters(story, "acknowledgement")
    lose(story, first)
    nowhere = story.refused("resend_notice", Role.CASE_HANDLER, notice=first.key)
    assert isinstance(nowhere, WrongState)
