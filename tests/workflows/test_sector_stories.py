"""Each sector code on the real server, from the opening to the end: no code belongs to any of them."""

from __future__ import annotations

from datetime import date, timedelta

from domain.complaint.commands import Actor
from domain.vocabulary import Role
from tests.workflows.player import Office
from tests.workflows.season import close_of, day, monday, working_day

FROM_STAGE_1 = Actor(id="the.case-handler", name="The case handler", role=Role.MANAGER)


def after(days: int, charter: str, start: date | None = None) -> date:
    """So many working days after the season's Monday, or after another day."""
    return working_day(start or monday().date(), days, charter)


async def test_a_tenant_climbs_both_stages_each_counted_from_its_acknowledgement(
    office: Office,
) -> None:
    code = "housing-code"
    case = await office.open(charter=code)
    await case.until(day(2))
    brief = await case.do("acknowledge")
    assert brief["due"] == {"HC-1/reply#2": after(10, code, day(2).date()).isoformat()}
    more = after(18, code, day(2).date())
    assert (await case.do("extend", new_due=more, reason="The surveyor is ill."))["due"] == {
        "HC-1/reply#2": more.isoformat()
    }
    await case.do("reply", outcome="not-upheld", remedies=[])
    await case.do("escalate", "customer", to="manager")
    assert (await case.refused("acknowledge", FROM_STAGE_1)).type == "NotIndependent"
    late = close_of(after(5, code, day(2).date()), code)
    await case.until(late)
    assert (await case.clock("HC-2/acknowledge"))["renewal"]
    brief = await case.do("acknowledge")
    replies = {clock: due for clock, due in brief["due"].items() if clock.startswith("HC-2/")}
    assert replies == {f"HC-2/reply#{brief['events']}": after(20, code, late.date()).isoformat()}
    await case.do("reply", remedies=["An apology"])
    assert "final-reply to customer" in await case.told()
    await case.until(late + timedelta(days=28))
    status = await case.status()
    # The acknowledgement and its reason, whose new date is no promise of its own.
    assert (status["closed_how"], status["missed"]) == ("procedure-ended", 2)


async def test_a_council_that_acknowledges_nothing_still_has_its_twelve_weeks(
    office: Office,
) -> None:
    case = await office.open(charter="local-government-code")
    overall = date.fromisoformat((await case.clock("LG-3"))["due_on"])
    assert overall <= monday().date() + timedelta(weeks=12)
    await case.until(day(3))
    brief = await case.do("reply", remedies=["An apology"])
    clocks = {clock["id"]: clock["state"] for clock in (await case.status())["clocks"]}
    assert clocks == {
        "LG-1/acknowledge#1": "met",
        "LG-3#1": "met",
        f"LG-1/reply#{brief['events']}": "met",
    }
    await case.until(day(10))
    await case.do("escalate", "customer", to="manager")
    assert date.fromisoformat((await case.clock("LG-3"))["due_on"]) > overall
    await case.do("reply", remedies=["An apology"])
    await case.do("accept", "customer")
    status = await case.status()
    assert (status["closed_how"], status["missed"]) == ("accepted", 0)


async def test_a_serious_complaint_in_scotland_is_investigated_at_once(office: Office) -> None:
    code = "scottish-model"
    case = await office.open(charter=code, stage="manager")
    assert (await case.status())["stage"] == "manager"
    before = monday().date() - timedelta(days=1)  # the day of receipt is the first of the days
    assert (await case.clock("SM-2/acknowledge"))["due_on"] == after(3, code, before).isoformat()
    assert (await case.clock("SM-2/reply"))["due_on"] == after(20, code, before).isoformat()
    await case.do("acknowledge")
    await case.do("reply", remedies=["An apology"])
    await case.until(day(30))
    assert (await case.status())["closed_how"] == "procedure-ended"
    assert (await case.told())[-2:] == ["final-reply to customer", "procedure-ended to customer"]


async def test_a_firm_that_does_not_settle_in_three_days_has_the_eight_weeks(
    office: Office,
) -> None:
    code = "financial-conduct"
    case = await office.open(charter=code)
    await case.do("acknowledge")
    third = after(3, code)
    await case.until(close_of(third, code))
    status = await case.status()
    assert {clock["id"]: clock["state"] for clock in status["clocks"]} == {
        "FC-1#1": "passed",
        "FC-2/acknowledge#1": "met",
        "FC-2/reply#1": "running",
    }
    assert "apology to customer" not in await case.told()
    assert "chance-passed to case-handler" in await case.told()
    await case.until(day(50))
    await case.do("reply", remedies=["An apology"])
    await case.do("accept", "customer")
    assert (await case.clock("FC-2/reply"))["state"] == "met"
    assert (await case.status())["closed_how"] == "accepted"


async def test_a_patient_and_the_hospital_agree_on_a_day_within_the_six_months(
    office: Office,
) -> None:
    code = "nhs-complaints"
    case = await office.open(charter=code)
    await case.do("acknowledge")
    agreed = after(60, code)
    brief = await case.do("extend", new_due=agreed, reason="Agreed with you by telephone.")
    assert brief["due"] == {"NH-2#1": agreed.isoformat()}
    beyond = after(140, code)
    assert (await case.refused("extend", new_due=beyond, reason="Longer still.")).type == (
        "ExtensionRefused"
    )
    await case.until(close_of(after(25, code), code))
    assert "promise-missed" not in await case.kinds()
    await case.do("reply", remedies=["An apology"])
    await case.do("withdraw", "customer")
    status = await case.status()
    assert (status["closed_how"], status["missed"]) == ("withdrawn", 0)
