"""After a time in which nobody was there: everything is recorded, and the customer is told once."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date

import pytest

from charters.files import CharterBook
from charters.pinning import pinned_rules
from domain.charter.rules import Rules, pack, unpack
from domain.errors import InvalidCommand
from domain.vocabulary import Role
from tests.domain.playing.stories import Story, local


def pinned_for(
    received: str, until: str | None = None, charter: str = "financial-ombudsman"
) -> Rules:
    """The rules as they are really pinned for a complaint received then."""
    at = local(until) if until else None
    return pinned_rules(CharterBook(), charter, local(received), at)


def test_months_that_lapse_at_once_are_recorded_each_and_told_once_with_a_date_ahead() -> None:
    story = Story("financial-ombudsman", "2026-10-05 10:00").do("allocate").do("introduce")
    story.late("2027-01-20 10:00")
    assert story.states("FO-2") == ["missed", "missed", "missed", "running"]
    assert story.complaint.missed == 3
    assert [(n.facts["missed_due"], n.facts["new_due"]) for n in story.sent("apology")] == [
        ("2027-01-04", "2027-02-04")
    ]
    every = story.sent("promise-missed", "case-handler")
    staff = [n for n in every if n.facts["promise"] == "FO-2"]
    assert [n.facts["apology"] for n in staff] == [False, False, True]
    assert [n.facts["new_due"] for n in staff] == [None, None, "2027-02-04"]


def test_contacts_that_waited_together_bring_one_apology() -> None:
    story = Story(channel="letter").do("record_contact").do("record_contact", summary="Hello?")
    story.late("2026-10-12 10:00")
    assert story.states("FO-3")[:2] == ["missed", "missed"]
    assert len(story.sent("apology")) == 1


def apologies(story: Story, promise_text: str) -> list[tuple[str, str]]:
    """The date that was missed and the new one, of each apology for the promise with these words."""
    facts = [n.facts for n in story.sent("apology") if promise_text in n.facts["promise_text"]]
    return [(each["missed_due"], each["new_due"]) for each in facts]


def test_every_new_date_that_passes_is_apologised_for_and_each_lies_further_ahead() -> None:
    story = Story(stage="manager").do("acknowledge").at("2027-03-01 10:00")
    assert apologies(story, "10 working days") == [
        ("2026-10-19", "2026-10-26"),
        ("2026-10-26", "2026-11-09"),
        ("2026-11-09", "2026-12-07"),
        ("2026-12-07", "2027-01-07"),
        ("2027-01-07", "2027-02-04"),
        ("2027-02-04", "2027-03-04"),
    ]
    facts = [n.facts for n in story.sent("apology") if "10 working days" in n.facts["promise_text"]]
    assert [each["again"] for each in facts] == [False, True, True, True, True, True]


def test_a_contact_that_waits_is_apologised_for_at_each_date_that_was_named() -> None:
    story = Story(channel="letter").do("record_contact").at("2027-01-20 10:00")
    dates = apologies(story, "e-mail")
    assert dates[0] == ("2026-10-07", "2026-10-09")
    assert [new for _, new in dates[:-1]] == [missed for missed, _ in dates[1:]]
    assert len(dates) == 7


def test_at_a_new_stage_the_apologies_begin_anew() -> None:
    story = Story(stage="manager").do("acknowledge").at("2026-12-01 10:00")
    story.do("reply").do("escalate", Role.CUSTOMER, to="complaints-team").at("2026-12-04 10:00")
    apology = story.sent("apology")[-1]
    assert apology.facts["missed_due"] == "2026-12-03"
    assert apology.facts["new_due"] == "2026-12-07"


def test_a_mistyped_year_is_refused_and_floods_nobody() -> None:
    for charter, stage in (("financial-ombudsman", "manager"), ("casework-standards", None)):
        rules = pinned_for("2016-11-20 10:00", charter=charter)
        with pytest.raises(InvalidCommand, match="lies too far back"):
            Story(rules=rules, received="2016-11-20 10:00", opened="2026-11-20 10:00", stage=stage)


def test_a_complaint_found_in_a_drawer_a_year_later_can_be_opened() -> None:
    rules = pinned_for("2025-11-20 10:00")
    story = Story(
        rules=rules, received="2025-11-20 10:00", opened="2026-11-20 10:00", stage="manager"
    )
    assert len(story.sent("apology")) == 2
    assert all(n.facts["new_due"] > "2026-11-20" for n in story.sent("apology"))


def test_what_runs_out_after_the_calendar_waits_and_does_not_repeat_to_its_end() -> None:
    rules = pinned_for("2024-11-04 10:00")
    story = Story(rules=rules, received="2024-11-04 10:00", stage="manager").do("acknowledge")
    story.late("2027-06-01 10:00")
    assert story.states("FO-8/reply") == ["missed", "running"]
    assert story.sent("apology")[-1].facts["new_due"] is None


def test_an_apology_names_no_date_that_had_passed_where_the_end_came_before_it() -> None:
    story = Story().do("acknowledge").do("pass_to_decision").at("2026-11-10 10:00")
    story.do("reply", outcome="not-upheld", remedies=[]).late("2027-04-01 10:00")
    assert story.kinds[-2:] == ["promise-missed", "closed"]
    letter = story.sent("apology", "customer")[-1]
    assert (letter.facts["missed_due"], letter.facts["new_due"]) == ("2027-01-08", None)


def test_nobody_is_told_of_a_day_to_reopen_that_has_passed_with_the_calendar() -> None:
    rules = Story().rules
    short = unpack(pack(rules.charter, replace(rules.calendar, last_day=date(2027, 1, 29))))
    story = Story(rules=short, stage="manager").at("2026-12-20 10:00")
    story.do("reply", outcome="not-upheld", remedies=[]).late("2027-06-01 10:00")
    (letter,) = story.sent("window-closed", "customer")
    assert letter.facts["reopen_by"] is None


def test_a_complaint_pinned_anew_keeps_its_past() -> None:
    story = Story(
        rules=pinned_for("2024-11-04 10:00"), received="2024-11-04 10:00", stage="manager"
    )
    story.do("record_contact", received_at=local("2023-02-01 10:00"))
    story.do("allocate").at("2027-02-01 10:00")
    anew = pinned_for("2024-11-04 10:00", "2027-02-01 10:00")
    assert (anew.calendar.first_day, anew.calendar.last_day) == (
        date(2023, 1, 1),
        date(2029, 12, 31),
    )
    story.do("refresh", Role.ADMINISTRATOR, pinned=pinned_text(anew))
    story.do("acknowledge", contact=1).do("reply")
    assert story.sent("contact-acknowledged")[0].facts["received_on"] == "2023-02-01"


def test_what_a_calendar_does_not_reach_is_told_by_the_day_in_utc() -> None:
    story = Story(
        rules=pinned_for("2024-11-04 10:00"), received="2024-11-04 10:00", stage="manager"
    )
    story.do("record_contact", received_at=local("2023-07-01 00:30"))
    story.do("refresh", Role.ADMINISTRATOR, pinned=pinned_text(pinned_for("2026-01-01 10:00")))
    story.do("acknowledge", contact=1)
    assert story.sent("contact-acknowledged")[0].facts["received_on"] == "2023-06-30"


def pinned_text(rules: Rules) -> str:
    """The rules as the workflow fills them in."""
    return base64.b64encode(rules.packed).decode()
