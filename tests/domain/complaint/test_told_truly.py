"""Every law of what a story tells bites: a story that is made to break it fails, at that very step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.complaint.decider.react import react
from domain.complaint.state import Complaint
from domain.notices import Notice, RecipientKind
from tests.domain.playing import reading, stories
from tests.domain.playing.stories import Story, local
from tests.domain.playing.watching import Watch, watch


def told_last(story: Story, **facts: Any) -> tuple[Complaint, Any, Complaint, list[Notice]]:
    """The last step of the story, whose letters say this as well."""
    _, event, after, owed = story.steps[-1]
    letters = [each for each in owed if each.recipient.kind is RecipientKind.CUSTOMER]
    changed = [replace(each, facts=each.facts | facts) for each in letters]
    return story.steps[-2][2], event, after, changed


def refused(step: tuple[Complaint, Any, Complaint, list[Notice]], why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        Watch().see(*step)


def acknowledged(charter: str = "financial-ombudsman") -> Story:
    return Story(charter, stage="manager" if charter == "financial-ombudsman" else None).do(
        "acknowledge"
    )


def test_a_player_checks_every_story_without_a_word_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(complaint: Complaint, event: Any) -> Any:
        return tuple(
            replace(each, facts=each.facts | {"due": "2026-12-01"})
            for each in react(complaint, event)
        )

    monkeypatch.setattr(stories, "react", careless)
    with pytest.raises(AssertionError, match="due 2026-12-01, but it is"):
        acknowledged()


def test_a_day_that_no_clock_has_is_no_day_to_tell() -> None:
    refused(told_last(acknowledged(), due="2026-12-01"), "due 2026-12-01, but it is")


def test_a_day_that_has_passed_is_not_told_as_if_it_came() -> None:
    story = acknowledged()
    before, event, after, owed = told_last(story)
    late = replace(event, at=event.at.replace(month=12))
    refused((before, late, after, owed), "has passed")


def test_two_letters_do_not_name_two_days_for_one_thing() -> None:
    story = acknowledged().do("update")
    before, event, after, owed = told_last(story)
    watching = Watch()
    watching.see(before, event, after, owed)
    moved = replace(after, clocks=tuple(each.changed(extra=3) for each in after.clocks))
    (clock,) = (each for each in moved.clocks if each.promise == "FO-8/reply")
    later = moved.rules.calendar.add_working_days(date(2026, 10, 19), 3).isoformat()
    assert clock.running
    said = [replace(each, facts=each.facts | {"due": later}) for each in owed]
    with pytest.raises(AssertionError, match=f"is {later}, and was 2026-10-19; between"):
        watching.see(after, event, moved, said)


def test_one_letter_does_not_name_two_days_for_the_answer() -> None:
    story = acknowledged("local-government-code").at("2026-10-19 17:00")
    assert story.events[-1].promise == "LG-1/reply"
    (apology,) = story.sent("apology", "customer")
    assert apology.facts["due"] == apology.facts["new_due"]
    refused(told_last(story, due="2026-12-24"), "2026-10-26, and 2026-12-24 in one letter")


def test_what_would_be_refused_is_not_offered() -> None:
    window = Story("local-government-code").do("reply").notices[-1].facts["window"]
    story = acknowledged("local-government-code")
    refused(told_last(story, window=window | {"closes": None}), "offers escalate")
    merged = acknowledged().do("merge")
    refused(told_last(merged, reopen_by=None, window=window | {"closes": None}), "offers escalate")


def test_what_can_be_opened_again_is_not_told_to_be_closed_for_good() -> None:
    withdrawn = acknowledged("local-government-code").do("withdraw", "customer")
    assert withdrawn.sent("withdrawn")[0].facts["reopen_by"]
    refused(told_last(withdrawn, reopen_by=None), "cannot be opened again, but it can be")


def test_nothing_ends_by_silence_that_no_letter_told() -> None:
    story = acknowledged().do("reply").at("2027-01-01 10:00")
    step = next(each for each in story.steps if each[1].kind == "closed")
    before = story.steps[story.steps.index(step) - 1][2]
    refused((before, step[1], step[2], []), "no letter that arrived named")


def test_nothing_open_waits_with_nothing_due() -> None:
    story = acknowledged()
    with pytest.raises(AssertionError, match="it waits with nothing due"):
        Watch().rest(replace(story.complaint, clocks=()), story.now)


def test_a_letter_names_no_day_that_is_not_among_its_facts() -> None:
    (letter,) = acknowledged().sent("acknowledgement", "customer")
    reading.check_reading(letter)
    odd = replace(letter, facts=letter.facts | {"due": "20261201", "mind": ("x",)})
    with pytest.raises(AssertionError, match=r"1 (December|Rhagfyr) 2026"):
        reading.check_reading(odd)


def test_a_story_that_was_played_elsewhere_is_checked_by_its_record() -> None:
    story = acknowledged().do("reply").at("2027-01-01 10:00")
    watch(story.rules, story.events)
    hasty = [
        replace(each, at=local("2026-10-20 10:00")) if each.kind == "closed" else each
        for each in story.events[: story.kinds.index("closed") + 1]
    ]
    with pytest.raises(AssertionError, match="comes too early"):
        watch(story.rules, hasty)
