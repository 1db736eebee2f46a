"""IS-3, IS-6: a member of a parliament who writes is answered, and several may act, each with their own authority."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.complaint.decider.registry import EVENTS_JSON
from domain.errors import InvalidCommand, NotAuthorised, WrongRole, WrongState
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, person, rules_of

IS = "insolvency-service"
MEMBER: dict[str, Any] = {"kind": "mp", "name": "A Member", "email": "mp@parliament.example"}
DAUGHTER: dict[str, Any] = {"kind": "relative", "name": "D Price", "email": "d@price.example"}
SECRET = "The cheque lay in a drawer."
every_charter = pytest.mark.parametrize("charter", SHIPPED)
both_languages = pytest.mark.parametrize("language", ["en", "cy"])


def letters_to(story: Story, name: str) -> list[str]:
    """The kinds of the letters that went to them."""
    return [str(notice.kind) for notice in story.notices if notice.recipient.name == name]


def to_member(story: Story) -> list[str]:
    """The texts of the letters that went to the member."""
    return [render(n).body for n in story.notices if n.recipient.name == "A Member"]


def both(charter: str = IS, **opening: Any) -> Story:
    """Brought by the member with authority; the daughter has her own."""
    story = Story(charter, representative=MEMBER | {"authorised": True}, **opening)
    return story.do("name_representative", representative=DAUGHTER).do(
        "give_authority", who="D Price"
    )


# --- a member is answered -------------------------------------------------------------------------


@both_languages
@every_charter
def test_is_3_a_member_without_authority_is_answered_and_told_nothing_of_the_case(
    charter: str, language: str
) -> None:
    story = Story(charter, representative=MEMBER, complainant_language=language)
    story.do("allocate").do("acknowledge").do("update").do("reply", findings=SECRET)
    (told,) = to_member(story)
    assert "Ann Price" in told
    assert SECRET not in told
    for stage in rules_of(charter).charter.stages[1:]:
        assert stage.title not in told
    assert "0300 000 0001" not in told


@every_charter
def test_is_3_a_member_with_authority_reads_the_answer_itself(charter: str) -> None:
    story = Story(charter, representative=MEMBER | {"authorised": True}).do(
        "reply", findings=SECRET
    )
    assert SECRET in to_member(story)[-1]
    assert "answered-directly" not in story.told()


def test_is_3_where_letters_go_to_the_customer_alone_the_member_hears_that_they_were_answered() -> (
    None
):
    story = Story(IS, representative=MEMBER).do("give_authority", notices_to="customer")
    story.do("reply", findings=SECRET)
    assert story.states("IS-3") == ["met"]
    assert letters_to(story, "A Member") == ["authority-given", "answered-directly"]
    assert SECRET not in to_member(story)[-1]


@pytest.mark.parametrize("authorised", [True, False])
def test_is_3_a_later_letter_of_the_members_is_answered_to_the_member(authorised: bool) -> None:
    story = Story(IS, representative=MEMBER | {"authorised": authorised})
    story.do("record_contact", channel="letter", from_whom="mp", summary="May I see it?")
    story.do("answer_contact", summary=SECRET)
    assert story.states("IS-3/contact") == ["met"]
    kind = "contact-answer" if authorised else "answered-directly"
    assert letters_to(story, "A Member")[-1] == kind
    assert (SECRET in to_member(story)[-1]) is authorised
    assert "contact-answer" in letters_to(story, "Ann Price")


@every_charter
def test_is_3_a_member_whom_nothing_names_is_named_before_they_are_answered(charter: str) -> None:
    story = Story(charter).do("record_contact", channel="letter", from_whom="mp")
    assert isinstance(story.refused("answer_contact"), WrongState)
    story.do("name_representative", representative=MEMBER).do("answer_contact")
    assert letters_to(story, "A Member") == ["answered-directly"]


def test_is_3_a_reply_that_does_not_reach_the_member_ends_no_clock_of_theirs() -> None:
    story = Story(IS).do("record_contact", channel="letter", from_whom="mp").do("reply")
    assert story.states("IS-3/contact") == ["running"]
    named = Story(IS).do("record_contact", channel="letter", from_whom="mp")
    named.do("name_representative", representative=MEMBER).do("reply")
    assert named.states("IS-3/contact") == ["stopped"]
    assert letters_to(named, "A Member") == ["answered-directly"]


def test_is_6_a_member_whom_only_the_customer_named_hears_nothing_without_authority() -> None:
    story = Story(IS).do("name_representative", representative=MEMBER).do("reply")
    assert letters_to(story, "A Member") == []


# --- several act ----------------------------------------------------------------------------------


def test_is_6_each_has_their_own_authority_and_their_own_letters() -> None:
    story = both().do("acknowledge")
    for name in ("Ann Price", "A Member", "D Price"):
        assert "acknowledgement" in letters_to(story, name)
    assert len({notice.key for notice in story.notices}) == len(story.notices)
    story.do("record_contact", from_whom="representative", summary="When?")
    story.do("answer_contact", summary="On Monday.")
    assert "contact-answer" in letters_to(story, "D Price")
    assert "contact-answer" not in letters_to(story, "A Member")
    story.do("record_contact", channel="letter", from_whom="mp").do("answer_contact", contact=2)
    assert letters_to(story, "A Member").count("contact-answer") == 1
    assert letters_to(story, "D Price").count("contact-answer") == 1
    events = tuple(story.events)
    assert EVENTS_JSON.validate_json(EVENTS_JSON.dump_json(events)) == events


def test_is_6_who_loses_their_authority_hears_no_more_and_the_other_goes_on() -> None:
    story = both().do("withdraw_authority", who="D Price")
    before = len(letters_to(story, "D Price"))
    story.do("acknowledge").do("reply", findings=SECRET)
    assert len(letters_to(story, "D Price")) == before
    assert letters_to(story, "A Member")[-1] == "final-reply"
    assert SECRET in to_member(story)[-1]


def test_is_6_who_is_named_beside_somebody_may_do_nothing_by_their_authority() -> None:
    story = Story(IS, representative=MEMBER | {"authorised": True})
    story.do("name_representative", representative=DAUGHTER)
    daughter = person("d.price", "representative")
    assert isinstance(story.refused("withdraw", daughter), NotAuthorised)
    story.do("give_authority", who="D Price")
    assert story.do("withdraw", daughter).state == "closed"


def test_is_6_of_several_it_is_said_who_is_meant() -> None:
    story = both()
    assert isinstance(story.refused("withdraw_authority"), InvalidCommand)
    assert isinstance(story.refused("withdraw_authority", who="Nobody"), InvalidCommand)
    story.do("withdraw_authority", who="a member")
    assert isinstance(story.refused("ask_authority", who="D Price"), WrongState)
    story.do("ask_authority")
    assert story.last("authority-asked").who == "A Member"


@both_languages
def test_is_6_whoever_still_acts_is_not_said_to_have_gone_too(language: str) -> None:
    story = both(complainant_language=language).do("withdraw_authority", who="A Member")
    (first,) = story.sent("authority-withdrawn", "customer")
    assert "D Price" in render(first).body
    story.do("withdraw_authority", who="D Price")
    last = render(story.sent("authority-withdrawn", "customer")[-1])
    assert "A Member" not in last.body
    nobody = {"en": "nobody acts for you", "cy": "nid oes neb"}[language]
    assert nobody in last.subject
    assert nobody not in render(first).subject


def test_is_6_what_one_has_said_is_the_customers_word_and_what_the_other_has_is_not() -> None:
    story = Story(IS, representative=MEMBER)
    story.do("name_representative", representative=DAUGHTER).do("give_authority", who="D Price")
    story.do("record_contact", from_whom="mp").do("record_contact", from_whom="representative")
    assert [each.theirs for each in story.complaint.contacts] == [False, True]


def test_is_6_each_is_waited_for_on_their_own() -> None:
    story = Story(IS, representative=MEMBER).at("2026-10-06 10:00")
    story.do("name_representative", representative=DAUGHTER).at("2026-10-22 10:00")
    asked = [n.facts["representative_name"] for n in story.sent("authority-reminder")]
    assert asked == ["A Member", "D Price"]


def test_fo_5_one_professional_is_enough_for_what_is_not_promised() -> None:
    solicitor = {"kind": "professional", "name": "R Law", "email": "law@x.example"}
    story = Story(representative=DAUGHTER | {"authorised": True}).do("allocate")
    story.do("name_representative", representative=solicitor)
    assert story.states("FO-2") == ["running"]
    story.do("give_authority", who="R Law")
    assert story.states("FO-2") == ["stopped"]
    story.do("withdraw_authority", who="R Law")
    assert story.states("FO-2") == ["stopped", "running"]


@pytest.mark.parametrize("verb", ["name_representative", "give_authority"])
def test_only_the_customer_side_or_staff_give_authority(verb: str) -> None:
    story = both()
    said = {"representative": MEMBER | {"name": "X"}} if verb == "name_representative" else {}
    by = person("d.price", Role.REPRESENTATIVE)
    assert isinstance(story.refused(verb, by, **said), WrongRole)


def test_nobody_lays_down_the_authority_of_another() -> None:
    story, daughter = both(), person("d.price", "representative")
    refused = story.refused("withdraw_authority", daughter, who="A Member")
    assert isinstance(refused, NotAuthorised)
    assert "A Member" in str(refused)
    story.do("withdraw_authority", daughter)
    assert story.last("authority-withdrawn").who == "D Price"
    assert [each.who.name for each in story.complaint.acting] == ["A Member"]
    assert isinstance(story.refused("withdraw_authority", daughter, who="A Member"), NotAuthorised)


def test_whichever_of_those_who_may_act_wrote_it_is_the_customers_word() -> None:
    son = DAUGHTER | {"name": "S Price", "email": "s@price.example"}
    story = both("customer-promise").do("name_representative", representative=son)
    story.do("record_contact", from_whom="representative")  # it may be the one who may not act
    story.do("give_authority", who="S Price").do("reply", outcome="not-upheld", remedies=[])
    story.do("record_contact", from_whom="representative", asks_next_stage=True)
    story.do("record_contact", from_whom="representative", who="Nobody")
    assert [each.theirs for each in story.complaint.contacts] == [False, True, False]
    assert story.until(story.now + timedelta(days=90)).state == "replied"
