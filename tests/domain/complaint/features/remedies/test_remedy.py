"""One remedy through its core: owed, accepted, done, refused, warned of, overdue, reminded."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest

from domain.charter.feature_tables import RemedyTerms
from domain.charter.rules import pack
from domain.complaint.decider.timers import finished
from domain.complaint.features.people.reaching import ReportUndeliverable
from domain.complaint.views.read_model import next_due, remedy_standing
from letters.rendering import render
from tests.domain.playing.remedy_stories import RemedyStory
from tests.domain.playing.stories import local

PAYMENT = {"text": "We will pay you £50", "kind": "payment"}
ADVICE = {"text": "Log every letter", "kind": "recommendation"}
# Promised on Tuesday 6 October 2026: ten working days end on the 20th, twenty on 3 November.


def test_is_9_a_mistake_that_is_put_right_in_time_is_told_and_settled() -> None:
    story = RemedyStory(PAYMENT).at("2026-10-15 10:00").do("do_remedy", "complaints-team")
    assert story.kinds == ["done"]
    assert story.remedy.due == date(2026, 10, 20)
    assert story.told() == ["remedy-owed to complaints-team", "remedy-done to customer"]
    assert "We paid it into the account." in render(story.notices[-1]).body
    standing = remedy_standing(story.story.complaint, story.remedy)
    assert (standing.state, standing.reason) == ("done", "We paid it into the account.")
    assert standing.ended_at == story.story.now


def test_is_9_its_owner_is_warned_before_the_date_and_reminded_until_it_is_done() -> None:
    story = RemedyStory(PAYMENT).at("2026-11-10 10:00")
    assert story.kinds == ["warned", "missed", "reminded", "missed"]
    warned, missed, reminded, again = story.events
    assert f"{warned.at:%d %H:%M}" == "16 08:00"
    assert f"{missed.at:%d %H:%M}" == "20 16:00"
    assert missed.new_due == date(2026, 10, 27)
    assert f"{reminded.at:%d %H:%M}" == "27 09:00"
    assert (again.due, again.new_due) == (date(2026, 10, 27), date(2026, 11, 10))
    assert story.remedy.due == date(2026, 10, 20), "the day that was promised stands"
    assert story.remedy.overdue is True
    assert not story.do("do_remedy").remedy.overdue
    assert story.at("2027-02-01 10:00").kinds[-1] == "done", "nothing falls due on what is done"


def test_cp_10_a_date_that_passes_brings_an_apology_with_a_new_one_at_growing_distance() -> None:
    story = RemedyStory(PAYMENT).at("2027-03-01 10:00")
    apologies = story.sent("remedy-missed", "customer")
    named = [one.facts["new_due"] for one in apologies]
    missed = [one.facts["missed_due"] for one in apologies]
    assert named[:4] == ["2026-10-27", "2026-11-10", "2026-12-08", "2027-01-08"]
    assert missed[1:] == named[:-1], "a new date that passes is missed like any other"
    assert "We will now do it by Tuesday 27 October 2026." in render(apologies[0]).body
    again = " ".join(render(apologies[2]).body.split())
    assert "We gave you a new date for it, Tuesday 10 November 2026, and have missed" in again
    assert story.remedy.waits_for, "no letter leaves the customer without a date"
    assert 2 < story.remedy.reminders < 8, "staff are reminded, less and less often"
    overdue = story.sent("remedy-overdue")
    assert {note.key.rsplit("/", 1)[-1] for note in overdue} == {"complaints-team", "manager"}


def test_cp_10_an_apology_can_be_what_is_owed() -> None:
    story = RemedyStory({"text": "A letter from the manager", "kind": "apology"})
    story.do("do_remedy", how="The manager wrote on 8 October.")
    assert story.remedy.state == "done"


def test_fo_12_a_recommendation_is_accepted_and_then_done_and_the_assessor_is_told() -> None:
    story = RemedyStory("Log every letter", stage="independent-assessor")
    assert story.remedy.recommended, "what the assessor undertakes is recommended"
    refused = story.refused("do_remedy")
    assert refused.kind == "WrongState"
    assert "neither accepted nor refused" in str(refused)
    story.do("accept_remedy").do("do_remedy", how="Every letter is logged since May.")
    assert story.kinds == ["accepted", "done"]
    assert story.told() == [
        "remedy-owed to manager",
        "remedy-accepted to customer",
        "remedy-answered to independent-assessor",
        "remedy-done to customer",
        "remedy-answered to independent-assessor",
    ]


def test_fo_12_a_recommendation_is_refused_with_a_reason_and_both_are_told() -> None:
    story = RemedyStory(ADVICE, stage="independent-assessor")
    assert story.refused("refuse_remedy", reason="  ").kind == "InvalidCommand"
    story.do("refuse_remedy", reason="It would cost more than it saves.")
    customer, assessor = story.notices[-2:]
    assert "It would cost more than it saves." in render(customer).body
    assert assessor.key.endswith("remedy-answered/independent-assessor")
    assert "It would cost more than it saves." in render(assessor).body
    assert story.remedy.state == "refused"


def test_an_accepted_recommendation_can_still_be_refused_and_is_accepted_once() -> None:
    story = RemedyStory(ADVICE, stage="independent-assessor").do("accept_remedy")
    assert "accepted already" in str(story.refused("accept_remedy"))
    assert story.do("refuse_remedy").remedy.state == "refused"


def test_what_a_reply_promised_needs_no_accepting() -> None:
    refused = RemedyStory(PAYMENT).refused("accept_remedy")
    assert (refused.kind, "no recommendation" in refused.message) == ("WrongState", True)


VERBS = ("accept_remedy", "do_remedy", "refuse_remedy", "reassign_remedy", "postpone_remedy")


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_done_on_what_is_settled(verb: str) -> None:
    story = RemedyStory(PAYMENT).do("do_remedy")
    refused = story.refused(verb)
    assert refused.kind == "WrongState"
    assert "was settled on Tuesday 6 October 2026 (done)" in str(refused)


def test_a_later_date_needs_a_reason_and_comes_before_the_old_one_passes() -> None:
    story = RemedyStory(PAYMENT)
    story.do("postpone_remedy", new_due="2026-10-30")
    moved = story.story.last("remedy-postponed")
    assert (moved.old_due, moved.new_due) == (date(2026, 10, 20), date(2026, 10, 30))
    assert story.remedy.due == moved.new_due
    body = render(story.sent("remedy-postponed", "customer")[0]).body
    for said in ("Tuesday 20 October 2026", "Friday 30 October 2026", "The bank is slow."):
        assert said in body
    assert story.at("2026-10-29 10:00").kinds == ["postponed", "warned"]
    story.at("2026-11-02 10:00")
    assert story.remedy.missed == 1
    story.do("postpone_remedy", new_due="2026-11-09")
    assert story.remedy.due == date(2026, 10, 30), "what was missed stays missed"
    assert story.remedy.waits_for == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("fields", "kind", "said"),
    [
        ({"new_due": "2026-10-20"}, "ExtensionRefused", "not between"),
        ({"new_due": "2026-10-19"}, "ExtensionRefused", "after Tuesday 20 October 2026"),
        ({"new_due": "2026-11-04"}, "ExtensionRefused", "not after Tuesday 3 November 2026"),
        ({"new_due": "2026-10-31"}, "InvalidCommand", "closed day (Saturday)"),
        ({"new_due": "2026-10-30", "reason": ""}, "InvalidCommand", "reason: it is empty"),
    ],
)
def test_a_date_that_cannot_be_given_is_refused(
    fields: dict[str, Any], kind: str, said: str
) -> None:
    refused = RemedyStory(PAYMENT).refused("postpone_remedy", **fields)
    assert refused.kind == kind
    assert said in str(refused)


def test_near_the_end_of_its_calendar_it_is_postponed_as_far_as_that_goes() -> None:
    story = RemedyStory({**PAYMENT, "due": "2028-12-20"}).at("2028-12-18 10:00")
    last = story.story.complaint.rules.calendar.last_day
    assert (last - date(2028, 12, 20)).days < 14, "ten working days lead out of the calendar"
    refused = story.refused("postpone_remedy", new_due="2029-01-03")
    assert refused.kind == "ExtensionRefused"
    assert "not after Friday 29 December 2028" in str(refused)
    story.do("postpone_remedy", new_due="2028-12-29")
    assert story.remedy.due == date(2028, 12, 29)
    refused = story.refused("postpone_remedy", new_due="2029-01-03")
    assert refused.kind == "ExtensionRefused"
    assert "It can be done, or refused with a reason." in str(refused)
    assert story.do("do_remedy").remedy.state == "done"


def test_after_downtime_staff_are_told_once_of_a_date_and_a_reminder_that_were_slept_through() -> (
    None
):
    story = RemedyStory(PAYMENT).at("2026-10-21 10:00")
    assert story.kinds[-1] == "missed"
    story.late("2026-11-20 10:00")
    assert story.kinds[1:] == ["missed", "missed"]
    at_once = story.sent("remedy-overdue")[2:]
    assert len(at_once) == len({each.recipient for each in at_once}) == 2
    assert story.remedy.remind_on == date(2026, 12, 4)
    assert story.at("2026-12-04 10:00").kinds[3:] == ["reminded"]


def test_the_new_date_of_an_apology_is_moved_like_any_other() -> None:
    story = RemedyStory(PAYMENT).at("2026-12-01 10:00")
    story.do("postpone_remedy", new_due="2026-12-14")
    assert story.remedy.waits_for == date(2026, 12, 14)


def test_is_9_the_complaint_goes_on_until_what_is_owed_is_settled_past_its_end() -> None:
    story = RemedyStory(PAYMENT, ADVICE)
    complaint = story.story.do("accept", "customer").complaint
    assert (complaint.state, len(complaint.remedies_owed)) == ("closed", 2)
    assert next_due(complaint) == local("2026-10-20 17:00")
    story.at("2026-10-21 10:00").do("do_remedy").do("refuse_remedy", remedy=2)
    assert story.kinds == ["warned", "missed", "done", "refused"]
    assert not finished(story.story.complaint, local("2028-01-01 10:00")), "a reason is owed"
    story.do("give_reason")
    assert finished(story.story.complaint, local("2028-01-01 10:00"))


def test_an_emergency_closure_moves_its_day_also_when_the_complaint_is_closed() -> None:
    story = RemedyStory(PAYMENT, {**PAYMENT, "due": "2026-10-15"})
    story.story.do("accept", "customer").do(
        "apply_closure", "administrator", days=["2026-10-15", "2026-10-16"]
    )
    counted, named = story.story.complaint.remedies
    assert (counted.due, named.due) == (date(2026, 10, 22), date(2026, 10, 19))
    moved = story.story.last("closure-applied").remedies[0]
    assert (moved.old_due, moved.new_due) == (date(2026, 10, 20), date(2026, 10, 22))
    (letter,) = story.story.sent("dates-corrected")
    body = " ".join(render(letter).body.split())
    for said in ("We will pay you £50", "Tuesday 20 October 2026", "Thursday 22 October 2026"):
        assert said in body


def test_a_new_version_of_the_charter_reaches_it_and_takes_no_promised_day_away() -> None:
    story = RemedyStory(PAYMENT)
    story.story.do("accept", "customer")
    for days, due in ((5, date(2026, 10, 20)), (15, date(2026, 10, 27))):
        terms = {"within": {"payment": {"working-days": days}}}
        rules = story.story.complaint.rules
        charter = rules.charter.model_copy(
            update={
                "remedies": RemedyTerms.model_validate(terms),
                "charter": rules.charter.charter.model_copy(update={"version": f"v{days}"}),
            }
        )
        pinned = base64.b64encode(pack(charter, rules.calendar)).decode()
        story.story.do("migrate", "administrator", to_version=f"v{days}", pinned=pinned)
        assert story.remedy.due == due


def test_a_notice_that_cannot_be_delivered_is_a_task_for_staff() -> None:
    story = RemedyStory(PAYMENT).do("do_remedy")
    bounced, to_staff = story.notices[-1].key, story.notices[0].key
    story.story.play(ReportUndeliverable(notice=bounced, reason="no such person"))
    story.story.play(ReportUndeliverable(notice=to_staff, reason="full"))
    assert story.story.told()[-2:] == ["undeliverable to manager", "undeliverable to administrator"]


def test_it_goes_on_past_the_end_of_its_calendar() -> None:
    story = RemedyStory(PAYMENT).at("2028-12-29 17:00")
    before = story.remedy.reminders
    story.at("2029-03-01 10:00")
    assert story.remedy.reminders > before
    assert story.do("do_remedy").remedy.state == "done"


def test_a_date_named_in_the_reply_is_warned_of_unless_it_is_too_near() -> None:
    story = RemedyStory({**PAYMENT, "due": "2026-10-07"}).at("2026-10-08 10:00")
    assert story.kinds == ["missed"]
    assert story.remedy.counted_from is None


@pytest.mark.parametrize(("number", "said"), [(3, "no remedy 3"), (99, "Still owed: number 1, 2.")])
def test_one_that_was_never_promised_is_named(number: int, said: str) -> None:
    refused = RemedyStory(PAYMENT, ADVICE).refused("do_remedy", remedy=number)
    assert (refused.kind, said in str(refused)) == ("InvalidCommand", True)


def test_what_two_people_have_to_put_right_is_one_note_to_each_mailbox() -> None:
    story = RemedyStory(PAYMENT, "An apology", {**PAYMENT, "text": "£10 for postage"})
    notes = story.sent("remedy-owed")
    assert [[each["number"] for each in note.facts["remedies"]] for note in notes] == [[1, 3], [2]]
