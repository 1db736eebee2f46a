"""Each line of the timeline reads as somebody would say it, whatever staff typed into it."""

from __future__ import annotations

import pytest

from domain.charter.rules import pack, unpack
from domain.complaint.views.timeline import line
from domain.vocabulary import Correspondent
from letters.rendering import render
from tests.domain.playing.england import ENGLAND
from tests.domain.playing.stories import Story, rules_of


def told(story: Story) -> str:
    """The last line of the timeline."""
    return line(story.events[-1], story.rules.calendar)


def replied() -> Story:
    return Story().do("acknowledge").do("reply", remedies=["A letter of apology."])


def test_what_was_typed_without_a_full_stop_gets_one_before_the_line_goes_on() -> None:
    story = Story().do("apply_closure", by="administrator", reason="The office is flooded")
    assert "The office is flooded. Moved:" in told(story)
    story.do("restrict_contact", reason="Staff were threatened")
    assert "Staff were threatened. Approved by The approver" in told(story)
    story.do("name_representative").do("give_authority", how="on paper", scope="Speak for her.")
    assert told(story).endswith("They may: Speak for her.")


def test_a_conflict_of_whoever_has_it_is_told_in_two_sentences() -> None:
    story = Story().do("allocate")
    handler = {"id": "a.new", "name": "A New", "phone": "0300 1"}
    story.do(
        "declare_conflict", by="manager", person={"id": "h.jones", "name": "H Jones"},
        handler=handler, reason="They are my neighbours",
    )  # fmt: skip
    assert "They are my neighbours. A New took over." in told(story)


def test_what_a_reply_undertakes_has_one_full_stop() -> None:
    assert "Remedies: A letter of apology. Heard:" in told(replied())


def test_a_question_is_not_followed_by_a_full_stop() -> None:
    story = Story().do("acknowledge").do("ask_information", questions=["When did you ring?"])
    assert told(story).endswith("When did you ring?")


def test_a_complaint_closed_for_a_reason_goes_on_with_who_approved_it() -> None:
    story = Story("casework-standards").do("acknowledge")
    story.do("record_contact").do("answer_contact").do("close", reason="It was a question")
    assert "It was a question. Approved by A Second" in told(story)


@pytest.mark.parametrize(
    ("kind", "said"), [("organisation", "as an organisation acts"), ("mp", "as an MP acts")]
)
def test_whoever_acts_has_the_article_that_they_need(kind: str, said: str) -> None:
    charter = rules_of("financial-ombudsman").charter
    whom = (Correspondent(kind),)
    changed = tuple(
        each.model_copy(update={"exempt": whom}) if each.exempt else each
        for each in charter.promises
    )
    rules = unpack(pack(charter.model_copy(update={"promises": changed}), ENGLAND))
    helper = {"kind": kind, "name": "Help", "email": "help@example.org"}
    opened = Story(rules=rules, representative=helper | {"authorised": True})
    assert said in line(opened.events[0])
    given = Story(rules=rules, representative=helper).do("give_authority", who="Help")
    assert said in line(given.last("authority-given"))


def test_an_appointment_that_we_did_not_keep_is_arranged_anew_only_while_the_complaint_is_open() -> (
    None
):
    story = Story().do("acknowledge").do("request_appointment").do("arrange_appointment")
    story.at("2026-10-15 16:00").do("withdraw", by="customer")
    story.do("record_appointment", held="not-held-by-us")
    assert "is arranged anew unless the complaint is closed" in told(story)
    assert story.complaint.appointments[0].state == "cancelled"


def test_a_call_that_nobody_took_says_which_contact_it_was_about_before_that() -> None:
    story = Story().do("record_contact").do("return_call", reached=False, summary="Twice.")
    assert told(story) == "Tried to ring back about contact 1, and nobody answered: Twice."


def test_feedback_is_not_said_to_be_a_complaint() -> None:
    story = Story("casework-standards", about=["feedback"])
    said = line(story.events[0], story.rules.calendar)
    assert said == "Feedback received by email on Monday 5 October 2026; it opens at case-handler."


def test_a_complaint_that_is_opened_again_has_not_gone_from_its_stage_to_itself() -> None:
    story = Story("customer-promise").do("reply", remedies=[]).do("reopen")
    note = " ".join(render(story.sent("stage-entered")[-1]).body.split())
    assert note.startswith("The complaint has been opened again")
    assert "New papers came." in note
