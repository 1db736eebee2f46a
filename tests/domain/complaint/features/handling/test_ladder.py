"""The ladder: windows that close by themselves, ways to open, to end and to come back."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date

import pytest

from domain.charter.rules import pack, unpack
from domain.complaint.decider.decide import decide
from domain.complaint.decider.evolve import evolve
from domain.complaint.decider.timers import finished, next_wake
from domain.complaint.features.contact.reports import ReportRefusal
from domain.complaint.features.handling.receiving import Open
from domain.complaint.features.people.reaching import ReportUndeliverable
from domain.complaint.policies.windows import window_after_reply
from domain.complaint.state import Complaint
from domain.errors import (
    ComplaintClosed,
    InvalidCommand,
    RecordsDiffer,
    WindowClosed,
    WrongRole,
)
from domain.vocabulary import ClosedHow, Role
from tests.domain.playing.stories import Story, local, opening, person, rules_of

OPEN_CASE = {"reference": "C-9", "open": True}
AUTHORISED = {"kind": "friend", "name": "R Help", "email": "r@x.org", "authorised": True}


def test_fo_7_a_window_closes_by_itself_at_midnight_and_says_so() -> None:
    story = Story().do("reply").at("2027-01-05 23:59")
    assert story.state == "replied"
    story.at("2027-01-06 00:00")
    closed = story.last("closed")
    assert (closed.how, closed.window_closed) == ("window-closed", date(2027, 1, 5))
    assert story.told()[-1] == "window-closed to customer"
    assert story.sent("window-closed")[0].facts["window_closed"] == "2027-01-05"


def test_a_window_that_would_end_on_a_closed_day_ends_on_the_next_working_day() -> None:
    story = Story("harbour-homes", "2026-11-25 10:00").do("reply")
    window = window_after_reply(story.complaint)
    assert window
    assert window.closes == date(2026, 12, 29)  # Friday 25 to Monday 28 December are closed


def test_fo_7_an_open_case_keeps_the_window_open_until_it_is_concluded() -> None:
    story = Story(subject_case=OPEN_CASE).do("reply").at("2027-03-01 10:00")
    assert story.state == "replied"
    assert story.sent("reply")[0].facts["window"]["while_case_open"] is True
    story.do("conclude_case").at("2027-06-01 23:59")
    assert story.state == "replied"
    story.at("2027-06-02 00:00")
    assert story.last("closed").window_closed == date(2027, 6, 1)


@pytest.mark.parametrize(
    ("answered", "late"),
    [
        ("2026-07-05", None),
        ("2026-06-30", date(2026, 9, 30)),
        ("2026-07-04", date(2026, 10, 5)),  # ended on Sunday 4 October, so on the 5th
        ("2023-01-31", date(2023, 4, 30)),  # long before the calendar begins
        ("1999-12-31", date(2000, 3, 31)),
    ],
)
def test_fo_7_a_complaint_that_comes_too_late_is_closed_with_its_date(
    answered: str, late: date | None
) -> None:
    case = {"reference": "C-9", "open": False, "answered_at": f"{answered}T10:00:00+00:00"}
    received = "2026-10-05 10:00" if late != date(2026, 10, 5) else "2026-10-06 10:00"
    story = Story(received=received, subject_case=case)
    if late is None:
        assert story.state == "received"
        return
    assert story.last("closed").how == "out-of-time"
    assert story.last("closed").window_closed == late
    assert story.told()[-1] == "out-of-time to customer"


def test_fo_14_what_is_dealt_with_elsewhere_is_signposted_recorded_and_closed() -> None:
    story = Story(about=["outcome", "data-protection"])
    assert story.kinds == ["opened", "signposted", "closed"]
    assert story.last("closed").how == "out-of-scope"
    assert story.told() == ["new-complaint to case-handler", "out-of-scope to customer"]
    names = [post["name"] for post in story.sent("out-of-scope")[0].facts["further"]]
    assert names == ["How we decide cases", "Our privacy policy"]


def test_fo_14_a_mixed_complaint_goes_on_with_the_rest() -> None:
    story = Story(about=["outcome", "delay"])
    assert story.kinds == ["opened", "signposted"]
    assert story.state == "received"
    assert story.sent("signposted")[0].facts["topics"] == ["outcome"]


def test_is_8_the_last_reply_says_that_the_procedure_is_over_and_where_else_to_turn() -> None:
    story = Story("insolvency-service").do("reply", remedies=[])
    facts = story.sent("final-reply")[0].facts
    assert facts["window"] is None
    assert facts["further"][0]["gate"].startswith("You cannot go to the Ombudsman yourself")
    assert story.state == "replied"
    story.at("2027-01-01 10:00")
    assert story.last("closed").how == "procedure-ended"
    assert story.told()[-2:] == ["procedure-ended to customer", "survey to customer"]


def test_the_last_reply_ends_it_at_once_where_silence_is_given_no_time() -> None:
    rules = rules_of("insolvency-service")
    closing = rules.charter.closing.model_copy(update={"after_last_reply": None})
    charter = rules.charter.model_copy(update={"closing": closing})
    story = Story(rules=unpack(pack(charter, rules.calendar))).do("reply")
    assert story.kinds[-2:] == ["replied", "closed"]
    assert "final-reply to customer" in story.told()


@pytest.mark.parametrize(
    ("verb", "how", "notice"),
    [("accept", "accepted", "accepted"), ("withdraw", "withdrawn", "withdrawn"),
     ("close", "closed-by-staff", "closed")],
)  # fmt: skip
def test_each_way_to_end_it_is_recorded_and_told(verb: str, how: str, notice: str) -> None:
    by = Role.ADMINISTRATOR if verb == "close" else Role.CUSTOMER
    story = Story().do("allocate").do("reply", remedies=[]).do(verb, by)
    assert story.last("closed").how == how
    assert story.told()[-1] == f"{notice} to customer"
    assert not any(clock.live for clock in story.complaint.clocks)
    ends = local("2027-01-06 00:00")  # three months to be heard
    assert next_wake(story.complaint) == ends
    assert not finished(story.complaint, story.now)
    assert finished(story.complaint, ends)


def test_a_reply_may_be_reopened_at_its_stage_and_its_clocks_start_again() -> None:
    story = Story(stage="manager").do("reply").at("2026-10-12 10:00").do("reopen")
    assert (story.state, story.complaint.stage) == ("received", "manager")
    assert story.states("FO-8/reply") == ["met", "running"]
    assert story.due("FO-8/reply") == date(2026, 10, 26)
    assert story.told()[-2:] == ["reopened to customer", "stage-entered to manager"]


def test_what_is_closed_may_be_reopened_while_the_charter_gives_time() -> None:
    story = Story("harbour-homes").do("close", reason="By mistake.")
    assert next_wake(story.complaint) == local("2026-11-06 00:00")
    assert not finished(story.complaint, local("2026-11-05 23:59"))
    story.now = local("2026-11-05 23:59")
    story.do("reopen")
    assert story.state == "received"
    assert story.states("HH-1") == ["stopped", "running"]


def test_after_that_it_is_closed_for_good() -> None:
    story = Story("harbour-homes").do("close")
    story.now = local("2026-11-06 00:00")
    assert finished(story.complaint, story.now)
    refusal = story.refused("reopen")
    assert isinstance(refusal, ComplaintClosed)
    assert "2026-11-05" in refusal.allowed


def test_what_a_window_closed_may_be_reopened_and_then_taken_further() -> None:
    story = Story("harbour-homes").do("reply").at("2026-11-20 10:00")
    assert isinstance(story.refused("escalate", Role.CUSTOMER, to="panel"), WindowClosed)
    clocks = story.complaint.clocks
    story.do("reopen", Role.MANAGER)
    assert (story.state, story.complaint.clocks) == ("replied", clocks)
    assert story.told()[-1] == "reopened to customer"
    window = story.sent("reopened")[0].facts["window"]
    assert window["closes"] == "2026-12-21"  # a month from the reopening, and not a Sunday
    story.at("2026-12-21 23:59").do("escalate", Role.CUSTOMER, to="panel")
    assert story.complaint.stage == "panel"


def test_a_window_that_is_opened_again_closes_again() -> None:
    story = Story("harbour-homes").do("reply").at("2026-11-20 10:00").do("reopen", Role.MANAGER)
    story.at("2026-12-22 00:00")
    assert (story.state, story.last("closed").window_closed) == ("closed", date(2026, 12, 21))
    assert story.kinds.count("closed") == 2


def test_fo_7_whether_to_look_at_what_came_too_late_is_for_a_manager_and_for_a_month() -> None:
    case = {"reference": "C-9", "open": False, "answered_at": "2026-01-05T10:00:00+00:00"}
    story = Story(subject_case=case)
    assert story.last("closed").how == "out-of-time"
    assert not finished(story.complaint, local("2026-11-05 23:59"))
    for role in (Role.CASE_HANDLER, Role.ADMINISTRATOR):
        assert isinstance(story.refused("reopen", role), WrongRole)
    story.do("reopen", Role.MANAGER).do("allocate", Role.MANAGER).do("reply")
    assert story.state == "replied"
    late = Story(subject_case=case)
    late.now = local("2026-11-06 00:00")
    assert isinstance(late.refused("reopen", Role.MANAGER), ComplaintClosed)


def test_a_case_answered_before_the_calendar_begins_does_not_stand_in_the_way_of_a_reply() -> None:
    case = {"reference": "C-9", "open": False, "answered_at": "2010-01-05T10:00:00+00:00"}
    story = Story(subject_case=case).do("reopen", Role.MANAGER).do("reply")
    assert story.sent("reply")[0].facts["window"]["closes"] == "2027-01-05"


def test_who_withdrew_has_only_the_time_that_the_charter_gives() -> None:
    story = Story().do("withdraw", Role.CUSTOMER)
    assert isinstance(story.refused("reopen", Role.MANAGER), ComplaintClosed)


def test_a_refreshed_calendar_moves_what_it_changes_and_nothing_else() -> None:
    story = Story(stage="manager")
    rules = story.rules
    closures = sorted((*rules.calendar.closures, (date(2026, 10, 15), "A day of mourning")))
    calendar = replace(rules.calendar, closures=tuple(closures), version="dated")
    pinned = base64.b64encode(pack(rules.charter, calendar)).decode()
    story.do("refresh", Role.ADMINISTRATOR, pinned=pinned)
    assert story.due("FO-8/reply") == date(2026, 10, 20)
    assert story.due("FO-8/acknowledge") == date(2026, 10, 7)
    assert story.last("charter-refreshed").digest == story.complaint.rules.digest != rules.digest


def test_a_refused_signal_changes_nothing_is_recorded_once_and_told_to_staff() -> None:
    story = Story().do("allocate")
    before = story.complaint.clocks
    report = ReportRefusal(
        command_id="sig", refused_verb="withdraw", refusal="WrongRole", message="No."
    )
    story.play(report)
    assert story.play(report) == []
    assert story.complaint.clocks == before
    assert story.told()[-1] == "signal-refused to case-handler"
    assert story.do("withdraw", Role.CUSTOMER, command_id="sig").state == "closed"


def test_a_notice_that_cannot_be_delivered_is_a_task_for_staff_and_no_circle() -> None:
    story = Story()
    story.play(ReportUndeliverable(notice="FO-2026-000123/1/progress/customer", reason="bounced"))
    assert story.told()[-1] == "undeliverable to case-handler"
    story.play(ReportUndeliverable(notice=story.notices[0].key, reason="bounced"))
    assert story.told()[-1] == "undeliverable to administrator"
    told = len(story.notices)
    story.play(ReportUndeliverable(notice=story.notices[-1].key, reason="bounced"))
    assert len(story.notices) == told
    assert story.kinds.count("notice-undeliverable") == 3


def test_the_same_command_id_twice_is_done_once() -> None:
    story = Story().do("update", command_id="one")
    assert story.play(story.command("update", command_id="one")) == []
    assert isinstance(story.attempt(story.command("reply", command_id="one")), InvalidCommand)
    assert story.kinds == ["opened", "updated"]


def test_only_an_authorised_representative_hears_of_it() -> None:
    told = Story(representative=AUTHORISED).do("acknowledge").told()
    assert told[-2:] == ["acknowledgement to customer", "acknowledgement to representative"]
    told = Story(representative=AUTHORISED | {"authorised": False}).do("acknowledge").told()
    assert told[-1] == "acknowledgement to customer"


def test_an_event_out_of_its_turn_is_not_folded() -> None:
    story = Story()
    with pytest.raises(RecordsDiffer, match="event 1 cannot follow event 1; 2 was expected"):
        evolve(story.complaint, story.events[0])
    with pytest.raises(RecordsDiffer, match="no events yet"):
        _ = Complaint(story.rules).reference


def test_a_complaint_that_is_noted_late_catches_up_at_once() -> None:
    rules = rules_of("financial-ombudsman")
    command = Open(opening=opening(rules, local("2026-10-05 10:00"), stage="manager"), digest="d")
    made = decide(Complaint(rules), command, local("2026-10-08 10:00"))
    assert [event.kind for event in made] == ["opened", "promise-missed"]


def test_somebody_who_only_passed_something_on_at_another_stage_may_act_at_the_next() -> None:
    fresh = person("new.face", "complaints-team")
    story = Story().do("escalate", Role.CUSTOMER).do("reply")
    story.do("record_contact", person("new.face", "case-handler"))
    story.do("escalate", Role.CUSTOMER, to="complaints-team").do("acknowledge", fresh)
    assert story.state == "acknowledged"


def test_a_decision_is_nobodys_service_under_the_customer_promise() -> None:
    closed = Story("customer-promise", about=["outcome"]).last("closed")
    assert closed.how is ClosedHow.OUT_OF_SCOPE
