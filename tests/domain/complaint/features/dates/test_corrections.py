"""A wrong date of receipt is put right: the clocks move, what was missed wrongly is not, and it is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.clocks.clock import ClockState
from domain.clocks.due import due_of
from domain.errors import InvalidCommand, Refused, UnknownContact, WrongRole
from domain.notices import NoticeKind
from domain.vocabulary import ClosedHow, Role
from letters.rendering import render
from tests.domain.playing.laws import check_record
from tests.domain.playing.stories import SHIPPED, Story, local, patient

ACKNOWLEDGE, ANSWER = "FO-8/acknowledge", "FO-8/reply"


def at_the_manager() -> Story:
    """Received on Monday 5 October 2026: acknowledged by the 7th, answered by the 19th."""
    return Story(stage="manager", rules=patient())


def test_an_earlier_receipt_moves_the_dates_earlier_and_keeps_the_old_ones_on_record() -> None:
    story = at_the_manager().at("2026-10-06 09:00")
    story.do("correct", received_at=local("2026-10-02 10:00"), reason="The stamp says Friday.")
    assert (story.due(ACKNOWLEDGE), story.due(ANSWER)) == (date(2026, 10, 6), date(2026, 10, 16))
    assert story.clock(ANSWER).moved == (date(2026, 10, 19),)
    assert story.complaint.opened.received_at == local("2026-10-02 10:00")
    (notice,) = story.sent(NoticeKind.RECEIPT_CORRECTED)
    assert notice.facts["old_received"] == "2026-10-05"
    assert notice.facts["new_received"] == "2026-10-02"
    assert {(one["old_due"], one["new_due"]) for one in notice.facts["moved"]} == {
        ("2026-10-07", "2026-10-06"), ("2026-10-19", "2026-10-16"),
    }  # fmt: skip


def test_what_is_late_by_the_correction_is_missed_at_once_and_apologised_for() -> None:
    story = at_the_manager().at("2026-10-06 09:00")
    story.do("correct", received_at=local("2026-09-28 10:00"))
    (moved,) = (each for each in story.last("receipt-corrected").moved if each.late)
    assert moved.promise == ACKNOWLEDGE
    story.at("2026-10-06 09:01")
    assert story.states(ACKNOWLEDGE) == ["missed", "running"]
    assert story.sent(NoticeKind.APOLOGY)


def test_a_promise_that_was_missed_by_the_wrong_date_only_runs_again() -> None:
    story = at_the_manager().at("2026-10-08 09:00")
    assert story.states(ACKNOWLEDGE) == ["missed", "running"]
    assert story.complaint.missed == 1
    later = Story(stage="manager", received="2026-10-05 10:00", opened="2026-10-08 09:00")
    later.do("correct", received_at=local("2026-10-07 10:00"))
    assert later.states(ACKNOWLEDGE) == ["running", "stopped"]
    assert later.complaint.missed == 0
    assert later.due(ANSWER) == date(2026, 10, 21)


def test_what_was_done_late_by_the_wrong_date_only_was_done_in_time() -> None:
    story = Story(stage="manager", received="2026-10-05 10:00", opened="2026-10-08 09:00")
    story.do("acknowledge").do("correct", received_at=local("2026-10-07 10:00"))
    clock = story.clocks(ACKNOWLEDGE)[0]
    assert (clock.state, clock.ended_at, clock.fulfilled_late_at) == (
        ClockState.MET, local("2026-10-08 09:00"), None,
    )  # fmt: skip
    assert story.complaint.missed == 0


def test_what_was_in_time_by_the_wrong_date_only_was_late() -> None:
    story = at_the_manager().at("2026-10-06 12:00").do("acknowledge")
    story.do("correct", received_at=local("2026-09-28 10:00"))
    clock = story.clock(ACKNOWLEDGE)
    assert (clock.state, clock.fulfilled_late_at) == (
        ClockState.MISSED, local("2026-10-06 12:00"),
    )  # fmt: skip
    assert story.complaint.missed == 1


def promises_by(story: Story) -> list[str]:
    """What the acknowledgement kept under the story's charter."""
    return [clock.promise for clock in story.complaint.clocks if clock.state is ClockState.MET]


@pytest.mark.parametrize("charter", SHIPPED)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_what_was_kept_by_the_wrong_date_only_is_told_with_an_apology_and_its_reason_is_owed(
    charter: str, language: str
) -> None:
    story = Story(charter, channel="email", complainant_language=language).at("2026-10-06 09:00")
    story.do("acknowledge")
    kept = promises_by(story)
    story.do("correct", received_at=local("2026-09-21 10:00"), reason="The stamp says so.")
    broken = [c for c in story.complaint.clocks if c.promise in kept and c.late]
    assert len(broken) == len(story.last("receipt-corrected").broken) == story.complaint.missed
    if not broken:
        return
    (letter,) = story.sent("receipt-corrected", "customer")
    said = " ".join(render(letter).body.split())
    sorry = "We are sorry" if language == "en" else "Mae'n ddrwg gennym"
    assert sorry in said
    assert said.count("2026") > len(broken)
    reason = next(c for c in story.complaint.clocks if c.promise.endswith("/reason"))
    assert str(reason.state) == "running"
    assert letter.facts["reason_by"] == due_of(reason, story.rules).day.isoformat()
    asked, *_ = (n for n in story.sent("promise-missed") if n.facts["promise"] == broken[0].promise)
    assert "give_reason" in render(asked).body
    check_record(story)


def test_time_that_was_paused_does_not_count_from_the_right_day_either() -> None:
    story = at_the_manager().at("2026-10-07 10:00").do("acknowledge").do("pause")
    story.at("2026-10-14 10:00").do("resume")
    before = story.due(ANSWER)
    story.do("correct", received_at=local("2026-10-02 10:00"))
    working_days = story.rules.calendar.working_days_between(story.due(ANSWER), before)
    assert working_days == 1


def test_a_contact_has_its_own_date_of_receipt() -> None:
    story = (
        Story().at("2026-10-07 10:00").do("record_contact", received_at=local("2026-10-06 10:00"))
    )
    due = story.due("FO-3")
    story.do("correct", contact=1, received_at=local("2026-10-05 10:00"))
    assert story.due("FO-3") < due
    assert story.complaint.contacts[0].received_at == local("2026-10-05 10:00")
    assert story.complaint.opened.received_at == local("2026-10-05 10:00")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"received_at": "2026-10-05T09:00:00+00:00"}, InvalidCommand),
        ({"received_at": "2027-10-05T09:00:00+00:00"}, InvalidCommand),
        ({"received_at": "2026-10-06T08:30:00+00:00"}, InvalidCommand),
        ({"reason": ""}, InvalidCommand),
        ({"contact": 3}, UnknownContact),
    ],
    ids=["the same", "in the future", "after it was on record", "no reason", "no such contact"],
)
def test_a_correction_that_cannot_be_right_is_refused(
    said: dict[str, Any], kind: type[Refused]
) -> None:
    story = at_the_manager().at("2026-10-06 10:00")
    refusal = story.refused("correct", **said)
    assert isinstance(refusal, kind)
    assert refusal.allowed


def test_a_duplicate_closes_into_the_one_that_goes_on_which_counts_from_the_earlier_receipt() -> (
    None
):
    story, duplicate = at_the_manager(), Story(reference="FO-2026-000124")
    story.do("take_in", received_at=local("2026-10-01 10:00"), duplicate="FO-2026-000124")
    assert story.kinds[-2:] == ["receipt-corrected", "duplicate-taken-in"]
    assert story.due(ANSWER) == date(2026, 10, 15)
    assert story.complaint.taken_in == ("FO-2026-000124",)
    duplicate.do("merge", into="FO-2026-000123")
    assert duplicate.complaint.closed
    assert duplicate.complaint.closed.how is ClosedHow.MERGED
    (letter,) = duplicate.sent(NoticeKind.MERGED)
    assert letter.facts["into"] == "FO-2026-000123"


def test_a_later_duplicate_moves_no_date() -> None:
    story = at_the_manager().at("2026-10-06 10:00")
    story.do("take_in", received_at=local("2026-10-06 09:00"), duplicate="FO-2026-000124")
    assert story.kinds[-1] == "duplicate-taken-in"
    assert story.due(ANSWER) == date(2026, 10, 19)


def test_a_complaint_is_no_duplicate_of_itself_and_none_is_taken_in_twice() -> None:
    story = at_the_manager()
    assert isinstance(story.refused("merge", into="FO-2026-000123"), InvalidCommand)
    assert isinstance(story.refused("take_in", duplicate="FO-2026-000123"), InvalidCommand)
    story.do("take_in")
    assert isinstance(story.refused("take_in"), InvalidCommand)
    assert isinstance(story.refused("merge", Role.CUSTOMER), WrongRole)


def test_a_miss_that_was_none_runs_on_also_where_the_complaint_waits() -> None:
    story = Story(
        stage="manager", received="2026-09-21 10:00", opened="2026-10-07 09:00",
        rules=patient(all_of_it=True),
    )  # fmt: skip
    story.do("record_contact").do("pause", review_on="2026-11-10").at("2026-10-07 10:00")
    story.do("correct", received_at=local("2026-10-06 10:00"))
    assert story.states(ANSWER) == ["running", "stopped"]


def test_a_miss_that_was_none_stays_behind_with_the_stage_that_was_left() -> None:
    story = Story("scottish-model", received="2026-08-24 10:00", opened="2026-10-05 10:00",
                  channel="letter")  # fmt: skip
    story.do("escalate", Role.CUSTOMER, to="manager")
    story.do("correct", Role.ADMINISTRATOR, received_at=local("2026-10-02 10:00"))
    assert not any(clock.live for clock in story.clocks("SM-1"))


def test_a_promise_that_was_made_again_has_one_clock_that_runs() -> None:
    story = Story("casework-standards", received="2026-09-07 10:00", opened="2026-10-05 10:00")
    story.do("close").do("reopen", Role.MANAGER)
    story.do("correct", received_at=local("2026-10-02 10:00"))
    for promise in ("CS-1", "CS-2"):
        assert sum(clock.live for clock in story.clocks(promise)) == 1


def test_a_miss_at_the_limit_of_a_pause_is_judged_by_the_limit() -> None:
    story = Story(rules=patient("nhs-complaints")).do("acknowledge").at("2026-10-07 10:00")
    for review in ("2026-12-24", "2027-03-15", "2027-05-04"):
        story.do("pause", review_on=review).at(min(f"{review} 10:00", "2027-04-07 10:00"))
    story.do("correct", received_at=local("2026-10-02 10:00"))
    due = story.clocks("NH-2")[0].due_when_ended
    assert due
    assert date(2027, 3, 29) < due < date(2027, 4, 6)


def test_a_promise_that_has_come_round_keeps_the_dates_that_were_told() -> None:
    story = Story("casework-standards", received="2026-08-03 10:00", opened="2026-10-05 10:00")
    before = [(c.id, c.state, c.ended_at) for c in story.clocks("CS-4")]
    story.do("correct", received_at=local("2026-10-02 10:00"))
    assert [(c.id, c.state, c.ended_at) for c in story.clocks("CS-4")] == before


def test_a_limit_counts_from_the_right_receipt_whatever_started_the_clock() -> None:
    story = Story("local-government-code", opened="2026-10-08 10:00").do("acknowledge")
    assert story.clock("LG-1/reply").limit_day == date(2026, 12, 24)
    story.do("correct", received_at=local("2026-07-28 10:00"))
    assert story.clock("LG-1/reply").limit_day == date(2026, 10, 20)


def test_another_appointments_new_date_is_left_alone() -> None:
    story = Story("customer-promise").at("2026-10-06 10:00").do("request_appointment")
    story.at("2026-10-15 10:00").do("request_appointment")
    running = [c.id for c in story.clocks("CP-4") if c.live]
    story.do("correct", received_at=local("2026-10-02 10:00"))
    assert [c.id for c in story.clocks("CP-4") if c.live] == running


def test_what_the_same_instant_started_otherwise_is_left_alone() -> None:
    story = Story().do("allocate")
    before = story.due("FO-1")
    story.do("correct", received_at=local("2026-09-01 10:00"))
    assert story.due("FO-1") == before


def test_a_correction_and_back_again_changes_no_date() -> None:
    story = Story(stage="manager").at("2026-10-06 10:00")
    before = [(c.id, c.day_zero, c.start_day, c.spent) for c in story.complaint.clocks]
    story.do("correct", received_at=local("2026-10-02 10:00"))
    story.do("correct", received_at=local("2026-10-05 10:00"))
    assert [(c.id, c.day_zero, c.start_day, c.spent) for c in story.complaint.clocks] == before
