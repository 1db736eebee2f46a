"""FO-13: the assessor's report counts each time that a complaint waited for them, and only those."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from domain.charter.tables import Charter
from domain.vocabulary import Role
from ledger.sql.ledger import SqlLedger
from reporting.formats.page import page
from reporting.sections import Count, StageReport
from tests.domain.playing.stories import Story
from tests.reporting import by_hand
from tests.reporting.conftest import charter, report_on
from tests.reporting.played import FIRST, LAST, played, record

ASSESSOR = "independent-assessor"


@pytest.mark.parametrize("stage", ["case-handler", "manager", "complaints-team", ASSESSOR])
async def test_fo_13_the_assessors_year_is_counted_as_by_hand(year: SqlLedger, stage: str) -> None:
    found = (await report_on(year, of=assessed_at(stage))).assessor
    assert found is not None
    assert found.stage == stage
    visits = by_hand.visits(played(), found.stage)
    day = by_hand.local_day
    ended = [v for v in visits if v.went and FIRST <= day(v.went) <= LAST]
    replies = [v for v in ended if v.reply]
    assert found.received == sum(FIRST <= day(v.came) <= LAST for v in visits)
    assert found.replied == len(replies) > 0
    assert found.ended_otherwise == len(ended) - len(replies)
    assert found.waiting_at_end == (
        found.waiting_at_start + found.received - found.replied - found.ended_otherwise
    )
    outcomes = Counter(str(v.reply.outcome) for v in replies if v.reply)
    assert {one.name: one.count for one in found.outcomes} == outcomes
    days = sorted(by_hand.working_days(day(v.came), day(v.went)) for v in replies if v.went)
    assert found.median_days == by_hand.least_for(days, 0.5)
    assert found.ninetieth_days == by_hand.least_for(days, 0.9)


async def test_fo_13_a_complaint_that_is_reopened_waits_for_the_assessor_again(
    empty: SqlLedger,
) -> None:
    story = Story(received="2026-06-01 10:00", stage="manager")
    for stage in ("complaints-team", ASSESSOR):
        story.do("reply").do("escalate", "customer", to=stage)
    story.at("2026-06-25 10:00").do("reply")
    await record(empty, [story.at("2026-07-08 10:00").do("reopen", ASSESSOR)])
    waits = await assessors_july(empty)
    assert (waits.waiting_at_start, waits.received, waits.waiting_at_end) == (0, 1, 1)
    await record(empty, [story.at("2026-07-20 10:00").do("reply", outcome="not-upheld")])
    answered = await assessors_july(empty)
    assert (answered.replied, answered.waiting_at_end, answered.median_days) == (1, 0, 8)
    assert answered.outcomes == (Count(name="not-upheld", count=1),)


async def test_fo_13_another_window_is_no_new_work(empty: SqlLedger) -> None:
    story = Story(received="2026-05-01 10:00", stage="manager").do("acknowledge")
    story.at("2026-05-08 10:00").do("reply", remedies=[]).at("2026-07-08 10:00").do(
        "reopen", "manager"
    )
    assert [each.kind for each in story.events[-2:]] == ["closed", "reopened"]
    await record(empty, [story])
    waits = await assessors_july(empty, "manager")
    assert (waits.waiting_at_start, waits.received, waits.waiting_at_end) == (0, 0, 0)
    await record(empty, [story.at("2026-07-09 10:00").do("reopen", "manager")])
    waits = await assessors_july(empty, "manager")
    assert (waits.waiting_at_start, waits.received, waits.waiting_at_end) == (0, 1, 1)


async def test_fo_13_the_findings_and_recommendations_are_in_it_without_anybodys_name(
    empty: SqlLedger,
) -> None:
    story = Story(
        received="2026-06-01 10:00", stage="manager", complainant_name="Ann Price",
        subject_case={"reference": "C-977", "handler": {"id": "h.jones", "name": "H Jones", "phone": "0300 1"}},
    )  # fmt: skip
    for stage in ("complaints-team", ASSESSOR):
        story.do("reply", remedies=[]).do("escalate", "customer", to=stage)
    words = "Mrs Price (ann@example.org) wrote twice about C-977. H Jones told The manager: nobody logs letters."
    advice = [{"text": "Log what Ann sends", "kind": "recommendation"}]
    story.at("2026-07-08 10:00").do("reply", findings=words, remedies=advice).do(
        "accept_remedy", "manager"
    )
    await record(empty, [story])
    (found,) = (await assessors_july(empty)).findings
    assert found.outcome == "upheld"
    assert found.findings == (
        "Mrs [name left out] ([name left out]) wrote twice about [name left out]. "
        "[name left out] told [name left out]: nobody logs letters."
    )
    assert [(one.text, one.state) for one in found.recommended] == [
        ("Log what [name left out] sends", "accepted")
    ]
    assert found.nothing_recommended is None


async def test_fo_13_no_case_is_named_by_its_reference(empty: SqlLedger) -> None:
    story = Story(received="2026-06-01 10:00", stage="manager", reference="FO-2026-000977")
    story.do("take_in", duplicate="FO-2026-000978", received_at=story.now)
    for stage in ("complaints-team", ASSESSOR):
        story.do("reply", remedies=[]).do("escalate", "customer", to=stage)
    words = "In FO-2026-000977 and FO-2026-000978 we were slow."
    story.at("2026-07-08 10:00").do("reply", findings=words)
    await record(empty, [story])
    (found,) = (await assessors_july(empty)).findings
    assert found.findings == "In [name left out] and [name left out] we were slow."


async def test_fo_13_why_nothing_was_recommended_is_in_it(empty: SqlLedger) -> None:
    story = Story(received="2026-06-01 10:00", stage="manager")
    for stage in ("complaints-team", ASSESSOR):
        story.do("reply", remedies=[]).do("escalate", "customer", to=stage)
    story.at("2026-07-08 10:00").do(
        "reply", remedies=[], nothing_recommended="Ann Price got it all."
    )
    await record(empty, [story])
    (found,) = (await assessors_july(empty)).findings
    assert (found.recommended, found.nothing_recommended) == ((), "[name left out] got it all.")
    shown = page(await report_on(empty, date(2026, 7, 1), date(2026, 7, 31)), charter())
    assert "Nothing was recommended: [name left out] got it all." in shown
    assert "Ann" not in shown


async def assessors_july(ledger: SqlLedger, stage: str = ASSESSOR) -> StageReport:
    report = await report_on(ledger, date(2026, 7, 1), date(2026, 7, 31), of=assessed_at(stage))
    assert report.assessor is not None
    return report.assessor


def assessed_at(stage: str) -> Charter:
    """The charter, the assessor being the reviewer of that stage and of no other."""
    terms = charter()
    stages = tuple(
        one.model_copy(update={"role": Role.INDEPENDENT_ASSESSOR if one.id == stage else None})
        for one in terms.stages
    )
    return terms.model_copy(update={"stages": stages})
