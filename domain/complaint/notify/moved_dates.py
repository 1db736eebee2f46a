"""Dates that have moved, told: to the customer in a letter, to staff in the timeline.

Owns the words and facts. Which dates move is in `policies.rescheduling`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.calendar.pinned import in_words
from domain.complaint.notify.compose import tell
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind


def tell_moved(
    complaint: Complaint, event: Any, *, reason: str | None = None, version: str | None = None
) -> Iterator[Notice]:
    """A letter with each date that has moved, if any has."""
    dates = moved_facts(complaint, event)
    if dates:
        yield from tell(
            complaint, event, NoticeKind.DATES_CORRECTED, reason=reason, charter_version=version,
            moved=dates,
        )  # fmt: skip


def moved_facts(complaint: Complaint, event: Any) -> list[dict[str, Any]]:
    """Each moved date with the words of its promise or remedy, as facts of a letter.

    A chance is no date that the customer waits for, nor is one that they were not told.
    """
    promises, remedies = complaint.rules.promises, {r.number: r for r in complaint.remedies}
    untold = {clock.id for clock in complaint.clocks if clock.untold}
    texts = [
        (promises[each.promise].promise.text, each)
        for each in event.moved
        if each.clock not in untold
        and each.promise in promises
        and not promises[each.promise].promise.gives_way_to
    ]
    texts += [(remedies[each.remedy].text, each) for each in getattr(event, "remedies", ())]
    return [
        {
            "promise_text": text,
            "old_due": each.old_due.isoformat(),
            "new_due": each.new_due.isoformat(),
            "late": getattr(each, "late", False),
        }
        for text, each in texts
    ]


def moved_line(event: Any) -> str:
    """The dates that an event moved, for the timeline."""
    said = [(each.promise, each) for each in event.moved]
    said += [(f"remedy {each.remedy}", each) for each in event.remedies]
    dates = "; ".join(
        f"{what} from {in_words(each.old_due)} to {in_words(each.new_due)}" for what, each in said
    )
    return f"Moved: {dates or 'no date'}."
