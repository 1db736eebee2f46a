"""An emergency closure and a new version of the charter move dates, keep the old ones and say so."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.charter.rules import Rules, closed_on, pack, unpack, with_closures
from domain.charter.tables import Charter
from domain.complaint.policies.rescheduling import Moved
from domain.complaint.policies.windows import window_after_reply
from domain.complaint.views.read_model import changed_clocks
from domain.complaint.views.status import status_of
from domain.errors import CalendarTooShort, InvalidCommand, Refused, WrongRole
from domain.notices import NoticeKind
from domain.vocabulary import ClosedHow, Role
from tests.domain.playing.stories import Story, patient
from tests.starter.reference.test_verb_table import slower

ANSWER = "FO-8/reply"
ADMINISTRATOR = Role.ADMINISTRATOR


def closed(story: Story, *days: str) -> Story:
    """The story after these days were closed."""
    return story.do("apply_closure", ADMINISTRATOR, days=days, reason="Snow.")


def test_a_closure_moves_what_is_due_after_it_and_the_customer_is_told() -> None:
    story = closed(Story(stage="manager").at("2026-10-08 10:00"), "2026-10-12", "2026-10-13")
    assert story.due(ANSWER) == date(2026, 10, 21)
    event = story.last("closure-applied")
    assert Moved(f"{ANSWER}#1", ANSWER, date(2026, 10, 19), date(2026, 10, 21)) in event.moved
    assert story.clock(ANSWER).moved == (date(2026, 10, 19),)
    (letter,) = story.sent(NoticeKind.DATES_CORRECTED)
    assert letter.facts["reason"] == "Snow."
    assert letter.facts["moved"][0]["new_due"] == "2026-10-21"


def test_a_closure_twice_is_once() -> None:
    story = closed(Story(stage="manager"), "2026-10-12")
    before = len(story.events)
    closed(story, "2026-10-12")
    assert len(story.events) == before


def test_a_closure_after_every_date_moves_none_and_nobody_is_written_to() -> None:
    story = closed(Story(stage="manager"), "2026-12-08")
    assert story.last("closure-applied").moved == ()
    assert not story.sent(NoticeKind.DATES_CORRECTED)
    story.at("2026-12-07 10:00").do("record_contact")
    assert story.due("FO-3") == date(2026, 12, 10)


def test_a_day_that_is_closed_anyway_changes_nothing() -> None:
    story = Story(stage="manager")
    closed(story, "2026-10-10", "2026-12-25")
    assert story.kinds == ["opened"]


def test_an_extension_after_a_closure_is_still_the_first() -> None:
    story = closed(Story(stage="manager").at("2026-10-08 10:00"), "2026-10-12")
    story.do("extend", new_due="2026-10-26")
    assert story.due(ANSWER) == date(2026, 10, 26)
    assert story.clock(ANSWER).superseded == (date(2026, 10, 20),)


def test_where_a_closed_due_day_would_move_earlier_the_date_that_was_told_is_not_shortened() -> (
    None
):
    story = Story().do("allocate")
    monthly = story.due("FO-2")
    story.at(f"{monthly} 12:00")
    closed(story, monthly.isoformat())
    (moved,) = (each for each in story.last("closure-applied").moved if each.promise == "FO-2")
    assert moved.new_due == story.rules.calendar.next_working_day(monthly)
    assert not moved.late


@pytest.mark.parametrize(
    ("said", "kind"),
    [({"reason": ""}, InvalidCommand), ({"days": ["2035-01-01"]}, CalendarTooShort)],
)
def test_a_closure_without_reason_or_beyond_the_calendar_is_refused(
    said: dict[str, Any], kind: type[Refused]
) -> None:
    assert isinstance(Story().refused("apply_closure", ADMINISTRATOR, **said), kind)
    assert isinstance(Story().refused("apply_closure", Role.MANAGER), WrongRole)


def test_a_new_version_moves_the_dates_and_stands_on_record() -> None:
    story = Story(stage="manager").at("2026-10-06 10:00")
    story.do("migrate", ADMINISTRATOR, **slower(story.rules))
    event = story.last("charter-migrated")
    assert (event.from_version, event.to_version) == ("2026.1", "2027.1")
    assert story.complaint.rules.charter.version == "2027.1"
    assert story.due(ANSWER) == date(2026, 10, 20)
    (letter,) = story.sent(NoticeKind.DATES_CORRECTED)
    assert letter.facts["charter_version"] == "2027.1"


def test_a_version_that_the_workers_do_not_know_is_refused() -> None:
    story = Story(stage="manager")
    said = slower(story.rules) | {"to_version": "2030.1"}
    refusal = story.refused("migrate", ADMINISTRATOR, **said)
    assert isinstance(refusal, InvalidCommand)
    assert "2027.1, not 2030.1" in refusal.message


def test_migrating_to_the_version_that_holds_already_changes_nothing() -> None:
    story = Story(stage="manager").do("migrate", ADMINISTRATOR, to_version="2026.1")
    assert story.kinds == ["opened"]


def test_another_charter_is_no_new_version() -> None:
    other = slower(Story("customer-promise").rules)
    assert isinstance(Story().refused("migrate", ADMINISTRATOR, **other), InvalidCommand)


def test_is_11_the_customer_is_asked_how_it_was_five_working_days_after_the_end() -> None:
    story = Story("insolvency-service", channel="letter").do("reply").do("accept", Role.CUSTOMER)
    story.late("2026-10-09 10:00")
    assert not story.sent(NoticeKind.SURVEY)
    story.late("2026-10-12 09:00")
    (letter,) = story.sent(NoticeKind.SURVEY)
    assert letter.facts["where"].startswith("https://")
    story.late("2026-10-20 10:00")
    assert len(story.sent(NoticeKind.SURVEY)) == 1


@pytest.mark.parametrize("about", [["outcome"], ["data-protection"]])
def test_is_11_nobody_is_asked_about_what_was_not_looked_into(about: list[str]) -> None:
    story = Story("insolvency-service", channel="letter", about=about)
    if story.complaint.closed and story.complaint.closed.how is ClosedHow.OUT_OF_SCOPE:
        story.late("2026-12-01 10:00")
        assert not story.sent(NoticeKind.SURVEY)
    else:
        pytest.fail("it should have been signposted and closed")


@pytest.mark.parametrize("verb", ["refresh", "migrate"])
def test_a_day_that_was_closed_stays_closed_under_rules_that_are_pinned_anew(verb: str) -> None:
    story = Story(stage="manager")
    packed = base64.b64encode(story.rules.packed).decode()
    said = slower(story.rules) if verb == "migrate" else {"pinned": packed}
    closed(story, "2026-10-12").do(verb, ADMINISTRATOR, **said)
    assert story.complaint.rules.calendar.why_closed(date(2026, 10, 12)) == "Snow"
    assert story.due(ANSWER) == date(2026, 10, 21 if verb == "migrate" else 20)


def test_rules_with_a_closure_are_those_that_its_packed_form_gives() -> None:
    rules = Story().rules
    snow = with_closures(rules, (date(2026, 10, 12),), "Snow.")
    assert with_closures(rules, (date(2026, 10, 12),), "Ice.") != snow != rules
    assert unpack(snow.packed) == snow
    assert snow.charter is rules.charter, "the charter is not read again"
    assert with_closures(snow, (date(2026, 10, 12),), "Ice.") is snow


def test_a_reason_that_is_a_sentence_names_the_day_without_its_full_stop() -> None:
    """The proof of a due date goes on after it: not counted, Snow on 12 October."""
    snow = with_closures(Story().rules, (date(2026, 10, 12),), "Snow. ")
    assert dict(snow.calendar.closures)[date(2026, 10, 12)] == "Snow"


def edited(rules: Rules, change: Callable[[dict[str, Any]], None]) -> dict[str, str]:
    """What moves a complaint to a version of its charter that was changed like this."""
    content = rules.charter.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    content["charter"]["version"] = "2027.1"
    change(content)
    packed = pack(Charter.model_validate(content), rules.calendar)
    return {"to_version": "2027.1", "pinned": base64.b64encode(packed).decode()}


def of_promise(key: str, **changed: Any) -> Callable[[dict[str, Any]], None]:
    """A change of one promise; none takes a key away."""

    def change(content: dict[str, Any]) -> None:
        for promise in content["promise"]:
            if key == f"{promise['id']}/{promise.get('part')}":
                promise.update(changed)
                for name in [name for name, value in changed.items() if value is None]:
                    del promise[name]

    return change


def test_what_is_paused_runs_on_also_where_the_new_version_would_not_pause_it() -> None:
    story = Story(stage="manager", rules=patient()).at("2026-10-07 10:00").do("pause")
    story.do("migrate", ADMINISTRATOR, **edited(story.rules, of_promise(ANSWER, pauses=None)))
    story.at("2026-10-14 10:00").do("resume")
    assert story.states(ANSWER) == ["running"]


def test_a_refresh_takes_no_new_version_over() -> None:
    story = Story(stage="manager")
    refusal = story.refused("refresh", ADMINISTRATOR, pinned=slower(story.rules)["pinned"])
    assert isinstance(refusal, InvalidCommand)
    assert "migrate" in refusal.allowed


def test_a_refresh_that_moves_a_date_keeps_the_old_one_and_says_so() -> None:
    story = Story(stage="manager")
    anew = closed_on(story.rules.calendar, (date(2026, 10, 12),), "A royal wedding")
    packed = base64.b64encode(pack(story.rules.charter, anew)).decode()
    story.do("refresh", ADMINISTRATOR, pinned=packed)
    assert story.clock(ANSWER).moved == (date(2026, 10, 19),)
    assert len(story.sent(NoticeKind.DATES_CORRECTED)) == 1


def test_a_new_version_does_not_take_the_customers_time_away() -> None:
    def shorter(content: dict[str, Any]) -> None:
        for stage in content["stage"]:
            if "within" in stage.get("entry", {}):
                stage["entry"]["within"] = {"working-days": 5}

    story = Story(stage="manager").do("reply").at("2026-10-20 10:00")
    story.do("migrate", ADMINISTRATOR, **edited(story.rules, shorter))
    window = window_after_reply(story.complaint)
    assert window
    assert window.closes == date(2026, 11, 5)  # as the reply had told
    story.at("2026-11-06 00:00")
    assert story.last("closed").window_closed == date(2026, 11, 5)


def test_what_ended_under_the_old_version_is_still_told_by_it() -> None:
    story = Story(stage="manager").at("2026-10-06 10:00").do("acknowledge")
    before = status_of(story.complaint, ())["clocks"][0]
    changed = story.complaint
    story.do("migrate", ADMINISTRATOR, **slower(story.rules))
    assert status_of(story.complaint, ())["clocks"][0] == before
    moved = [clock.id for clock in changed_clocks(changed, story.complaint)]
    assert before["id"] not in moved


def test_time_that_was_spent_in_another_unit_cannot_be_taken_over() -> None:
    story = Story(stage="manager", rules=patient()).at("2026-10-07 10:00").do("pause")
    months = edited(story.rules, of_promise(ANSWER, within={"months": 1}))
    assert isinstance(story.refused("migrate", ADMINISTRATOR, **months), InvalidCommand)


def test_a_day_that_was_closed_before_a_pause_is_given_back() -> None:
    story = Story(stage="manager", rules=patient()).at("2026-10-09 10:00").do("pause")
    story.at("2026-10-15 10:00").do("resume")
    before = story.due(ANSWER)
    closed(story, "2026-10-07")
    assert story.rules.calendar.working_days_between(before, story.due(ANSWER)) == 1


def test_a_closure_moves_the_limit_that_holds_in_a_pause() -> None:
    story = Story("nhs-complaints", rules=patient("nhs-complaints")).do("acknowledge")
    story.at("2026-10-07 10:00").do("pause")
    limit = story.due("NH-2")
    closed(story, limit.isoformat())
    assert story.due("NH-2") < limit
    assert story.last("closure-applied").moved
