"""Whoever comes to hear of the case after the reply is sent the reply, and nobody's time moves by that."""

from __future__ import annotations

import pytest

from domain.complaint.features.people.reaching import ReportUndeliverable
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story

COUSIN = {"kind": "relative", "name": "A Cousin", "email": "cousin@x.org"}
REPLIES = ("reply", "final-reply")


def replied(charter: str, language: str = "en") -> Story:
    """Answered on 6 October; it is two days later."""
    story = Story(charter, complainant_language=language).do("acknowledge")
    return story.at("2026-10-06 10:00").do("reply").at("2026-10-08 10:00")


def replies_to(story: Story, whom: str) -> list[str]:
    """The reply as they read it, each time it was sent to them."""
    sent = [n for kind in REPLIES for n in story.sent(kind, whom)]
    return [" ".join(render(each).body.split()) for each in sent]


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("charter", SHIPPED)
def test_a_representative_who_is_authorised_after_the_reply_is_sent_it(
    charter: str, language: str
) -> None:
    story = replied(charter, language).do("name_representative", representative=COUSIN)
    assert replies_to(story, "representative") == []
    until = story.complaint.reply and story.complaint.reply.until
    story.do("give_authority", Role.CUSTOMER)
    (told,) = replies_to(story, "representative")
    assert "We were slow." in told
    day = {
        "en": "We gave this answer on Tuesday 6 October 2026",
        "cy": "ddydd Mawrth 6 Hydref 2026",
    }
    assert day[language] in told
    assert "did not reach you" not in told
    assert len(replies_to(story, "customer")) == 1
    assert story.complaint.reply
    assert story.complaint.reply.until == until


@pytest.mark.parametrize("charter", SHIPPED)
def test_it_is_sent_only_to_whom_letters_go_and_once(charter: str) -> None:
    story = replied(charter).do("name_representative", representative=COUSIN)
    story.do("give_authority", Role.CUSTOMER, notices_to="customer")
    assert replies_to(story, "representative") == []
    again = replied(charter).do("name_representative", representative=COUSIN)
    again.do("give_authority", Role.CUSTOMER)
    again.do("withdraw_authority", Role.CUSTOMER).do("give_authority", Role.CUSTOMER)
    assert len(replies_to(again, "representative")) == 1


@pytest.mark.parametrize("verb", ["withdraw_authority", "hear_directly"])
@pytest.mark.parametrize("charter", SHIPPED)
def test_a_customer_who_hears_directly_only_after_the_reply_is_sent_it(
    charter: str, verb: str
) -> None:
    story = Story(charter).do("name_representative", representative=COUSIN)
    story.do("give_authority", Role.CUSTOMER, notices_to="representative").do("acknowledge")
    story.at("2026-10-06 10:00").do("reply").at("2026-10-08 10:00")
    assert replies_to(story, "customer") == []
    story.do(verb, Role.CUSTOMER)
    assert len(replies_to(story, "customer")) == 1
    assert len(replies_to(story, "representative")) == 1


def test_a_reply_that_did_not_arrive_goes_to_all_of_them_once() -> None:
    story = replied("casework-standards").do("name_representative", representative=COUSIN)
    (reply,) = story.sent("reply", "customer")
    story.play(ReportUndeliverable(notice=reply.key, reason="No such mailbox"))
    story.do("give_authority", Role.CUSTOMER)
    assert len(replies_to(story, "representative")) == 1
    assert len(replies_to(story, "customer")) == 2
    assert "reply-passed-on" not in story.kinds


def test_nothing_is_sent_of_a_reply_that_a_later_stage_has_left_behind() -> None:
    story = replied("financial-ombudsman").do("escalate", Role.CUSTOMER)
    story.do("name_representative", representative=COUSIN).do("give_authority", Role.CUSTOMER)
    assert replies_to(story, "representative") == []
