"""The day's digest among the specimens: what waits in a few stories on one morning, for each mailbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from domain.charter.rules import Rules
from domain.complaint.views.digest import Item, digest_of, item_of
from domain.notices import Notice
from letters.specimens.player import Played


def daily(rules: Rules, stories: Iterable[Played]) -> Iterator[Notice]:
    """One digest for each mailbox, on the last day of the stories."""
    boxes: dict[str, list[Item]] = {}
    roles: dict[str, str] = {}
    played = list(stories)
    today: date = max(rules.calendar.local_day(story.now) for story in played)
    for story in played:
        for notice in story.notices:
            box = notice.recipient.email if notice.waits else None
            found = (
                item_of(story.complaint, story.events[notice.event - 1], notice, today)
                if box
                else None
            )
            if box and found:
                boxes.setdefault(box, []).append(found)
                roles.setdefault(box, notice.recipient.name)
    for box, items in boxes.items():
        yield digest_of(box, today, played[0].complaint, roles[box], items)
