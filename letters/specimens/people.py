"""Specimens in which people ask, meet and stand in for each other."""

from __future__ import annotations

from letters.specimens.player import Played
from letters.specimens.steps import (
    ANOTHER,
    APPROVER,
    FRIEND,
    HANDLER,
    MEMBER,
    New,
    begin,
    contact,
    reply,
)


def asked(essential: bool, new: New) -> Played:
    """The customer is asked, reminded, and does not answer."""
    story = new(details="", remedy_sought=None, contact_so_far=None)
    begin(story)
    questions = ["On which day did you ring?"]
    story.do("ask_information", questions=questions, essential=essential)
    story.do("revise_information", answer_by=story.day(15), reason="You are in hospital")
    story.wait(28 if essential else 90)
    if not essential:
        return story
    story.wait(12)
    story.do("reopen", "manager", reason="You were ill")
    return story


def answers(new: New) -> Played:
    """The customer answers one question, is heard late on another; a third is taken back."""
    story = new()
    begin(story)
    story.do("ask_information", questions=["On which day did you ring?"])
    story.do("record_information", summary="It was 3 May.")
    story.do("ask_information", questions=["Whom did you speak to?"])
    story.do("revise_information", reason="We found the note of the call")
    story.do("ask_information", questions=["What did they say?"], essential=True)
    story.wait(24)
    contact(story, "I have been away.")
    story.wait(40)
    return story


def appointments(new: New) -> Played:
    """Asked for, arranged, moved, missed by either side."""
    story = new(channel="visit")
    begin(story)
    said = {"about": "To go through my papers", "with_whom": "Whoever deals with rents"}
    for held in ("late", "not-held-by-us", "not-attended", None):
        story.do("request_appointment", requested_at=story.now, **said)
        asked = story.complaint.appointments
        which = asked[-1].number if asked else 1
        officer, at = {"id": "p.officer", "name": "P Officer"}, f"{story.day(3)}T14:30:00+00:00"
        story.do("arrange_appointment", appointment=which, at=at, officer=officer, place="Room 3")
        if held:
            story.wait(6)
            note = "The officer was held up"
            story.do("record_appointment", appointment=which, held=held, note=note)
    which = story.complaint.appointments[-1].number if story.complaint.appointments else 1
    for why, anew in ("The officer is ill", True), ("You asked us to", False):
        story.do("cancel_appointment", appointment=which, reason=why, arrange_anew=anew)
    story.do("request_appointment", requested_at=story.now, **said)
    story.do("withdraw", "customer", reason="It has been settled")
    return story


def helped(new: New) -> Played:
    """A friend wants to act, may, and no longer may."""
    story = new(representative=FRIEND)
    begin(story)
    story.do("ask_authority")
    story.wait(30)
    story.do("give_authority", how="A signed letter", scope="Everything but payments")
    contact(story, "May I see what was found?", "letter", "mp")
    story.do("name_representative", representative=MEMBER)
    reply(story)
    story.do(
        "withdraw_authority", "customer", who=FRIEND["name"], reason="I see to it myself again"
    )
    return story


def informed(new: New) -> Played:
    """A solicitor acts; the customer asks to hear directly as well."""
    solicitor = FRIEND | {"kind": "professional", "authorised": True}
    story = new(representative=solicitor)
    begin(story)
    story.do("hear_directly", "customer")
    return story


def limited(new: New) -> Played:
    """Contact is limited, looked at again and set free."""
    story = new()
    begin(story)
    limits = [{"kind": "channels", "channels": ["phone", "visit"]},
              {"kind": "frequency", "text": "One letter a week is answered"}]  # fmt: skip
    why = "Calls in which our staff were threatened"
    story.do(
        "restrict_contact", limits=limits, reason=why, approved_by=APPROVER, review_on=story.day(20)
    )
    contact(story, "You cannot stop me writing.")
    story.do("update", message="We have asked the branch for its papers.")
    story.wait(35)
    story.do("review_restriction", "administrator", keep=True, reason=why, review_on=story.day(20))
    reply(story)
    story.do("lift_restriction", "administrator", reason="It has been quiet since")
    return story


def handed_on(new: New) -> Played:
    """Somebody new has it; a conflict comes to light."""
    story = new(
        about=["conduct"], subject_case={"reference": "C-9", "open": True, "handler": HANDLER}
    )
    story.do("allocate", handler=ANOTHER)
    story.do("reassign", handler={**HANDLER, "id": "m.roe", "name": "M Roe"}, reason="absence")
    story.do(
        "declare_conflict", reason="They are neighbours", person={"id": "m.roe", "name": "M Roe"}
    )
    return story
