"""What a letter says: what happens next, what was found, who to ask, where else to turn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.errors import ReplyIncomplete
from letters.rendering import render
from letters.required_facts import Unwritable
from tests.domain.playing.stories import Story
from tests.promises.telling import for_each, letter, letters, read

ANSWERS = {
    "FO-10": ("financial-ombudsman", "manager"),
    "CP-9": ("customer-promise", None),
    "HC-7": ("housing-code", None),
    "LG-8": ("local-government-code", None),
    "SM-6": ("scottish-model", "manager"),
    "FC-4": ("financial-conduct", None),
    "NH-4": ("nhs-complaints", None),
}
answers = for_each(("charter", "stage"), ANSWERS)
WAY_ON = {
    "financial-ombudsman": "The Customer Complaints team. You can ask until Thursday 5 November",
    "customer-promise": "If you are not happy with this, please tell us.",
    "housing-code": "you can ask for the next step",
    "local-government-code": "you can ask for the next step",
    "scottish-model": "The Scottish Public Services Ombudsman",
    "financial-conduct": "The Financial Ombudsman Service",
    "nhs-complaints": "The Parliamentary and Health Service Ombudsman",
}
"""How each reply says that the complaint can be taken further."""


@answers
def test_an_answer_gives_decision_findings_what_is_put_right_and_the_way_on(
    charter: str, stage: str | None
) -> None:
    story = Story(charter, stage=stage).do(
        "reply", findings="Your letter was lost.", remedies=["We look for it again."]
    )
    (reply,) = (each for each in letters(story) if each.kind in {"reply", "final-reply"})

    said = read(reply)
    assert story.rules.stage(story.complaint.stage).title in said
    assert "WHAT WE DECIDED" in said
    assert "WHAT WE FOUND Your letter was lost." in said
    assert "We look for it again." in said
    assert WAY_ON[charter] in said


@answers
def test_an_answer_without_findings_or_decision_is_refused(charter: str, stage: str | None) -> None:
    story = Story(charter, stage=stage)
    for lacking in ({"findings": " "}, {"outcome": None}):
        assert isinstance(story.refused("reply", **lacking), ReplyIncomplete)
    assert story.sent("reply") == story.sent("final-reply") == []


def test_sm_6_the_answer_to_the_investigation_says_that_our_procedure_ends() -> None:
    story = Story("scottish-model", stage="manager").do("reply")
    assert "This was the last step of our own procedure." in letter(story, "final-reply")
    first = Story("scottish-model").do("reply")
    assert "This was the last step of our own procedure." not in letter(first, "reply")


NEXT = {"IS-5": ("insolvency-service", 15), "CS-5": ("casework-standards", 10)}


@for_each(("charter", "within"), NEXT)
def test_the_acknowledgement_says_what_is_next_by_when_how_that_was_counted_and_whom_to_ask(
    charter: str, within: int
) -> None:
    story = Story(charter).do("acknowledge")
    said = letter(story, "acknowledgement")

    due = "Monday 26 October 2026" if within == 15 else "Monday 19 October 2026"
    for words in (
        "WHAT HAPPENS NEXT We look into the complaint and send you a full answer",
        f"You will have our full answer by {due}.",
        f"{within} working days from Monday 5 October 2026",
        f"E-mail: {story.rules.charter.contact.email}",
    ):
        assert words in said


@for_each(("charter", "within"), NEXT)
def test_a_letter_that_does_not_say_them_cannot_be_written(charter: str, within: int) -> None:
    (notice,) = Story(charter).do("acknowledge").sent("acknowledgement")
    for fact in ("next_step", "due", "proof", "contact"):
        facts = {name: value for name, value in notice.facts.items() if name != fact}
        with pytest.raises(Unwritable, match=fact):
            render(replace(notice, facts=facts))


ELSEWHERE = {
    "CS-6": ("casework-standards", "Citizens' advice"),
    "HC-6": ("housing-code", "Ombudsman"),
    "LG-7": ("local-government-code", "Ombudsman"),
}


@for_each(("charter", "name"), ELSEWHERE)
def test_every_letter_names_others_who_can_help_and_how_to_reach_them(
    charter: str, name: str
) -> None:
    story = Story(charter).do("allocate").do("acknowledge").do("update").do("extend")
    story.at("2026-11-10 10:00").do("reply").do("accept", "customer")

    kinds = set()
    for each in letters(story):
        kinds.add(str(each.kind))
        _, _, further = read(each).partition("You can also turn to:")
        assert name in further
        assert "https://" in further
    assert {"acknowledgement", "more-time", "apology", "accepted"} < kinds


@for_each(("charter", "name"), ELSEWHERE)
def test_no_letter_names_others_whom_the_charter_does_not_name(charter: str, name: str) -> None:
    story = Story("customer-promise").do("acknowledge").do("update")
    assert not any("You can also turn to:" in read(each) for each in letters(story))


def test_is_8_nobody_is_sent_to_the_ombudsman_before_the_procedure_has_ended() -> None:
    story = Story("insolvency-service").do("acknowledge").do("update")
    assert not any("Ombudsman" in read(each) for each in letters(story))

    final = letter(story.do("reply"), "final-reply")

    assert "This was the last step of our own procedure." in final
    assert "ask your Member of Parliament to pass your complaint on" in final


def test_cs_9_every_letter_names_who_deals_with_it_and_how_they_are_reached() -> None:
    story = Story("casework-standards").do("allocate").do("introduce").do("acknowledge")
    story.do("update").do("reply")
    contact = story.rules.charter.contact
    for each in letters(story):
        said = read(each)
        assert "H Jones is dealing with your complaint" in said
        assert contact.email in said
        assert contact.phone in said


def test_cs_9_a_letter_gives_the_direct_lines_of_whoever_has_the_case() -> None:
    handler = {"id": "h.jones", "name": "H Jones", "email": "h.jones@x.example", "phone": "0300 1"}
    story = Story("casework-standards").do("allocate", handler=handler).do("acknowledge")
    (letter,) = story.sent("acknowledgement")
    body = render(letter).body
    assert "H Jones, by e-mail: h.jones@x.example" in body
    assert "H Jones, by telephone: 0300 1" in body
    other = {"id": "k.lee", "name": "K Lee", "email": "k.lee@x.example"}
    story.do("reassign", handler=other)
    body = render(story.sent("new-handler")[-1]).body
    assert "K Lee, by e-mail: k.lee@x.example" in body
    assert "h.jones@x.example" not in body


def test_cs_9_a_new_handler_is_told_at_once_and_the_old_one_named_no_more() -> None:
    story = Story("casework-standards").do("allocate").do("reassign")
    assert "A New is now dealing with your complaint" in letter(story, "new-handler")

    story.do("update")

    assert "H Jones" not in letter(story, "progress")


def test_fo_14_what_belongs_elsewhere_is_shown_the_way_there_and_never_dropped() -> None:
    story = Story(about=["outcome", "data-protection"])
    said = letter(story, "out-of-scope")
    assert "How we decide cases" in said
    assert "Our privacy policy" in said
    assert story.events[0].opening.about == ("outcome", "data-protection")
    assert Story(about=["delay"]).sent("out-of-scope") == []
