"""A flood is one thing: what a limit of contact says takes the place of the clocks by channel."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.clocks.clock import Clock
from domain.complaint.contact_limits import Limit
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import ContactLimit, Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story

MONTHLY: dict[str, Any] = {
    "limits": [{"kind": "frequency", "text": "One answer a month."}],
    "review_on": "2026-12-01",
}
CS = "casework-standards"


def words(notice: Notice) -> str:
    """The letter on one line."""
    return " ".join(render(notice).body.split())


def limited(charter: str = CS, **opening: Any) -> Story:
    """Acknowledged, and contact is limited to one answer a month."""
    story = Story(charter, **opening).do("allocate").do("acknowledge")
    return story.do("restrict_contact", Role.ADMINISTRATOR, **MONTHLY)


def flood(story: Story, e_mails: int = 20) -> Story:
    """So many e-mails in four weeks."""
    for _ in range(e_mails):
        story.until(story.now + timedelta(days=28 / e_mails)).do("record_contact")
    return story


def to_staff(story: Story) -> int:
    """How many notices staff got."""
    return sum(notice.recipient.kind is RecipientKind.STAFF for notice in story.notices)


def of_contacts(story: Story) -> list[Clock]:
    """The clocks that what came in has started."""
    own = story.rules.starting.get("contact-received", ())
    keys = {rule.key for rule in own}
    return [clock for clock in story.complaint.clocks if clock.promise in keys]


@pytest.mark.parametrize("charter", SHIPPED)
def test_cs_11_twenty_e_mails_of_a_limited_customer_are_one_clock_and_few_notices(
    charter: str,
) -> None:
    quiet, story = limited(charter), flood(limited(charter))
    quiet.until(story.now)
    clocks = of_contacts(story)
    assert len([clock for clock in clocks if not clock.renewal]) <= 1
    assert len(story.complaint.clocks) - len(quiet.complaint.clocks) <= 2
    assert story.complaint.missed - quiet.complaint.missed <= 1
    assert to_staff(story) - to_staff(quiet) <= 10
    assert len(story.complaint.contacts) == 20, "each is on record"


@pytest.mark.parametrize("charter", SHIPPED)
def test_one_unanswered_e_mail_makes_few_notices_in_thirteen_weeks(charter: str) -> None:
    quiet = Story(charter).do("allocate").do("acknowledge").at("2027-01-04 10:00")
    story = Story(charter).do("allocate").do("acknowledge").do("record_contact")
    story.at("2027-01-04 10:00")
    assert to_staff(story) - to_staff(quiet) <= 16
    assert to_staff(story) <= 45


def test_cs_11_everything_that_came_is_answered_at_once_and_the_next_has_a_month_of_its_own() -> (
    None
):
    story = flood(limited(), 5)
    (clock,) = of_contacts(story)
    assert clock.together
    assert story.due(clock.promise) == date(2026, 11, 11)
    story.do("answer_contact", contact=3)
    assert all(each.answered for each in story.complaint.contacts)
    assert [each.state for each in of_contacts(story)] == ["met"]
    story.do("record_contact")
    assert [each.state for each in of_contacts(story)] == ["met", "running"]


def test_cs_11_to_acknowledge_one_of_many_is_no_answer() -> None:
    story = limited().do("record_contact").do("acknowledge", contact=1)
    assert [each.state for each in of_contacts(story)] == ["running"]


def test_cs_11_a_message_by_phone_among_them_is_answered_with_the_others() -> None:
    story = limited().do("record_contact", channel="phone").do("record_contact")
    story.do("answer_contact", contact=2)
    assert [each.state for each in of_contacts(story)] == ["met"]
    assert all(each.answered for each in story.complaint.contacts)


def test_cs_11_what_waits_when_the_limit_begins_is_answered_by_the_date_that_the_letter_gives() -> (
    None
):
    story = Story(CS).do("record_contact").at("2026-10-06 12:00").do("record_contact")
    story.do("restrict_contact", Role.ADMINISTRATOR, **MONTHLY)
    assert [each.state for each in of_contacts(story)] == ["stopped"] * 4 + ["running"]
    (letter,) = story.sent(NoticeKind.CONTACT_LIMITED, "customer")
    due = story.due("CS-2/contact")
    assert letter.facts["answer_by"] == due.isoformat() == "2026-11-06"
    said = "We answer all of it together, once in this time: 1 month."
    assert said in words(letter)
    assert "What you have sent us so far is answered by Friday 6 November 2026." in words(letter)


def test_cs_11_in_welsh_too() -> None:
    story = limited(complainant_language="cy")
    (letter,) = story.sent(NoticeKind.CONTACT_LIMITED, "customer")
    assert "Byddwn yn ateb y cyfan gyda'i gilydd, unwaith yn yr amser hwn: 1 mis." in words(letter)


def test_cs_11_a_miss_of_it_is_told_as_what_it_is() -> None:
    story = limited().do("record_contact").at("2026-11-06 10:00")
    letters = [n for n in story.sent("apology", "customer") if n.facts["own_time"]]
    assert "everything that you send us is answered together" in words(letters[-1])
    assert story.clock("CS-2/contact").together


def test_cs_11_others_are_answered_as_ever_and_so_is_the_customer_once_the_limit_ends() -> None:
    story = limited(
        representative={"kind": "friend", "name": "B", "email": "b@x.org", "authorised": True}
    )
    story.do("record_contact", from_whom="representative")
    assert [each.contact for each in of_contacts(story)] == [1, 1]
    story.do("lift_restriction", Role.MANAGER).do("record_contact")
    assert [each.contact for each in of_contacts(story)] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("One answer a month.", "1 month"), ("One e-mail a week is answered", "1 week"),
        ("An answer every two weeks", "2 weeks"), ("one reply per fortnight", "2 weeks"),
        ("We answer every 5 working days", "5 working days"), ("Rarely.", "None"),
        ("two answers a week", "None"), ("no more than two e-mails a month", "None"),
        ("We ring you once a week", "None"), ("We answer two e-mails a month", "None"),
        ("Please send at most five letters in three months", "None"),
    ],
)  # fmt: skip
def test_a_limit_says_in_how_long_or_says_it_in_its_text(text: str, period: str) -> None:
    assert str(Limit(kind=ContactLimit.FREQUENCY, text=text).period) == period
    said = Limit.model_validate({"kind": "frequency", "text": "Rarely.", "every": "2 weeks"})
    assert str(said.period) == "2 weeks"
    with pytest.raises(ValidationError, match="for the limit 'frequency'"):
        Limit.model_validate({"kind": "only-in-writing", "every": {"weeks": 2}})


def test_a_limit_that_names_no_time_leaves_the_clocks_as_they_are() -> None:
    said = MONTHLY | {"limits": [{"kind": "frequency", "text": "Rarely."}]}
    story = Story(CS).do("restrict_contact", Role.ADMINISTRATOR, **said).do("record_contact")
    assert [each.contact for each in of_contacts(story)] == [1, 1]
    assert "together" not in words(story.sent(NoticeKind.CONTACT_LIMITED, "customer")[0])
