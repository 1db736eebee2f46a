"""One remedy through its core: owed, accepted, done, refused, warned of, overdue, reminded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from activities.rendering import render
from domain.complaint.features.remedies.remedy_commands import FollowComplaint
from domain.complaint.features.remedies.remedy_opening import RemedyOpening
from domain.complaint.features.remedies.remedy_standing import standing_of
from tests.domain.remedy_stories import SAID, RemedyStory, opening
from tests.domain.stories import person

PAYMENT = {"text": "We will pay you £50", "kind": "payment"}
ADVICE = {"text": "Log every letter", "kind": "recommendation"}
# Promised on Tuesday 6 October 2026: ten working days end on the 20th, twenty on 3 November.


def test_is_9_a_mistake_that_is_put_right_in_time_is_told_and_settled() -> None:
    story = RemedyStory(PAYMENT).at("2026-10-15 10:00").do("do_remedy", "complaints-team")
    assert story.kinds == ["promised", "done"]
    assert story.remedy.due == date(2026, 10, 20)
    assert story.told() == ["remedy-owed to complaints-team", "remedy-done to customer"]
    assert "We paid it into the account." in render(story.notices[-1]).body
    standing = standing_of(story.remedy)
    assert (standing.state, standing.reason) == ("done", "We paid it into the account.")
    assert standing.ended_at == story.now


def test_is_9_its_owner_is_warned_before_the_date_and_reminded_until_it_is_done() -> None:
    story = RemedyStory(PAYMENT).at("2026-11-10 10:00")
    assert story.kinds == ["promised", "warned", *["missed", "reminded"] * 3]
    warned, missed, reminded, again, *_ = story.events[1:]
    assert f"{warned.at:%d %H:%M}" == "16 08:00"
    assert f"{missed.at:%d %H:%M}" == "20 16:00"
    assert missed.new_due == date(2026, 10, 27)
    assert f"{reminded.at:%d %H:%M}" == "27 09:00"
    assert again.due == date(2026, 10, 27)
    assert story.remedy.due == date(2026, 10, 20), "the day that was promised stands"
    assert story.remedy.overdue is True
    assert not story.do("do_remedy").remedy.overdue
    assert story.at("2027-02-01 10:00").kinds[-1] == "done", "nothing falls due on what is done"


def test_cp_10_a_date_that_passes_brings_an_apology_with_a_new_one_three_times_at_most() -> None:
    story = RemedyStory(PAYMENT).at("2027-03-01 10:00")
    apologies = story.sent("remedy-missed", "customer")
    assert [one.facts["new_due"] for one in apologies] == ["2026-10-27", "2026-11-03", None]
    assert "We will now do it by Tuesday 27 October 2026." in render(apologies[0]).body
    assert "as soon as we can" in render(apologies[2]).body
    assert story.remedy.waits_for is None
    assert story.remedy.reminders > 10, "staff are reminded for as long as it is owed"
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
    assert story.kinds == ["promised", "accepted", "done"]
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


@pytest.mark.parametrize("verb", SAID)
def test_nothing_is_done_on_what_is_settled(verb: str) -> None:
    story = RemedyStory(PAYMENT).do("do_remedy")
    refused = (
        story.refused(verb, new_due="2026-10-21")
        if verb == "postpone_remedy"
        else story.refused(verb)
    )
    assert refused.kind == "WrongState"
    assert "was settled on 06 October 2026 (done)" in str(refused)


def test_a_later_date_needs_a_reason_and_comes_before_the_old_one_passes() -> None:
    story = RemedyStory(PAYMENT)
    story.do("postpone_remedy", new_due="2026-10-30")
    assert (story.remedy.due, story.remedy.superseded) == (
        date(2026, 10, 30),
        (date(2026, 10, 20),),
    )
    body = render(story.sent("remedy-postponed", "customer")[0]).body
    for said in ("Tuesday 20 October 2026", "Friday 30 October 2026", "The bank is slow."):
        assert said in body
    assert story.at("2026-10-29 10:00").kinds == ["promised", "postponed", "warned"]
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
    last = story.remedy.rules.calendar.last_day
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
    assert story.kinds[2:] == ["missed", "missed"]
    at_once = [each for each in story.sent("remedy-overdue") if each.key.split("/")[2] != "3"]
    assert len(at_once) == len({each.recipient for each in at_once}) == 2
    assert story.remedy.remind_on == date(2026, 11, 27)
    assert story.at("2026-11-27 10:00").kinds[4:] == ["reminded"]


def test_what_was_undertaken_before_goes_on_as_its_history_says() -> None:
    before = opening(PAYMENT).model_copy(update={"told_once": False})
    story = RemedyStory(started=before).at("2026-10-21 10:00").late("2026-11-20 10:00")
    assert story.kinds[2:] == ["missed", "reminded", "missed"]
    assert "told_once" not in RemedyOpening.model_validate(
        before.model_dump(exclude={"told_once"})
    ).model_dump(exclude_defaults=True)


def test_when_every_date_has_passed_no_further_one_is_given() -> None:
    story = RemedyStory(PAYMENT).at("2026-12-01 10:00")
    assert story.refused("postpone_remedy", new_due="2026-12-03").kind == "ExtensionRefused"


OWNED = {**PAYMENT, "owner": {"id": "K.Lee", "name": "K Lee"}}


@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        (person("k.lee", "case-handler"), True),
        (person("K.LEE", "complaints-team"), True),
        (person("m.smith", "manager"), True),
        (person("a.admin", "administrator"), True),
        (person("h.jones", "complaints-team"), False),
        (person("h.jones", "independent-assessor"), False),
        (person("k.lee", "customer"), False),
        (person("k.lee", "upstream-app"), False),
        (person("ann", "representative"), False),
        (person("q.lane", "quality"), False),
    ],
)
def test_its_owner_a_manager_or_an_administrator_may(by: Any, allowed: bool) -> None:
    story = RemedyStory(OWNED)
    if allowed:
        assert story.do("do_remedy", by).remedy.state == "done"
    else:
        refused = story.refused("do_remedy", by)
        assert refused.kind == "WrongRole"
        assert "K Lee (K.Lee)" in str(refused)


def test_without_a_named_owner_it_is_the_roles() -> None:
    assert RemedyStory(PAYMENT).refused("do_remedy", "case-handler").kind == "WrongRole"
    assert RemedyStory(PAYMENT).do("do_remedy", "complaints-team").remedy.settled


def test_somebody_else_can_be_given_it() -> None:
    story = RemedyStory(OWNED).do("reassign_remedy", owner={"id": "a.new", "name": "A New"})
    assert story.remedy.owner
    assert story.remedy.owner.id == "a.new"
    assert story.refused("do_remedy", person("k.lee", "case-handler")).kind == "WrongRole"
    again = story.refused("reassign_remedy", owner={"id": "A.NEW", "name": "A New"})
    assert again.kind == "InvalidCommand"
    assert story.told() == ["remedy-owed to complaints-team"] * 2
    assert story.sent("remedy-owed")[-1].facts["handler"] == "A New"


def test_fo_6_somebody_with_a_conflict_neither_acts_nor_is_given_it() -> None:
    story = RemedyStory(PAYMENT)
    people = story.remedy.whom.model_copy(update={"barred": ("m.smith",)})
    story.play(FollowComplaint(people=people))
    for by, fields in (("M.Smith", {}), ("other", {"owner": {"id": "M.SMITH", "name": "M"}})):
        refused = story.refused("reassign_remedy", person(by, "manager"), **fields)
        assert refused.kind == "ConflictOfInterest"


def test_is_6_when_the_complaint_has_other_people_nobody_else_is_written_to() -> None:
    friend = {"kind": "friend", "name": "R Help", "email": "r@help.org", "authorised": True}
    story = RemedyStory(PAYMENT, representative=friend)
    assert len(story.remedy.whom.recipients) == 2
    alone = story.remedy.whom.model_copy(update={"recipients": story.remedy.whom.recipients[:1]})
    assert [e.kind for e in story.play(FollowComplaint(people=alone))] == ["remedy-followed"]
    assert story.play(FollowComplaint(people=alone)) == [], "told again, nothing is new"
    story.do("do_remedy")
    assert [n.recipient.name for n in story.sent("remedy-done")] == ["Ann Price"]
