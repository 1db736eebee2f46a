"""How things stand in all is counted from what has not ended, and from the letters of late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ledger.opening import open_sql_ledger
from ledger.port import NoticeFate, NoticeState
from ledger.quality.figures import Figures, Letters, Standings, figures
from tests.ledger.samples import RECEIVED, entry, opened, standing

NOW, EVENING = RECEIVED + timedelta(hours=12), RECEIVED + timedelta(hours=20)


async def counted(url: str) -> Figures:
    async with open_sql_ledger(url) as ledger:
        return await ledger.reading(lambda c: figures(c, NOW, EVENING))


async def test_an_empty_ledger_has_no_figures(ledger_url: str) -> None:
    assert await counted(ledger_url) == Figures((), ())


async def test_what_is_due_late_and_overdue_is_counted_of_what_has_not_ended(
    ledger_url: str,
) -> None:
    hours = timedelta(hours=1)
    stands: dict[str, dict[str, Any]] = {
        "FO-1": {"next_due": NOW + hours},
        "FO-2": {"next_due": EVENING, "missed": 2},
        "FO-3": {"next_due": NOW - hours},
        "FO-4": {"next_due": None},
        "FO-5": {"stage": "manager"},
        "FO-6": {"state": "closed", "closed_at": NOW, "missed": 1},
        "FO-7": {"state": "closed", "closed_at": NOW, "remedies_owed": 1, "next_due": EVENING},
        "FO-8": {"state": "closed", "closed_at": NOW, "next_due": NOW - hours, "missed": 1},
    }
    async with open_sql_ledger(ledger_url) as ledger:
        for reference, changes in stands.items():
            await ledger.record(
                entry(
                    opened(reference),
                    reference=reference,
                    standing=standing(1, reference, **changes),
                )
            )
    found = {each.stage: each for each in (await counted(ledger_url)).standings}
    charter = "financial-ombudsman"
    assert found["case-handler"] == Standings(
        charter=charter, stage="case-handler", open=6, due_today=1, late=2, overdue=2
    )
    assert found["manager"].open == 1
    assert sum(each.open for each in found.values()) == len(stands) - 1


async def test_notices_are_counted_by_channel_while_they_wait_and_for_a_day_once_they_failed(
    ledger_url: str,
) -> None:
    old = NOW - timedelta(hours=25)
    fates = [
        ("1", NoticeState.ATTEMPTED, "smtp", old),
        ("2", NoticeState.ATTEMPTED, None, NOW),
        ("3", NoticeState.REFUSED, "smtp", NOW),
        ("4", NoticeState.REFUSED, "smtp", old),
        ("5", NoticeState.DELIVERED, "smtp", NOW),
        ("6", NoticeState.UNDELIVERED, "notify", NOW),
        ("7", NoticeState.UNDELIVERED, "notify", old),
        ("8", NoticeState.REFUSED, "notify", NOW),
    ]
    async with open_sql_ledger(ledger_url) as ledger:
        for key, state, channel, when in fates:
            await ledger.mark(NoticeFate(key=key, state=state, at=when, channel=channel))
    letters = {each.channel: each for each in (await counted(ledger_url)).letters}
    assert letters == {
        "smtp": Letters(channel="smtp", waiting=1, failed=1),
        "notify": Letters(channel="notify", waiting=0, failed=2),
        "unknown": Letters(channel="unknown", waiting=1, failed=0),
    }
