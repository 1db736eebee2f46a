"""What is tried first is a chance and no promise: when it passes nothing is missed and nobody is apologised to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.notices import NoticeKind
from domain.vocabulary import Role
from ledger.sql.ledger import SqlLedger
from letters.rendering import render
from letters.specimens.stories import specimens
from reporting.formats.page import page
from reporting.formats.rows import as_csv
from tests.domain.playing.stories import SHIPPED, Story, local, rules_of
from tests.promises.telling import letters, read
from tests.reporting.conftest import charter, report_on
from tests.reporting.played import record

KEYS = {
    key: of
    for of in SHIPPED
    for key, rule in rules_of(of).promises.items()
    if rule.promise.gives_way_to
}
DUE = {"FC-1": date(2026, 10, 8)}
"""The last day of each that begins on Monday 5 October 2026, counted by hand."""
each_chance = pytest.mark.parametrize("key", KEYS, ids=list(KEYS))


def begun(key: str, **opening: Any) -> Story:
    """A complaint in which it is tried."""
    return Story(KEYS[key], **opening)


def over(key: str, **opening: Any) -> Story:
    """The complaint at the end of the last day, when it has not come off."""
    return begun(key, **opening).do("acknowledge").at(f"{DUE[key]} 17:00")


@each_chance
def test_its_clock_starts_and_ends_on_the_day_counted_by_hand(key: str) -> None:
    story = begun(key)
    assert (story.states(key), story.due(key)) == (["running"], DUE[key])


@each_chance
def test_a_reply_that_says_it_is_resolved_meets_it_in_the_last_minute(key: str) -> None:
    story = begun(key).at(f"{DUE[key]} 16:59").do("reply", outcome="resolved")
    assert story.states(key) == ["met"]


@each_chance
def test_an_answer_that_the_customer_accepts_meets_it_and_one_that_they_do_not_leaves_it_open(
    key: str,
) -> None:
    story = begun(key).at(f"{DUE[key]} 12:00").do("reply", outcome="partly-upheld")
    assert story.states(key) == ["running"]
    assert story.do("accept", Role.CUSTOMER).states(key) == ["met"]


@each_chance
def test_when_it_passes_nothing_is_missed_and_nobody_is_apologised_to(key: str) -> None:
    story = over(key)
    then = rules_of(KEYS[key]).promises[key].promise.gives_way_to
    assert then
    assert story.states(key) == ["passed"]
    assert (story.complaint.missed, story.kinds.count("promise-missed")) == (0, 0)
    event = story.last("chance-passed")
    assert (event.due, event.then, event.then_due) == (DUE[key], then, story.due(then))
    (notice,) = (each for each in story.notices if each.event == event.number)
    assert notice.kind is NoticeKind.CHANCE_PASSED
    note = render(notice)
    said = " ".join(note.body.split())
    assert f"{key} has passed, now {then} holds" in note.subject
    assert "nothing is missed, and nobody is apologised to" in said
    assert f"Its last day is {story.due(then):%A %-d %B %Y}." in said
    refusal = story.refused("give_reason", reason="The branch was shut.")
    assert "no date was missed" in refusal.message


@each_chance
def test_where_the_full_answer_has_been_given_staff_hear_nothing_more_of_it(key: str) -> None:
    story = begun(key).do("reply", outcome="not-upheld").at(f"{DUE[key]} 17:00")
    assert story.states(key) == ["passed"]
    about = [each.kind for each in story.notices if each.event > 2]
    assert about == []


@each_chance
def test_staff_are_told_beforehand_that_nothing_is_promised_by_it(key: str) -> None:
    story = over(key)
    (notice,) = (each for each in story.sent("promise-warning") if each.facts["promise"] == key)
    note = render(notice)
    said = f"{note.subject} {' '.join(note.body.split())}"
    assert "when it passes nothing is missed" in said
    assert "extend" not in said
    assert not {f"promise {key}", "not yet kept"} & {said}


@each_chance
@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_letter_to_the_customer_gives_its_date_or_its_words(key: str, language: str) -> None:
    text = rules_of(KEYS[key]).promises[key].promise.text
    story = over(key, complainant_language=language)
    story.do("apply_closure", "administrator", days=["2026-10-12"], reason="Snow.")
    early = begun(key, complainant_language=language)
    early.do("apply_closure", "administrator", days=["2026-10-07"], reason="Snow.")
    assert early.due(key) > DUE[key]
    early.do("correct", received_at=local("2026-10-02 10:00"), reason="The stamp says Friday.")
    early.do("update").at("2026-12-10 10:00").do("give_reason").do("reply")
    for told in (story, early):
        for letter in letters(told):
            assert text not in " ".join(read(letter).split())
    for notice in specimens(rules_of(KEYS[key]), language):
        assert notice.kind is NoticeKind.CHANCE_PASSED or "FC-1" not in str(
            notice.facts.get("moved")
        )


@each_chance
def test_a_corrected_receipt_judges_it_anew_and_still_nothing_is_missed(key: str) -> None:
    story = begun(key, received="2026-10-05 10:00", opened="2026-10-09 10:00")
    assert story.states(key) == ["passed"]
    story.do("correct", received_at=local("2026-10-07 10:00"))
    assert (story.states(key), story.due(key)) == (["running"], date(2026, 10, 12))
    early = begun(key).at("2026-10-06 10:00")
    early.do("correct", received_at=local("2026-09-28 10:00")).do("update")
    assert early.states(key) == ["passed"]
    assert {each.promise for each in early.events if each.kind == "promise-missed"}.isdisjoint(
        {key}
    )


@each_chance
def test_whoever_is_closed_without_an_answer_was_not_owed_it(key: str) -> None:
    story = begun(key).do("close", ground="no-complaint")
    owed = story.last("closed").without_answer
    assert owed
    assert key not in {each.partition("#")[0] for each in owed}


async def test_fc_1_and_fc_9_how_many_were_resolved_in_three_days_is_counted_apart(
    ledger: SqlLedger,
) -> None:
    of = "financial-conduct"
    soon = Story(of, reference="A").do("reply", outcome="resolved")
    later = Story(of, reference="B").do("acknowledge").at("2026-10-20 10:00")
    later.do("reply", outcome="resolved")
    again = Story(of, reference="C").do("acknowledge").at("2026-10-20 10:00")
    waiting = Story(of, "2026-10-19 10:00", reference="D")
    await record(ledger, [soon, later, again, waiting])
    told = await report_on(
        ledger, date(2026, 4, 1), date(2027, 3, 31), of=charter(of), now=later.now
    )
    (chance,) = told.chances
    total = chance.total
    assert (chance.key, total.in_time, total.late, total.open) == ("FC-1", 1, 2, 1)
    assert total.late_and_not_done == 1
    assert "FC-1" not in {one.key for one in told.promises}
    assert sum(one.total.late for one in told.promises) == 0
    assert "How many complaints were resolved in that time" in page(told, charter(of))
    assert "chances,FC-1,total,,in_time,1" in as_csv(told)
