"""What letters recall: a day that one says it told stands in an earlier letter.

Owns which letter recalls which of its facts. It is asked of every story that is played, by `watching`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator

from domain.notices import Notice, NoticeKind

ALWAYS: dict[NoticeKind, tuple[str, ...]] = {
    NoticeKind.REMEDY_POSTPONED: ("old_due",),
    NoticeKind.REMEDY_MISSED: ("missed_due",),  # "it should have been done by": the reply said so
    NoticeKind.INFORMATION_OVERDUE: ("answer_by",),  # "we asked you for the following by"
    NoticeKind.INFORMATION_REMINDER: ("answer_by",),
    NoticeKind.INFORMATION_LAPSED: ("answer_by",),
    NoticeKind.WINDOW_CLOSED: ("window_closed",),  # "and told you that you could take it further until"
    NoticeKind.APPOINTMENT_NOT_ATTENDED: ("appointment_day",),
    NoticeKind.APPOINTMENT_LAPSED: ("appointment_day",),
}  # fmt: skip
"""The facts that each says, in whatever words, that the reader has been told."""
SOMETIMES = (NoticeKind.APOLOGY, NoticeKind.DELAY_WARNING, NoticeKind.REASON_GIVEN)
"""Letters that say so where there was a date before, or of something that was undertaken."""


def check_recalled(notice: Notice, before: Iterable[Notice], untold: Collection[str] = ()) -> None:
    """Raise `AssertionError` where the letter recalls a day that no earlier one names.

    `untold` are the promises of which one letter told for many, after an outage: theirs say "there was a new date".
    """
    before = tuple(before)
    if notice.facts.get("promise_text") in untold or _without_a_date(notice, before):
        return
    told = [json.dumps(each.facts) for each in before]
    for what, day in _recalled(notice):
        assert any(day in each for each in told), f"{notice.key} recalls {what} {day}: never told"


def _without_a_date(notice: Notice, before: tuple[Notice, ...]) -> bool:
    """Whether an apology before it could name no new date: the pinned calendar did not reach so far."""
    promise = notice.facts.get("promise_text")
    apologies = (each for each in before if each.kind is NoticeKind.APOLOGY)
    return any(
        each.facts["promise_text"] == promise and not each.facts["new_due"] for each in apologies
    )


def _recalled(notice: Notice) -> Iterator[tuple[str, str]]:
    facts, kind = notice.facts, notice.kind
    for name in ALWAYS.get(kind, ()):
        if facts.get(name):
            yield name, facts[name]
    if kind is NoticeKind.APOLOGY and facts["again"]:
        yield "missed_due", facts["missed_due"]  # "the new date was"
    if kind is NoticeKind.DELAY_WARNING and facts["again"]:
        yield "promised_by", facts["promised_by"]  # "there is a new date"
    if kind is NoticeKind.REASON_GIVEN:
        yield from (("due", one["due"]) for one in facts["not_done"])
