"""Owns the morning after the stories: each mailbox gets the one digest of what its staff need not know at once.

The Schedule of digests starts the same workflow every morning; here the day is that of the stories, which
run on clocks of their own. Must not print.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from activities.contracts import DIGEST
from demo.play import Played
from demo.premises import Premises
from domain.complaint.views.digest import digest_key
from engine.provision import DIGESTS
from letters.channels.maildir import file_name

_A_WEEK: Final = 7
"""Mornings that are tried: one of them is open everywhere."""


class Told(NamedTuple):
    """What became of the digest of one mailbox."""

    mailbox: str
    said: str
    """`told 3`, or why there is none."""
    file: Path | None
    """Where it lies in the outbox."""


async def send_digests(premises: Premises, played: Sequence[Played]) -> list[Told]:
    """What became of each mailbox's digest, on the first morning after the stories that is open."""
    settings, told = premises.settings, dict[str, Told]()
    zone = ZoneInfo(settings.digest_time_zone)
    ends = [each.events[-1].at.astimezone(zone).date() for each in played if each.events]
    for days in range(1, _A_WEEK + 1) if ends else ():
        day = max(ends) + timedelta(days=days)
        at = datetime.combine(day, time(settings.digest_hour), zone)
        outcome: dict[str, str] = await premises.env.client.execute_workflow(
            DIGEST, at, id=f"{DIGESTS.id_for(settings.task_queue)}:{day}",
            task_queue=settings.task_queue, result_type=dict[str, str],
        )  # fmt: skip
        for box, said in outcome.items():
            fate = await premises.ledger.fate(digest_key(box, day))
            name = file_name(fate.message_id) if fate.message_id else None
            file = premises.folder.outbox / "new" / name if name else None
            told[box] = Told(box, said, file)
        if any(each.file for each in told.values()):
            break
    return list(told.values())
