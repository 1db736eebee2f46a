"""The life of a complaint on the real server: every way in which it goes, and every end.

Each story runs with the worker's cache and without it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.workflows.player import HANDLER, Office
from tests.workflows.season import close_of, day, monday, working_day

PAUSES = "insolvency-service"
"""The only charter whose page speaks of checking facts with others."""


def answered(days_before: int) -> dict[str, Any]:
    """A subject case that was answered so many days before the season began."""
    case = {"reference": "C-9", "open": False, "answered_at": day(-days_before)}
    return {"subject_case": case}


async def test_it_is_received_acknowledged_replied_to_and_accepted(any_office: Office) -> None:
    case = await any_office.open(stage="manager")
    brief = await case.do("acknowledge")
    assert brief["state"] == "acknowledged"
    assert brief["due"] == {"FO-8/reply#1": working_day(monday().date(), 10).isoformat()}
    await case.until(day(4))
    assert (await case.do("reply"))["state"] == "replied"
    await case.do("accept", "customer")
    result = await case.result()
    assert (result["state"], result["closed_how"], result["missed"]) == ("closed", "accepted", 0)
    assert await case.kinds() == ["opened", "acknowledged", "replied", "closed"]
    assert await case.told() == [
        "new-complaint to manager",
        "acknowledgement to customer",
        "reply to customer",
        "accepted to customer",
    ]


async def test_a_promise_is_warned_of_then_missed_and_the_next_one_still_runs(
    any_office: Office,
) -> None:
    case = await any_office.open(stage="manager")
    await case.until(day(1, 9))
    assert await case.kinds() == ["opened", "promise-warned"]
    assert await case.told() == ["new-complaint to manager", "promise-warning to manager"]
    await case.until(day(2, 17))
    assert await case.kinds() == ["opened", "promise-warned", "promise-missed"]
    assert (await case.told())[-3:] == [
        "apology to customer",
        "promise-missed to manager",
        "promise-missed to complaints-team",
    ]
    status = await case.status()
    assert status["missed"] == 1
    assert {c["id"]: c["state"] for c in status["clocks"]} == {
        "FO-8/acknowledge#1": "missed",
        "FO-8/reply#1": "running",
        "FO-8/acknowledge#3": "running",
        "FO-9/reason#3": "running",
    }


async def test_more_time_moves_the_due_date_once_and_keeps_the_old_one(any_office: Office) -> None:
    case = await any_office.open(stage="manager")
    await case.do("acknowledge")
    old, new = day(14).date(), day(16).date()
    await case.until(day(9))
    brief = await case.do("extend", new_due=new, reason="The bank is slow.")
    assert brief["due"] == {"FO-8/reply#1": new.isoformat()}
    await case.until(close_of(old))
    assert "promise-missed" not in await case.kinds()
    clock = await case.clock("FO-8/reply")
    assert (clock["superseded"], clock["due_on"]) == ([old.isoformat()], new.isoformat())
    await case.until(close_of(new))
    assert (await case.kinds())[-1] == "promise-missed"
    assert "more-time to customer" in await case.told()


async def test_time_does_not_count_while_it_is_paused_over_christmas(any_office: Office) -> None:
    case = await any_office.open(charter=PAUSES)
    await case.do("acknowledge")
    await case.until(day(3))
    review = working_day(day(3).date(), 10)
    await case.do("pause", review_on=review)
    assert (await case.clock("IS-2"))["due_at"] is None
    await case.until(close_of(review) - timedelta(hours=5))
    assert (await case.kinds())[-1] == "review-fell-due"
    await case.do("pause", review_on=working_day(review, 10))
    back = working_day(review, 4)
    await case.until(close_of(back) - timedelta(hours=5))
    assert (await case.kinds())[-1] == "paused"
    brief = await case.do("resume")
    due = working_day(back, 15 - 3 - 1)  # the day of resumption counts
    assert brief["due"] == {"IS-2#1": due.isoformat()}
    await case.until(close_of(due))
    assert (await case.kinds())[-1] == "promise-missed"
    told = await case.told()
    assert {"paused to customer", "still-waiting to customer", "resumed to customer"} <= set(told)


async def test_a_pause_that_is_forgotten_ends_with_its_review(any_office: Office) -> None:
    case = await any_office.open(charter=PAUSES)
    await case.do("acknowledge")
    await case.do("pause", review_on=day(3).date())
    await case.until(day(3, 9))
    assert (await case.kinds())[-1] == "review-fell-due"
    assert (await case.status())["state"] == "paused"
    await case.until(day(4, 9))
    assert (await case.kinds())[-1] == "pause-ran-out"
    assert (await case.status())["state"] == "acknowledged"
    assert (await case.told())[-2:] == ["review-due to case-handler", "resumed to customer"]


async def test_it_climbs_the_whole_ladder_to_the_independent_assessor(any_office: Office) -> None:
    case = await any_office.open(subject_case={"reference": "C-9", "open": True})
    await case.do("allocate")
    await case.do("introduce", HANDLER)
    for at, above in enumerate(("manager", "complaints-team", "independent-assessor"), start=1):
        await case.until(day(at * 3))
        await case.do("reply", outcome="not-upheld", remedies=[])
        brief = await case.do("escalate", "customer", to=above)
        assert (brief["stage"], brief["state"]) == (above, "received")
        await case.do("acknowledge")
    await case.do("conclude_case", answered_at=day(9, 8))
    await case.until(day(10))
    await case.do("reply", nothing_recommended="What went wrong has been put right already.")
    assert (await case.told())[-1] == "final-reply to customer"
    await case.until(day(10) + timedelta(days=60))
    result = await case.result()
    assert (result["stage"], result["closed_how"]) == ("independent-assessor", "procedure-ended")
    assert (await case.told())[-1] == "procedure-ended to customer"
    assert result["missed"] == 0


async def test_a_window_that_nobody_uses_closes_it(any_office: Office) -> None:
    case = await any_office.open(stage="manager", **answered(20))
    await case.do("reply")
    assert (await case.status())["clocks"][-1]["state"] == "met"
    await case.until(monday() + timedelta(days=29))
    assert (await case.status())["state"] == "replied"
    await case.until(monday() + timedelta(days=40))
    assert (await case.status())["closed_how"] == "window-closed"
    assert (await case.told())[-1] == "window-closed to customer"
    await case.until(monday() + timedelta(days=80))  # until then a manager could let it go on
    assert (await case.result())["closed_how"] == "window-closed"


async def test_a_window_stays_open_while_the_case_does(any_office: Office) -> None:
    case = await any_office.open(stage="manager", subject_case={"reference": "C-9", "open": True})
    await case.do("reply")
    await case.until(monday() + timedelta(days=120))
    assert (await case.status())["state"] == "replied"
    ended = monday() + timedelta(days=120)
    await case.do("conclude_case", answered_at=ended)
    assert (await case.told())[-1] == "last-day to customer"
    await case.until(ended + timedelta(days=27))
    assert (await case.status())["state"] == "replied"
    await case.until(ended + timedelta(days=40))
    assert (await case.status())["closed_how"] == "window-closed"


async def test_what_belongs_elsewhere_is_signposted_and_closed(any_office: Office) -> None:
    case = await any_office.open(about=["outcome", "data-protection"])
    assert (await case.result())["closed_how"] == "out-of-scope"
    assert await case.kinds() == ["opened", "signposted", "closed"]
    assert await case.told() == ["new-complaint to case-handler", "out-of-scope to customer"]


async def test_a_mixed_complaint_goes_on_with_the_rest(any_office: Office) -> None:
    case = await any_office.open(about=["outcome", "delay"], stage="manager")
    assert await case.kinds() == ["opened", "signposted"]
    assert "signposted to customer" in await case.told()
    assert (await case.do("acknowledge"))["state"] == "acknowledged"


async def test_one_that_comes_too_late_is_told_so_and_closed(any_office: Office) -> None:
    case = await any_office.open(**answered(200))
    assert (await case.status())["closed_how"] == "out-of-time"
    assert (await case.told())[-1] == "out-of-time to customer"


async def test_the_customer_takes_it_back(any_office: Office) -> None:
    case = await any_office.open()
    await case.do("withdraw", "customer")
    assert (await case.result())["closed_how"] == "withdrawn"


async def test_staff_close_it_with_a_reason(any_office: Office) -> None:
    case = await any_office.open()
    await case.do("close", "manager")
    assert (await case.result())["closed_how"] == "closed-by-staff"
    assert (await case.told())[-1] == "closed to customer"


async def test_a_closed_one_is_reopened_while_there_is_time(any_office: Office) -> None:
    case = await any_office.open(charter="customer-promise")
    await case.do("reply")
    await case.do("accept", "customer")
    await case.until(day(30))
    brief = await case.do("reopen", "manager")
    assert (brief["state"], "closed_how" in brief) == ("received", False)
    await case.do("reply", outcome="resolved")
    await case.do("accept", "customer")
    assert (await case.refused("accept", "customer")).type == "ComplaintClosed"
    await case.until(day(30) + timedelta(days=100))
    assert (await case.result())["outcome"] == "resolved"
    kinds = ["opened", "replied", "closed", "reopened", "replied", "closed"]
    assert await case.kinds() == kinds


async def test_another_handler_takes_over_and_the_old_one_may_not_act(any_office: Office) -> None:
    case = await any_office.open()
    await case.do(
        "allocate",
        handler={"id": "the.case-handler", "name": "The case-handler", "phone": "0300 1"},
    )
    new = {"id": "a.new", "name": "A New", "email": "a.new@x.org"}
    brief = await case.do("reassign", "manager", handler=new, reason="conflict")
    assert brief["handler_id"] == "a.new"
    assert (await case.refused("introduce")).type == "ConflictOfInterest"
    assert (await case.told())[-2:] == ["new-handler to customer", "allocated to case-handler"]


async def test_updates_are_owed_month_by_month(any_office: Office) -> None:
    case = await any_office.open()
    await case.do("allocate")
    await case.do("introduce", HANDLER)
    await case.until(day(20))
    await case.do("update")
    await case.until(day(21))
    states = {c["id"]: c["state"] for c in (await case.status())["clocks"]}
    asked = {
        clock: state for clock, state in states.items() if clock.startswith(("FO-1#", "FO-2#"))
    }
    assert list(asked.values()) == ["met", "met", "running"]
    assert "progress to customer" in await case.told()


async def test_the_charter_is_pinned_anew_only_when_an_administrator_asks(
    any_office: Office,
) -> None:
    case = await any_office.open(stage="manager")
    assert (await case.refused("refresh")).type == "WrongRole"
    await case.do("refresh", "administrator")
    assert await case.kinds() == ["opened", "charter-refreshed"]
    before = (await case.clock("FO-8/reply"))["due_on"]
    assert before == working_day(monday().date(), 10).isoformat()
