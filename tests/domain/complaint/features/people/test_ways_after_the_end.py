"""After the end letters may still come: how, in which language and to whom they do can still be said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.errors import InvalidCommand
from domain.notices import Notice, NoticeKind
from domain.vocabulary import WAYS, Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story

ANOTHER = {"kind": "friend", "name": "B Friend", "email": "friend@x.org"}
ENDS = ("accept", "withdraw", "close", "silence")
OF_OPEN_ONES = (
    "how often", "as our standards say", "You can do so at any time", "we go on", "our dates to you", "hold anything up",
    "As long as the complaint is open",
    "pa mor aml", "Gallwch wneud hynny unrhyw bryd", "rydym yn mynd ymlaen", "ein dyddiadau i chi", "yn dal dim yn ôl",
)  # fmt: skip
"""What only a letter about an open complaint says."""


def ended(charter: str, how: str, *before: tuple[str, dict[str, Any]], **opening: Any) -> Story:
    """A complaint that ended in that way, after these verbs."""
    story = Story(charter, **opening)
    for verb, said in before:
        story.do(verb, Role.UPSTREAM_APP, **said)
    if how in ("accept", "silence"):
        story.do("reply", remedies=["Another letter"])
    if how != "silence":
        story.do(how, None if how == "close" else Role.CUSTOMER)
    while story.complaint.closed is None:
        story.until(story.now + timedelta(days=10))
    return story


def said(notices: list[Notice]) -> list[str]:
    """The letters, each on one line."""
    return [" ".join(render(each).body.split()) for each in notices]


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("charter", SHIPPED)
def test_every_wish_about_letters_but_how_often_is_kept_after_the_end(
    charter: str, how: str
) -> None:
    story = ended(charter, how)
    live = [clock.id for clock in story.complaint.clocks if clock.live]
    wish = {"channel": "letter", "address": "2 Hill Street", "adjustments": ["Large print"]}
    story.do("prefer", Role.CUSTOMER, language="cy", **wish)
    story.do("record_contact", Role.UPSTREAM_APP).do("acknowledge", contact=1)
    (letter,) = story.sent("contact-acknowledged", "customer")[-1:]
    to = letter.recipient
    assert (to.channel, to.language, to.adjustments) == ("letter", "cy", ("Large print",))
    assert live == [c.id for c in story.complaint.clocks if c.live and not c.contact]


@pytest.mark.parametrize("interval", ["none", {"weeks": 2}])
def test_how_often_is_not_taken_where_no_regular_letter_follows(interval: Any) -> None:
    story = ended("financial-ombudsman", "withdraw")
    refused = story.refused("prefer", Role.CUSTOMER, update_interval=interval)
    assert isinstance(refused, InvalidCommand)
    assert "no regular updates follow" in refused.message


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("charter", SHIPPED)
def test_somebody_can_act_for_the_customer_after_the_end_and_the_customer_hears_directly(
    charter: str, how: str
) -> None:
    story = ended(charter, how)
    before = [clock.id for clock in story.complaint.clocks]
    story.do("name_representative").do("ask_authority")
    story.do("give_authority", Role.UPSTREAM_APP, notices_to="representative")
    assert [clock.id for clock in story.complaint.clocks] == before
    story.do("record_contact").do("acknowledge", contact=1)
    assert [n.recipient.name for n in story.sent("contact-acknowledged")] == ["A Cousin"]
    story.do("hear_directly", Role.CUSTOMER).do("record_contact").do("acknowledge", contact=2)
    names = {n.recipient.name for n in story.sent("contact-acknowledged")[1:]}
    assert names == {"A Cousin", "Ann Price"}
    event = story.last("heard-directly")
    assert event.promised == ()


def test_nobody_is_reminded_of_authority_on_what_is_closed() -> None:
    story = ended("insolvency-service", "withdraw").do("name_representative")
    assert story.last("representative-named").remind_on is None
    assert story.do("ask_authority").last("authority-asked").remind_on is None


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("charter", SHIPPED)
def test_their_letters_say_nothing_that_is_true_of_open_complaints_alone(
    charter: str, language: str
) -> None:
    story = ended(charter, "accept", complainant_language=language)
    after = len(story.notices)
    story.do("name_representative").do("ask_authority").do("give_authority", Role.UPSTREAM_APP)
    story.do("prefer", Role.CUSTOMER, adjustments=["Large print"])
    story.do("hear_directly", Role.CUSTOMER)
    story.do("withdraw_authority", Role.CUSTOMER)
    kinds = {
        NoticeKind.AUTHORITY_REQUEST, NoticeKind.AUTHORITY_GIVEN, NoticeKind.PREFERENCES_NOTED,
        NoticeKind.HEARD_DIRECTLY, NoticeKind.AUTHORITY_WITHDRAWN,
    }  # fmt: skip
    letters = [each for each in story.notices[after:] if each.kind in kinds]
    assert {each.kind for each in letters} == kinds
    for text in said(letters):
        own = text.partition("WHAT HAPPENS NEXT")[0].partition("BETH SY'N DIGWYDD NESAF")[0]
        assert not [words for words in OF_OPEN_ONES if words in own], text


@pytest.mark.parametrize("verb", WAYS)
def test_what_a_merged_complaint_still_owes_comes_as_they_wish_too(verb: str) -> None:
    story = Story(stage="manager").do("reply").do("name_representative")
    story.do("give_authority", Role.UPSTREAM_APP)
    if verb == "give_authority":
        story.do("withdraw_authority", Role.CUSTOMER)
    story.do("escalate", Role.CUSTOMER, to="complaints-team").do("merge", Role.ADMINISTRATOR)
    assert story.complaint.remedies_owed
    before = len(story.notices)
    said = {"representative": ANOTHER} if verb == "name_representative" else {}
    story.do(verb, Role.CUSTOMER, **said)
    assert len(story.notices) > before
