"""Where a page gives no figure the customer hears what to expect: an estimate, never as a promise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.notices import NoticeKind
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.refusing import is_refused
from tests.domain.playing.stories import SHIPPED, Story, rules_of

TO_ASSESSOR = ("manager", "complaints-team", "independent-assessor")
KEYS = {
    key: charter
    for charter in SHIPPED
    for key, rule in rules_of(charter).promises.items()
    if rule.estimate
}
DUE = {
    "IS-5/estimate": (date(2026, 10, 26), date(2026, 11, 9)),
    "CS-5/estimate": (date(2026, 10, 19), date(2026, 11, 2)),
    "FO-7/estimate": (date(2026, 10, 19), date(2026, 11, 2)),
    "FO-12/estimate": (date(2027, 1, 5), date(2027, 2, 5)),
}
"""When each is due that begins on 5 October 2026, and the day that follows; counted by hand."""
each_estimate = pytest.mark.parametrize("key", KEYS, ids=list(KEYS))
languages = pytest.mark.parametrize("language", ["en", "cy"])


def begun(key: str, language: str = "en") -> Story:
    """A complaint to which no figure of the page applies."""
    opening: dict[str, Any] = {"complainant_language": language}
    if key != "FO-7/estimate":
        opening["channel"] = "phone" if key.startswith("IS") else "letter"
    story = Story(KEYS[key], **opening)
    for stage in TO_ASSESSOR if key == "FO-12/estimate" else ():
        story.do("reply").do("escalate", Role.CUSTOMER, to=stage)
    return story


def text(story: Story, kind: str) -> str:
    """The last letter of that kind, as it goes out."""
    return " ".join(render(story.sent(kind)[-1]).body.split())


@each_estimate
def test_it_is_due_on_the_day_counted_by_hand_and_has_a_next_day(key: str) -> None:
    story = begun(key)
    assert story.due(key) == DUE[key][0]
    assert story.complaint.missed == 0
    story.at(f"{DUE[key][0]} 17:00")
    assert story.due(key) == DUE[key][1]


@each_estimate
@languages
def test_letters_tell_it_as_an_estimate_and_never_as_a_promise(key: str, language: str) -> None:
    story = begun(key, language).do("acknowledge")
    said = text(story, "acknowledgement")
    if language == "en":
        assert f"We expect to send you our full answer by {spoken(DUE[key][0])}." in said
        assert "This is an estimate and not a promise." in said
        assert "You will have our full answer" not in said
    else:
        assert "Rydym yn disgwyl anfon ein hateb llawn atoch erbyn" in said
        assert "Amcangyfrif yw hwn, nid addewid." in said
        assert "Byddwch yn cael ein hateb llawn" not in said


@each_estimate
@languages
def test_one_that_passes_is_told_with_a_new_day_and_breaks_no_promise(
    key: str, language: str
) -> None:
    story = begun(key, language).do("acknowledge").at(f"{DUE[key][0]} 16:59")
    missed, apologies = story.complaint.missed, len(story.sent("apology"))
    before = story.events[-1].number
    story.at(f"{DUE[key][0]} 17:00")
    passed = story.last("estimate-passed")
    assert (passed.number > before, passed.due, passed.new_due) == (True, *DUE[key])
    of_it = [n.kind for n in story.notices if n.event == passed.number]
    assert set(of_it) == {NoticeKind.ESTIMATE_PASSED, NoticeKind.PROMISE_MISSED}
    about = [e for e in story.events if e.kind == "promise-missed" and e.promise == key]
    assert about == []
    others = sum(e.kind == "promise-missed" and e.number > before for e in story.events)
    # A new date that passes counts once, with the promise that it was given for.
    assert missed <= story.complaint.missed <= missed + others
    assert len(story.sent("apology")) <= apologies + others
    said = text(story, "estimate-passed")
    wrong = {"en": ("promise:", "our fault"), "cy": ("addewid hwn", "Ein bai ni")}[language]
    assert not any(word in said for word in wrong)
    staff = next(
        n for n in story.notices if n.event == passed.number and n.recipient.kind == "staff"
    )
    assert f"estimate {key} has passed" in render(staff).subject


@each_estimate
def test_it_is_moved_with_a_reason_also_once_it_has_passed(key: str) -> None:
    story = begun(key)
    days = DUE[key]
    is_refused(
        story.refused("extend", reason=" ", promise=key), "ExtensionRefused", "reason", "reason"
    )
    story.at(f"{days[0]} 17:00")
    later = date.fromordinal(days[1].toordinal() + 3)
    story.do("extend", new_due=later, reason="The bank is slow.", promise=key)
    assert story.due(key) == later
    said = text(story, "more-time")
    assert f"An answer was to be expected by {spoken(days[1])}." in said
    assert f"We now expect to answer by {spoken(later)}." in said


def spoken(day: date) -> str:
    """The day as English letters write it."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def test_a_promise_goes_before_an_estimate_and_a_letter_gives_one_date() -> None:
    story = Story("insolvency-service", channel="phone").do("acknowledge")
    assert "We expect" in text(story, "acknowledgement")
    story = Story("insolvency-service", channel="letter").do("acknowledge")
    assert "You will have our full answer" in text(story, "acknowledgement")
