"""What a reply undertakes: the items on the wire, and the commitments that they become.

Owns their shape and how an item becomes a commitment: its kind, its date, who has it done. Must not
import the complaint: what follows from a commitment is in `remedy` and does not end with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from domain.calendar.counting import DayCount, day_zero, due_day, explain, in_words
from domain.charter.remedy_terms import RemedyTerms
from domain.charter.rules import Rules
from domain.charter.tables import Stage
from domain.errors import ConflictOfInterest, InvalidCommand
from domain.vocabulary import RemedyKind, Role
from domain.wire import Day, Line, Person, Wire

MOST = 20
"""How many commitments one reply can make: each is followed up on its own."""


class RemedyItem(Wire):
    """One remedy of a reply: what is put right and, where it is not the charter's, by whom and when."""

    text: Line
    kind: RemedyKind | None = None
    owner: Person | None = None
    due: Day | None = None


def _form(given: object) -> str:
    return "text" if isinstance(given, str) else "item"


RemedyGiven = Annotated[
    Annotated[Line, Tag("text")] | Annotated[RemedyItem, Tag("item")], Discriminator(_form)
]
"""One remedy of a reply as it comes in: its text alone, or an object."""


@dataclass(frozen=True, slots=True)
class PromisedRemedy:
    """One remedy as it was undertaken; `number` counts those of the complaint, over all replies."""

    number: int
    text: str
    kind: RemedyKind
    owner: Person | None
    owner_role: Role
    """Whose it is where nobody is named, and whose mailbox hears of it."""
    due: date
    counted_from: date | None = None
    """Day 0 of the count; none where the reply named the date."""


def texts_of(items: Sequence[str | RemedyItem]) -> tuple[str, ...]:
    """What the customer is told of each item."""
    return tuple(item if isinstance(item, str) else item.text for item in items)


def commitments_of(
    items: Sequence[str | RemedyItem],
    rules: Rules,
    stage: Stage,
    barred: frozenset[str],
    now: datetime,
    *,
    after: int,
) -> tuple[PromisedRemedy, ...]:
    """The commitments that the items of a reply make at that instant (UTC), numbered from `after` + 1.

    None where the charter follows nothing up. `barred` are the identities of those with a declared
    conflict. Raises `InvalidCommand`, `ConflictOfInterest` or `BeyondCalendar`.
    """
    terms = rules.charter.remedies
    if terms is None:
        _check_plain(items, rules)
        return ()
    if len(items) > MOST:
        raise InvalidCommand(
            f"remedies: there are {len(items)}.", f"One reply makes {MOST} commitments at most."
        )
    return tuple(
        _commitment(item, rules, terms, stage, barred, now, number)
        for number, item in enumerate(items, start=after + 1)
    )


def _check_plain(items: Sequence[str | RemedyItem], rules: Rules) -> None:
    for place, item in enumerate(items):
        if isinstance(item, RemedyItem) and {"kind", "owner", "due"} & item.model_fields_set:
            raise InvalidCommand(
                f"remedies.{place}: {rules.charter.id} does not follow remedies up.",
                "Give its text alone, or add the table [remedies] to the charter.",
            )


def _commitment(
    item: str | RemedyItem, rules: Rules, terms: RemedyTerms, stage: Stage,
    barred: frozenset[str], now: datetime, number: int,
) -> PromisedRemedy:  # fmt: skip
    given = RemedyItem(text=item) if isinstance(item, str) else item
    recommends = stage.recommends or stage.role is Role.INDEPENDENT_ASSESSOR
    kind = given.kind or (RemedyKind.RECOMMENDATION if recommends else RemedyKind.CORRECTION)
    if given.owner and given.owner.identity in barred:
        raise ConflictOfInterest(
            f"{given.owner.name} has a declared conflict of interest.",
            "Somebody else has to put it right.",
        )
    role = terms.owner_role_for(kind)
    if given.due:
        check_day(given.due, rules, now, "due")
        return PromisedRemedy(number, given.text, kind, given.owner, role, given.due)
    budget = terms.within_for(kind).budget
    start = day_zero(rules.calendar, now, budget)
    due = due_day(rules.calendar, start, budget)
    return PromisedRemedy(number, given.text, kind, given.owner, role, due, start)


def remedy_facts(texts: Sequence[str], commitments: Sequence[PromisedRemedy]) -> list[Any]:
    """What a reply puts right, for its letter: in words alone or, where it is followed up, with its date."""
    if not commitments:
        return list(texts)
    return [
        {
            "text": made.text,
            "due": made.due.isoformat(),
            "recommended": made.kind is RemedyKind.RECOMMENDATION,
        }
        for made in commitments
    ]


def count_of(commitment: PromisedRemedy, rules: Rules) -> DayCount | None:
    """How its date was counted, or none where the reply named it. Raises `BeyondCalendar`."""
    terms, start = rules.charter.remedies, commitment.counted_from
    if terms is None or start is None:
        return None
    budget = terms.within_for(commitment.kind).budget
    return explain(rules.calendar, start, commitment.due, budget)


def check_day(day: date, rules: Rules, now: datetime, field: str) -> None:
    """Raise `InvalidCommand` unless the day is a working day that lies ahead, or `BeyondCalendar`."""
    calendar = rules.calendar
    if now >= calendar.close_of_business(day):
        today = in_words(calendar.local_day(now))
        raise InvalidCommand(f"{field}: {day} has passed.", f"A working day after {today}.")
    if closed := calendar.why_closed(day):
        raise InvalidCommand(
            f"{field}: {day} is a closed day ({closed}).",
            f"The next working day is {calendar.next_working_day(day)}.",
        )
