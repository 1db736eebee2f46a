"""What a reply undertakes: the items on the wire, the commitments that they become, the remedies kept.

Owns their shape and how an item becomes a commitment: its kind, its date, who has it done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from domain import value
from domain.calendar.counting import DayCount, day_zero, due_day, explain
from domain.calendar.pinned import in_words
from domain.charter.feature_tables import RemedyTerms
from domain.charter.rules import Rules
from domain.complaint.features.remedies.kinds import DONE, done_already, kind_of
from domain.complaint.state import Complaint
from domain.complaint.values import Remedy
from domain.errors import ConflictOfInterest, InvalidCommand
from domain.vocabulary import RemedyKind, RemedyState, Role
from domain.wire import Day, Line, Person, Wire

MOST = 20
"""How many commitments one reply can make: each is followed up on its own."""


class RemedyItem(Wire):
    """One remedy of a reply: what is put right and, where it is not the charter's, by whom and when."""

    text: Line = Field(description="What is put right.")
    kind: RemedyKind | None = Field(
        default=None, description="Left out: what its words say, or a recommendation at its stage."
    )
    owner: Person | None = Field(
        default=None, description="Who has it done. Left out: the charter's role."
    )
    due: Day | None = Field(default=None, description="By when. Left out: as the charter says.")
    done: bool = Field(
        default=False, description="Whether it has been done already, as a text `done: …` says."
    )


def _form(given: object) -> str:
    return "text" if isinstance(given, str) else "item"


RemedyGiven = Annotated[
    Annotated[Line, Tag("text")] | Annotated[RemedyItem, Tag("item")], Discriminator(_form)
]
"""One remedy of a reply as it comes in: its text alone, or an object."""


@value(frozen=True, slots=True)
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
    done: bool = False
    """Whether it had been done when the reply said so: nothing is owed."""
    text_cy: str = ""
    """The same in Welsh, where it was given."""


def texts_of(items: Sequence[str | RemedyItem]) -> tuple[str, ...]:
    """What each item says; of what has been done already, with the mark that says so."""
    return tuple(f"{DONE}{text}" if done else text for text, done in map(_read, items))


def _read(item: str | RemedyItem) -> tuple[str, bool]:
    """What an item says, and whether that has been done already."""
    text, done = (item, False) if isinstance(item, str) else (item.text, item.done)
    did = done_already(text)
    return (did, True) if did else (text, done)


def commitments_of(
    complaint: Complaint, items: Sequence[str | RemedyItem], now: datetime
) -> tuple[PromisedRemedy, ...]:
    """The commitments that the items of a reply make at that instant (UTC), after those made before.

    None where the charter follows nothing up. Raises `InvalidCommand`, `ConflictOfInterest` or
    `BeyondCalendar`.
    """
    terms = complaint.rules.charter.remedies
    if terms is None:
        _check_plain(items, complaint.rules)
        return ()
    if len(items) > MOST:
        raise InvalidCommand(
            f"remedies: there are {len(items)}.", f"One reply makes {MOST} commitments at most."
        )
    return tuple(
        _commitment(complaint, terms, item, now, number)
        for number, item in enumerate(items, start=len(complaint.remedies) + 1)
    )


def _check_plain(items: Sequence[str | RemedyItem], rules: Rules) -> None:
    for place, item in enumerate(items):
        if isinstance(item, RemedyItem) and {"kind", "owner", "due"} & item.model_fields_set:
            raise InvalidCommand(
                f"remedies.{place}: {rules.charter.id} does not follow remedies up.",
                "Give its text alone, or add the table [remedies] to the charter.",
            )


def _commitment(
    complaint: Complaint, terms: RemedyTerms, item: str | RemedyItem, now: datetime, number: int
) -> PromisedRemedy:
    stage, given = complaint.at_stage, None if isinstance(item, str) else item
    text, done = _read(item)
    recommends = stage.recommends or stage.role is Role.INDEPENDENT_ASSESSOR
    usual = RemedyKind.RECOMMENDATION if recommends and not done else kind_of(text)
    kind, owner = (given.kind or usual, given.owner) if given else (usual, None)
    if owner and owner.identity in complaint.kept_away:
        raise ConflictOfInterest(
            f"{owner.name} has a declared conflict of interest.",
            "Somebody else has to put it right.",
        )
    role, calendar = terms.owner_role_for(kind), complaint.rules.calendar
    if done:
        return _done_already(given, calendar.local_day(now), (number, text, kind, owner, role))
    if given and given.due:
        check_day(given.due, complaint.rules, now, "due")
        return PromisedRemedy(number, text, kind, owner, role, given.due)
    budget = terms.within_for(kind).budget
    start = day_zero(calendar, now, budget)
    return PromisedRemedy(number, text, kind, owner, role, due_day(calendar, start, budget), start)


def _done_already(
    given: RemedyItem | None, today: date, said: tuple[int, str, RemedyKind, Person | None, Role]
) -> PromisedRemedy:
    """What is only put on record. Raises `InvalidCommand` where it is both done and still to come."""
    if said[2] is RemedyKind.RECOMMENDATION or (given and given.due):
        raise InvalidCommand(
            f"remedies: {said[1][:60]!r} is said to be done, and is still to come.",
            "What is recommended, or has a date, is not done yet.",
        )
    return PromisedRemedy(*said, due=today, done=True)


def with_welsh(
    commitments: tuple[PromisedRemedy, ...], said: Mapping[str, Any] | None
) -> tuple[PromisedRemedy, ...]:
    """The commitments with their texts in Welsh, each in its place; as they are without any."""
    texts = (said or {}).get("remedies")
    if not (texts and commitments):
        return commitments
    plain = (done_already(text) or text for text in texts)
    return tuple(replace(one, text_cy=text) for one, text in zip(commitments, plain, strict=True))


def remedies_said(said: Any, facts: list[Any]) -> dict[str, Any]:
    """The remedies of a reply as facts of its letter and, where it gave them, in Welsh as well."""
    texts = said.said_in_welsh("remedies")
    if not texts:
        return {"remedies": facts}
    plain = (done_already(text) or text for text in texts)
    in_welsh = [
        text if isinstance(fact, str) else fact | {"text": text}
        for fact, text in zip(facts, plain, strict=True)
    ]
    return {"remedies": facts, "remedies_cy": in_welsh}


def remedies_of(
    commitments: Sequence[PromisedRemedy], stage: str, at: datetime
) -> Iterator[Remedy]:
    """What the complaint keeps of each commitment of a reply."""
    for made in commitments:
        yield Remedy(
            number=made.number, text=made.text, kind=made.kind, owner=made.owner,
            text_cy=made.text_cy, owner_role=made.owner_role, stage=stage, promised_at=at, due=made.due,
            counted_from=made.counted_from, dated_at=at,
            state=RemedyState.DONE if made.done else RemedyState.OWED,
            settled_at=at if made.done else None, reason=made.text if made.done else None,
        )  # fmt: skip


def remedy_facts(texts: Sequence[str], commitments: Sequence[PromisedRemedy]) -> list[Any]:
    """What a reply puts right, for its letter: in words alone or, where it is followed up, with its date."""
    if not commitments:
        read = ((text, done_already(text)) for text in texts)
        return [{"text": did, "done": True, "recommended": False} if did else text
                for text, did in read]  # fmt: skip
    return [
        {
            "text": made.text,
            "due": None if made.done else made.due.isoformat(),
            "recommended": made.kind is RemedyKind.RECOMMENDATION,
            "done": made.done,
        }
        for made in commitments
    ]


def facts_by_now(complaint: Complaint, said: Any) -> list[Any]:
    """The same for a reply that is sent again: with a date only what is still owed by one."""
    kept = {each.number: each for each in complaint.remedies}
    texts: list[Any] = remedy_facts(said.remedies, said.commitments)
    for made, fact in zip(said.commitments, texts, strict=False):
        day = kept[made.number].waits_for
        fact["due"] = day.isoformat() if day else None
    return [fact if isinstance(fact, str) or fact["due"] else fact["text"] for fact in texts]


def count_of(remedy: Remedy, rules: Rules) -> DayCount | None:
    """How its day was counted, or none where somebody named it. Raises `BeyondCalendar`."""
    terms, start = rules.charter.remedies, remedy.counted_from
    if terms is None or start is None or remedy.missed:
        return None
    return explain(rules.calendar, start, remedy.due, terms.within_for(remedy.kind).budget)


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
